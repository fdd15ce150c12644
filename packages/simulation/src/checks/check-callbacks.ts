import { currentSale } from '@rocketpay/core/payment/payment.ts';
import { callbackView } from '@rocketpay/server/payments/view.ts';
import type { Arrival } from '../merchant/inbox.ts';
import type { Blame, Evidence, StoredPayment } from './evidence.ts';

/** Every end reached its merchant as it is stored, and nothing came in the wrong order. */
export function checkCallbacks({ payments, arrivals }: Evidence, blame: Blame): void {
  const byPayment = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const { id } = arrival.view.payment;
    byPayment.set(id, [...(byPayment.get(id) ?? []), arrival]);
  }
  for (const stored of payments) {
    const accuse = (says: string): void => blame(says, stored.payment.paymentId);
    const heard = byPayment.get(stored.payment.paymentId) ?? [];
    byPayment.delete(stored.payment.paymentId);
    checkEnds(stored, heard, accuse);
    checkOrder(stored, heard, accuse);
  }
  for (const [paymentId] of byPayment) blame('A merchant heard of a payment that is not stored.', paymentId);
}

function checkEnds({ payment }: StoredPayment, heard: readonly Arrival[], accuse: (says: string) => void): void {
  if (payment.callbacks.disabled) return;
  const told = [...payment.sales, ...payment.refunds.filter((refund) => refund.kind === 'refund')];
  for (const { operationNo, operationId, state } of told) {
    if (state !== 'succeeded' && state !== 'declined') continue;
    // A decline that the payer tried again after is no end: what follows it may be told instead.
    if (payment.sales.some((sale) => sale.operationNo === operationNo && sale !== currentSale(payment))) continue;
    const last = heard.findLast(
      ({ view }) => view.operation.id === operationId && !view.clarification && !view.payment.newAttempts?.available,
    );
    if (!last) {
      accuse(`The end of operation ${operationNo}, ${state}, was never told to the merchant.`);
      continue;
    }
    const { operation } = callbackView(payment, operationNo, {
      providerId: 1,
      now: payment.changedAt,
      form: 'list',
    });
    const [is, should] = [last.view.operation, operation];
    const same =
      is.status === should.status &&
      is.code === should.code &&
      is.requestId === should.requestId &&
      is.initial.amountMinor === should.initial.amountMinor;
    if (!same) accuse(`The merchant was told another end of operation ${operationNo} than is stored.`);
  }
}

function checkOrder(
  { payment, callbacks }: StoredPayment,
  heard: readonly Arrival[],
  accuse: (says: string) => void,
): void {
  const newest = new Map<string, number>();
  for (const { url, body } of heard) {
    const row = callbacks.find((callback) => callback.url === url && callback.body === body);
    if (!row) {
      accuse('A merchant got a callback that is not stored.');
      continue;
    }
    if (row.callbackNo < (newest.get(url) ?? 0))
      accuse(`Callback ${row.callbackNo} came after callback ${newest.get(url)}.`);
    newest.set(url, Math.max(row.callbackNo, newest.get(url) ?? 0));
  }
  const undelivered = callbacks.filter((callback) => callback.final && callback.state !== 'delivered');
  if (undelivered.length > 0)
    accuse(`Callback ${undelivered[0]?.callbackNo} is final and was not acknowledged in the end.`);
  if (JSON.stringify(callbacks).includes('otp-')) accuse(`A callback of ${payment.paymentId} holds a code.`);
}
