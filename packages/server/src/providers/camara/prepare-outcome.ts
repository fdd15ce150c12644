import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { PrepareOutcome } from '../port.ts';
import { correlatorOf, paymentFinding, reasonOf } from './payment-finding.ts';
import { inDoubt, oddSuccess, refusedInDoubt, type ReadAnswer, type Refusal } from './refusal.ts';

/** CAMARA's documented refusals of prepare and the reasons they leave us with. A refused prepare makes no payment. */
const reasons: Readonly<Record<string, DeclineReason>> = {
  '400 INVALID_CREDENTIAL': 'no_reason',
  '400 INVALID_TOKEN': 'no_reason',
  '400 INVALID_SINK': 'no_reason',
  '403 CARRIER_BILLING.PAYMENT_DENIED': 'no_reason',
  '404 IDENTIFIER_NOT_FOUND': 'unknown_number',
  '422 SERVICE_NOT_APPLICABLE': 'service_barred',
  '422 MISSING_IDENTIFIER': 'no_reason',
  '422 UNNECESSARY_IDENTIFIER': 'no_reason',
  '422 CARRIER_BILLING.UNAUTHORIZED_AMOUNT': 'amount_too_large',
  '422 CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED': 'limit_day',
};

/** What an answer to prepare means. `isRepeat`: an earlier prepare with this correlator may have arrived. */
export function prepareOutcome(answer: ReadAnswer, correlator: string, isRepeat: boolean): PrepareOutcome {
  if (answer.kind === 'refusal') return refused(answer, isRepeat);
  if (answer.kind !== 'good') return answer;
  const finding = answer.status === 201 ? paymentFinding(answer.body) : null;
  if (!finding) return oddSuccess(answer.status);
  const echoed = correlatorOf(answer.body);
  if (echoed !== null && echoed !== correlator) return inDoubt("answered with another call's payment", true);
  return { kind: 'found', finding };
}

function refused(refusal: Refusal, isRepeat: boolean): PrepareOutcome {
  const { status, code, denialCode } = refusal;
  if (code === null) return refusedInDoubt(refusal, true);
  // The one code for a correlator that was used before, whose payment may stand.
  if (status === 400 && code === 'INVALID_ARGUMENT') return refusedInDoubt(refusal);
  if (denialCode !== null) return { kind: 'denied', reason: reasonOf(denialCode) };
  // On a repeat the other open session may be our own.
  if (status === 409) return isRepeat ? refusedInDoubt(refusal) : { kind: 'denied', reason: 'another_payment_open' };
  const reason = reasons[`${status} ${code}`];
  return reason ? { kind: 'denied', reason } : refusedInDoubt(refusal, true);
}
