import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { RefundOutcome } from '../port.ts';
import { correlatorOf, reasonOf } from './payment-finding.ts';
import { refundFinding } from './refund-finding.ts';
import { inDoubt, oddSuccess, refusedInDoubt, type ReadAnswer, type Refusal } from './refusal.ts';

/** CAMARA's documented refusals of a refund and the reasons they leave us with. A refused refund makes none. */
const reasons: Readonly<Record<string, DeclineReason>> = {
  '400 INVALID_CREDENTIAL': 'refund_failed',
  '400 INVALID_TOKEN': 'refund_failed',
  '400 INVALID_SINK': 'refund_failed',
  '403 CARRIER_BILLING_REFUND.REFUND_DENIED': 'refund_failed',
  '403 CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND': 'refund_not_allowed',
  '404 NOT_FOUND': 'refund_failed',
  '422 CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT': 'over_refund',
  '422 CARRIER_BILLING_REFUND.USER_AMOUNT_THRESHOLD_OVERPASSED': 'refund_failed',
  '422 CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS': 'refund_not_allowed',
  '422 CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH': 'refund_failed',
  '422 CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH': 'refund_failed',
};

/** What an answer to a refund means; what a no to a repeat is worth is core's to say. */
export function refundOutcome(answer: ReadAnswer, correlator: string): RefundOutcome {
  if (answer.kind === 'refusal') return refused(answer);
  if (answer.kind !== 'good') return answer;
  const finding = answer.status === 201 ? refundFinding(answer.body) : null;
  if (!finding) return oddSuccess(answer.status);
  const echoed = correlatorOf(answer.body);
  if (echoed !== null && echoed !== correlator) return inDoubt("answered with another call's refund", true);
  return { kind: 'found', finding };
}

function refused(refusal: Refusal): RefundOutcome {
  const { status, code, denialCode } = refusal;
  if (code === null) return refusedInDoubt(refusal, true);
  if (status === 400 && code === 'INVALID_ARGUMENT') return refusedInDoubt(refusal);
  const reason = denialCode === null ? reasons[`${status} ${code}`] : reasonOf(denialCode);
  // "Already exists" may be this very refund: taking it for a no would free its sum for a second one.
  return reason ? denied(reason) : refusedInDoubt(refusal, status !== 409);
}

function denied(reason: DeclineReason): RefundOutcome {
  return { kind: 'found', finding: { status: 'denied', reason } };
}
