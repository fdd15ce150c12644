import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import { paymentStatus, type SaleOperation } from '@rocketpay/core/payment/payment.ts';
import type { Blame, Evidence, StoredPayment } from './evidence.ts';

/** Ends that we decide ourselves, and the only states that they may end. */
const ours: readonly DeclineReason[] = [
  'attempts_spent',
  'no_code_in_time',
  'threshold',
  'best_before',
  'first_call_unanswered',
  'operator_unreachable',
  'operator_disabled',
  'breaker_open',
  'not_a_mobile_number',
  'given_up',
];

/** Each payment lived by the rules: no decline out of silence, no code written down, nothing acknowledged lost. */
export function checkLives({ payments, operator, acknowledged }: Evidence, blame: Blame): void {
  for (const stored of payments) {
    const accuse = (says: string): void => blame(says, stored.payment.paymentId);
    const live = stored.payment.sales.filter((sale) => sale.state !== 'succeeded' && sale.state !== 'declined');
    if (live.length > 1) accuse('Two sale operations are live at once.');
    const paid = stored.payment.sales.filter((sale) => sale.state === 'succeeded');
    if (paid.length > 1) accuse('Two sale operations have been paid.');
    if (paymentStatus(stored.payment) === 'awaiting_payer') accuse('A payer is still waited for after days.');
    for (const sale of stored.payment.sales) checkDecline(sale, stored, operator.hasDenied.bind(operator), accuse);
    checkEvents(stored, accuse);
  }
  const byKey = new Map(payments.map((stored) => [stored.payment.paymentKey, stored]));
  for (const { key, paymentId, what, requestId } of acknowledged) {
    const stored = byKey.get(key.paymentKey);
    if (!stored || !isKept(stored, what, requestId)) blame(`A ${what} was acknowledged and is not stored.`, paymentId);
  }
}

function checkDecline(
  { state, declineReason, correlator, operationNo }: SaleOperation,
  { events }: StoredPayment,
  hasDenied: (correlator: string, reason: DeclineReason) => boolean,
  accuse: (says: string) => void,
): void {
  if (state !== 'declined' || declineReason === null) return;
  if (!ours.includes(declineReason)) {
    if (!hasDenied(correlator, declineReason))
      accuse(`The sale is declined as "${declineReason}", which the operator never said.`);
    return;
  }
  const end = events.find((event) => event.operationNo === operationNo && event.detail['to'] === 'declined');
  if (end?.detail['from'] === 'confirming') accuse('A confirmation was ended without the word of the operator.');
}

function checkEvents({ payment, events, incidents }: StoredPayment, accuse: (says: string) => void): void {
  if (events.some((event, index) => event.eventNo !== index + 1)) accuse('The events are not numbered without a gap.');
  if (JSON.stringify([payment, events, incidents]).includes('otp-')) accuse('A code was written down.');
  const ended = new Set<number>();
  for (const { operationNo, detail } of events) {
    if (typeof detail['to'] !== 'string' || detail['from'] === detail['to']) continue;
    if (ended.has(operationNo)) accuse(`Operation ${operationNo} left a finished state.`);
    if (detail['to'] === 'succeeded' || detail['to'] === 'declined') ended.add(operationNo);
  }
}

function isKept({ payment, events }: StoredPayment, what: 'sale' | 'code' | 'refund', requestId: string): boolean {
  if (what === 'sale') return payment.sales[0]?.requestId === requestId;
  if (what === 'refund') return payment.refunds.some((refund) => refund.requestId === requestId);
  return events.some((event) => event.name === 'code_submitted');
}
