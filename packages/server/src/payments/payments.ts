import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { NewSale } from '@rocketpay/core/payment/new-sale.ts';
import { currentSale, type Payment } from '@rocketpay/core/payment/payment.ts';
import type { SaleEvent } from '@rocketpay/core/payment/sale-events.ts';
import type { RefundEvent } from '@rocketpay/core/refund/refund-events.ts';
import type { RefundRequest } from '@rocketpay/core/refund/new-refund.ts';
import type { Project } from '../projects/projects.ts';
import type { Notice } from '../providers/port.ts';
import { createEngine, type Changed, type PaymentParts } from './engine.ts';

export { lifecycle, type Changed, type Lifecycle, type PaymentParts } from './engine.ts';
export { createPaymentStore, type PaymentStore } from './store.ts';
export { createNoticeAddresses, type NoticeAddresses } from './notice-address.ts';
export { digestOf, keyFor, paymentRoutes, unknownPayment } from './routes.ts';
export { noticeRoutes } from './notices.ts';

export type Created = { readonly kind: 'accepted'; readonly requestId: string } | { readonly kind: 'id_taken' };

/** How long a first answer is given again to the same request: a merchant that got none repeats within a day. */
const REPEAT_WINDOW_MS = 86_400_000;
/** A code may wait this long for a resend that is on its way. */
const RESEND_WAIT_MS = 2_000;
const RESEND_POLL_MS = 200;

export type Payments = ReturnType<typeof createPayments>;

/** The payments room: every change of a payment enters here, whoever brings it, and is decided by the lifecycle's tables. */
export function createPayments(parts: PaymentParts) {
  const { store, clock } = parts;
  const { rules, codes, change, create, advance, sweep, drain } = createEngine(parts);

  function firstAnswerAgain(payment: Payment, request: NewSale): Created {
    const recent = clock.now() - payment.createdAt < REPEAT_WINDOW_MS;
    const requestId = payment.sales[0]?.requestId;
    const repeats = recent && payment.requestDigest === request.requestDigest && requestId !== undefined;
    return repeats ? { kind: 'accepted', requestId } : { kind: 'id_taken' };
  }

  /** Tries `attempt` again while a resend is in flight, at most two seconds long. */
  async function afterResend(attempt: () => Promise<Changed>): Promise<Changed> {
    const until = clock.monotonicMs() + RESEND_WAIT_MS;
    for (;;) {
      const result = await attempt();
      const inFlight = result.kind === 'refused' && result.refusal.why === 'resend_in_flight';
      if (!inFlight || clock.monotonicMs() >= until) return result;
      await clock.sleep(RESEND_POLL_MS);
    }
  }

  return {
    advance,
    sweep,
    drain,

    /** Takes a new sale on. The same request again within a day gets the first answer and starts nothing. */
    create(project: Project, request: NewSale, details: Readonly<Record<string, unknown>>): Promise<Created> {
      return create<Created>(project, request, details, {
        started: (payment) => ({ kind: 'accepted', requestId: currentSale(payment).requestId }),
        found: (payment) => firstAnswerAgain(payment, request),
      });
    },

    /** The newest stored version of a payment; null when there is none. */
    find: (key: PaymentKey): Promise<Payment | null> => store.load(key),

    /** A merchant's or payer's code for the current sale. It is held in memory until the operator has judged it. */
    submitCode(key: PaymentKey, code: string, requestId: string): Promise<Changed> {
      return afterResend(() =>
        change(key, (payment, context) => {
          const { operationNo } = currentSale(payment);
          const repeatsLive = codes.repeats(key, operationNo, currentSale(payment).codeRequestId, code);
          const decision = rules.advanceSale(
            payment,
            operationNo,
            { type: 'code_submitted', requestId, repeatsLive },
            context,
          );
          if (decision.kind === 'changed') codes.put(key, operationNo, code, requestId, context.now);
          return decision;
        }),
      );
    },

    requestResend(key: PaymentKey): Promise<Changed> {
      return change(key, (payment, context) =>
        rules.advanceSale(payment, currentSale(payment).operationNo, { type: 'resend_requested' }, context),
      );
    },

    requestRefund(key: PaymentKey, request: RefundRequest): Promise<Changed> {
      return change(key, (payment, { now, newIds, settings }, { refundsEnabled, refundRepeatWindowMs }) =>
        rules.requestRefund(payment, request, {
          now,
          refundsEnabled,
          refundRepeatWindowMs,
          rules: settings.rules,
          newIds,
        }),
      );
    },

    /** A provider's notice about one operation: a hint, decided like every other event. */
    takeNotice(key: PaymentKey, operationNo: number, notice: Notice): Promise<Changed> {
      const event: SaleEvent | RefundEvent =
        notice.about === 'sale'
          ? { type: 'found', source: 'notice', finding: notice.finding, attempt: null }
          : { type: 'refund_found', source: 'notice', finding: notice.finding, attempt: null };
      return change(key, (payment, context) => {
        const isSale = payment.sales.some((sale) => sale.operationNo === operationNo);
        const isRefund = payment.refunds.some((refund) => refund.operationNo === operationNo);
        if (event.type === 'found' && isSale) return rules.advanceSale(payment, operationNo, event, context);
        return event.type === 'refund_found' && isRefund
          ? rules.advanceRefund(payment, operationNo, event, context.now)
          : { kind: 'unchanged' };
      });
    },
  };
}
