import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { CancelOutcome, ConfirmOutcome } from '../port.ts';
import { reasonOf } from './payment-finding.ts';
import { oddSuccess, refusedInDoubt, type ReadAnswer, type Refusal } from './refusal.ts';

/** What an answer to confirm means: money may have moved, so only a first call's plain no is one. */
export function confirmOutcome(answer: ReadAnswer, isRepeat: boolean): ConfirmOutcome {
  if (answer.kind === 'refusal') {
    const denied = !isRepeat && isPlainNo(answer);
    return denied ? { kind: 'denied', reason: confirmReason(answer) } : refusedInDoubt(answer, answer.status === 404);
  }
  if (answer.kind !== 'good') return answer;
  return answer.status === 202 ? { kind: 'accepted' } : oddSuccess(answer.status);
}

function isPlainNo({ status, code }: Refusal): boolean {
  return (status === 403 && code === 'CARRIER_BILLING.PAYMENT_DENIED') || (status === 422 && code !== null);
}

function confirmReason({ code, denialCode }: Refusal): DeclineReason {
  return denialCode === null && code === 'SERVICE_NOT_APPLICABLE' ? 'service_barred' : reasonOf(denialCode);
}

/** What an answer to cancel means; a refusal may mean cancelled, lapsed or charged, and only asking tells which. */
export function cancelOutcome(answer: ReadAnswer): CancelOutcome {
  if (answer.kind === 'refusal') return refusedInDoubt(answer);
  if (answer.kind !== 'good') return answer;
  return answer.status === 202 ? { kind: 'accepted' } : oddSuccess(answer.status);
}
