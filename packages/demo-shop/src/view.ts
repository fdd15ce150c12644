import { phoneOf, type Order, type Refund } from './orders.ts';
import { statusWord } from './page/words.ts';
import type { StoredCallback } from './store.ts';

/** An order as the shop tells it to programs; names follow the platform's. */
export function orderView(order: Order, callbacks: readonly StoredCallback[]): object {
  const { clarification } = order;
  return {
    payment_id: order.paymentId,
    started_here: order.startedHere,
    created_at: new Date(order.createdAt).toISOString(),
    status: statusWord(order),
    code: order.code,
    message: order.message,
    sum_initial: { amount: order.amountMinor, currency: order.currency },
    sum: { amount: order.leftMinor, currency: order.currency },
    phone: phoneOf(order),
    operator: order.operator,
    goods: order.goods,
    request_id: order.requestId,
    problem: order.problem,
    clarification_info: clarification && {
      reason: clarification.reason,
      attempts_left: clarification.attemptsLeft,
      expires_at: clarification.expiresAt?.toISOString(),
      resend_allowed_at: clarification.resendAllowedAt?.toISOString(),
      resends_left: clarification.resendsLeft,
    },
    refunds: order.refunds.map(refundView),
    callbacks: callbacks.map(callbackView),
  };
}

const refundView = (refund: Refund): object => ({
  merchant_refund_id: refund.merchantRefundId,
  request_id: refund.requestId,
  amount: refund.amountMinor,
  state: refund.state,
  code: refund.code,
  message: refund.message,
});

const callbackView = (callback: StoredCallback): object => ({
  seq: callback.seq,
  received_at: new Date(callback.receivedAt).toISOString(),
  times: callback.times,
  kind: callback.kind,
  body: JSON.parse(callback.body) as unknown,
});
