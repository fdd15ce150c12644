import type { Decision } from '@rocketpay/core/payment/decision.ts';
import type { Payment, RefundOperation, SaleOperation } from '@rocketpay/core/payment/payment.ts';
import type { Lifecycle, PaymentStore } from '@rocketpay/server/payments/payments.ts';
import type { Provider } from '@rocketpay/server/providers/port.ts';

/** A fault put in at one of the platform's seams; the product knows nothing of it. */
export interface Plant {
  readonly lifecycle?: (real: Lifecycle) => Lifecycle;
  readonly provider?: (real: Provider) => Provider;
  readonly store?: (real: PaymentStore) => PaymentStore;
}

export const plants: Readonly<Record<string, Plant>> = {
  'silence-is-decline': {
    lifecycle: (real) => ({
      ...real,
      advanceSale(payment, operationNo, event, context) {
        const taken =
          event.type === 'answer_lost'
            ? ({ ...event, type: 'call_denied', reason: 'operator_unavailable' } as const)
            : event;
        return real.advanceSale(payment, operationNo, taken, context);
      },
    }),
  },
  'double-confirm': {
    provider: (real) => ({
      ...real,
      async confirm(call, isRepeat) {
        const outcome = await real.confirm(call, isRepeat);
        if (outcome.kind !== 'accepted' && outcome.kind !== 'in_doubt') return outcome;
        return real.confirm({ ...call, correlator: `${call.correlator}-again` }, true);
      },
    }),
  },
  'effect-before-commit': {
    store: (real) => ({
      ...real,
      async commit(change) {
        void real.commit(change);
        return { kind: 'committed', readyCallbacks: change.callbacks.map((row) => row.callbackNo) };
      },
    }),
  },
  'refund-sum-unguarded': {
    lifecycle: (real) => ({
      ...real,
      requestRefund: (payment, request, context) =>
        unheld(real.requestRefund({ ...payment, refundedMinor: 0 }, request, context)),
      advanceRefund: (payment, operationNo, event, now) => unheld(real.advanceRefund(payment, operationNo, event, now)),
    }),
  },
  'sale-beside-cancel': {
    lifecycle: (real) => ({
      ...real,
      createNextSale(payment, request, context) {
        const settled = payment.sales.map((sale) => ({ ...sale, pendingCall: null, retryAt: null, lookUpAt: null }));
        const decision = real.createNextSale({ ...payment, sales: settled }, request, context);
        if (decision.kind !== 'changed') return decision;
        const sales = decision.payment.sales.map((sale, index) => {
          const before = payment.sales[index];
          return before ? { ...before, tryAgainUntil: null } : sale;
        });
        return { ...decision, payment: { ...decision.payment, sales } };
      },
    }),
  },
  'lease-reruns-call': {
    lifecycle: (real) => ({
      ...real,
      advanceSale(payment, operationNo, event, context) {
        const rerun = event.type === 'lease_expired';
        const taken = rerun ? ({ type: 'retry_due' } as const) : event;
        return real.advanceSale(
          rerun ? asIfNotSent(payment, operationNo, context.now) : payment,
          operationNo,
          taken,
          context,
        );
      },
      advanceRefund(payment, operationNo, event, now) {
        const rerun = event.type === 'lease_expired';
        const taken = rerun ? ({ type: 'retry_due' } as const) : event;
        return real.advanceRefund(rerun ? asIfNotSent(payment, operationNo, now) : payment, operationNo, taken, now);
      },
    }),
  },
};

/** The decision without the sums that guard a payment against the next refund. */
function unheld(decision: Decision): Decision {
  if (decision.kind !== 'changed') return decision;
  const { payment } = decision;
  const refundedMinor = Math.min(payment.refundedMinor, payment.sum.amountMinor);
  return { ...decision, payment: { ...payment, heldMinor: 0, refundedMinor } };
}

/** The payment with one operation's call taken for one that never left and is to be made again. */
function asIfNotSent(payment: Payment, operationNo: number, now: number): Payment {
  const again = <Operation extends SaleOperation | RefundOperation>(operation: Operation): Operation =>
    operation.operationNo === operationNo ? { ...operation, pendingCall: null, retryAt: now } : operation;
  return { ...payment, sales: payment.sales.map(again), refunds: payment.refunds.map(again) };
}
