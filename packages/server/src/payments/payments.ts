import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Closing } from '@rocketpay/core/payment/decision.ts';
import type { NewSale, NextSale } from '@rocketpay/core/payment/new-sale.ts';
import { currentSale, type Payment } from '@rocketpay/core/payment/payment.ts';
import type { Refusal } from '@rocketpay/core/payment/decision.ts';
import type { SaleEvent } from '@rocketpay/core/payment/sale-events.ts';
import type { RefundEvent } from '@rocketpay/core/refund/refund-events.ts';
import type { RefundRequest } from '@rocketpay/core/refund/new-refund.ts';
import type { Project } from '../projects/projects.ts';
import type { Notice } from '../providers/port.ts';
import { createEngine, type Changed, type PaymentParts } from './engine.ts';
import { WaitingCodes } from './waiting-codes.ts';
import type { Watcher } from './watchers.ts';

export { lifecycle, type Changed, type Lifecycle, type PaymentParts } from './engine.ts';
export { createIncidents, type IncidentRow, type Incidents } from './incidents.ts';
export { createPaymentStore, type PaymentStore } from './store.ts';
export { createNoticeAddresses, type NoticeAddresses } from './notice-address.ts';
export { digestOf, keyFor, paymentRoutes, unknownPayment } from './routes.ts';
export { noticeRoutes } from './notices.ts';
export { requestStatusRoutes } from './request-status.ts';

export type Created = { readonly kind: 'accepted'; readonly requestId: string } | { readonly kind: 'id_taken' };

/** How long a first answer is given again to the same request: a merchant that got none repeats within a day. */
const REPEAT_WINDOW_MS = 86_400_000;
/** How long a request may wait for the operator's answer to an earlier one that stands in its way. */
const PATIENCE_MS = 2_000;
const PATIENCE_POLL_MS = 200;

export type Payments = ReturnType<typeof createPayments>;

/** The payments room: every change of a payment enters here, whoever brings it, and is decided by the lifecycle's tables. */
export function createPayments(parts: PaymentParts) {
  const { store, clock } = parts;
  const { rules, codes, watchers, change, create, decide, advance, sweep, drain } = createEngine(parts);
  const waitingCodes = new WaitingCodes();
  const stopping = new AbortController();

  function firstAnswerAgain(payment: Payment, request: NewSale): Created {
    const recent = clock.now() - payment.createdAt < REPEAT_WINDOW_MS;
    const requestId = payment.sales[0]?.requestId;
    const repeats = recent && payment.requestDigest === request.requestDigest && requestId !== undefined;
    return repeats ? { kind: 'accepted', requestId } : { kind: 'id_taken' };
  }

  /** Tries `attempt` again while it is refused for what is about to pass, and somebody still wants it. */
  async function patiently(
    passing: Refusal['why'],
    patienceMs: number,
    attempt: () => Promise<Changed>,
    isWanted = (): boolean => true,
  ): Promise<Changed> {
    const until = clock.monotonicMs() + patienceMs;
    for (;;) {
      const result = await attempt();
      const isPassing = result.kind === 'refused' && result.refusal.why === passing;
      if (!isPassing || stopping.signal.aborted || clock.monotonicMs() >= until) return result;
      await clock.sleep(PATIENCE_POLL_MS, stopping.signal);
      if (!isWanted()) return result;
    }
  }

  return {
    advance,
    sweep,
    drain,

    /** Requests that wait for an operator's answer are answered at once from now on, so that the server can close. */
    stopWaiting: (): void => stopping.abort(),

    /** Takes a new sale on. The same request again within a day gets the first answer and starts nothing. */
    create(project: Project, request: NewSale, details: Readonly<Record<string, unknown>>): Promise<Created> {
      return create<Created>(project, request, details, {
        started: (payment) => ({ kind: 'accepted', requestId: currentSale(payment).requestId }),
        found: (payment) => firstAnswerAgain(payment, request),
      });
    },

    /** The newest stored version of a payment; null when there is none. */
    find: (key: PaymentKey): Promise<Payment | null> => store.load(key),

    /** The payment that has the sale or refund which this request began; null when there is none. */
    findByRequest: (projectId: number, requestId: string): Promise<Payment | null> =>
      store.findByRequest(projectId, requestId),

    /**
     * A merchant's or payer's code for the current sale. It is held in memory until the operator has judged it. While a resend
     * is under way it waits, for two seconds unless told otherwise, then refuses with `resend_in_flight`; at once when another
     * code of the payment comes. The same code again shares its end.
     */
    submitCode(key: PaymentKey, code: string, requestId: string, patienceMs = PATIENCE_MS): Promise<Changed> {
      let meantFor: number | undefined;
      const attempt = (): Promise<Changed> =>
        change(key, (payment, context) => {
          const { operationNo, codeRequestId } = currentSale(payment);
          meantFor ??= operationNo;
          if (operationNo !== meantFor) return { kind: 'refused', refusal: { why: 'code_not_awaited' } };
          const repeatsLive = codes.repeats(key, operationNo, codeRequestId, code);
          const event = { type: 'code_submitted', requestId, repeatsLive } as const;
          const decision = rules.advanceSale(payment, operationNo, event, context);
          if (decision.kind === 'changed') codes.put(key, operationNo, code, requestId, context.now);
          return decision;
        });
      return waitingCodes.submit(key, code, requestId, (isNewest) =>
        patiently('resend_in_flight', patienceMs, attempt, isNewest),
      );
    },

    requestResend(key: PaymentKey): Promise<Changed> {
      return change(key, (payment, context) =>
        rules.advanceSale(payment, currentSale(payment).operationNo, { type: 'resend_requested' }, context),
      );
    },

    /**
     * A payer tries again, perhaps with another number: the payment's next sale operation. A second wish after the same
     * declined operation is answered by what the first began (`repeated`). While the operator still owes the end of the last
     * one's cancel it waits two seconds, then refuses with `cancel_pending`: to be asked again.
     */
    beginNextSale(key: PaymentKey, next: NextSale): Promise<Changed> {
      return patiently('cancel_pending', PATIENCE_MS, () =>
        change(key, (payment, context) => rules.createNextSale(payment, next, context)),
      );
    },

    /**
     * A payer lets go of a sale whose code is awaited: it is declined and cancelled at the operator. Said again, or of an
     * operation that has ended, it changes nothing.
     */
    giveUp(key: PaymentKey, operationNo: number): Promise<Changed> {
      return change(key, (payment, context) => {
        const sale = payment.sales.find((other) => other.operationNo === operationNo);
        if (!sale) return { kind: 'refused', refusal: { why: 'not_possible' } };
        if (sale.state === 'declined') return { kind: 'unchanged' };
        return rules.advanceSale(payment, operationNo, { type: 'given_up' }, context);
      });
    },

    /**
     * A payer leaves for good: the payment is declined finally, whatever tries are left. Where a code is awaited that sale is
     * given up; while the operator is asked it is refused, for nobody knows the end yet. Said again it changes nothing.
     */
    endRetries(key: PaymentKey): Promise<Changed> {
      return change(key, (payment, context) =>
        rules.advanceSale(payment, currentSale(payment).operationNo, { type: 'payer_left' }, context),
      );
    },

    /**
     * Hears of each change of a payment that this process commits, until the returned function is called. Changes that
     * another process commits are seen by `find` only.
     */
    watch: (key: PaymentKey, watcher: Watcher): (() => void) => watchers.add(key, watcher),

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

    /**
     * A person's decision on an operation with an open incident: ends it, tells the merchant, closes the incident and is
     * written down, in one commit. Refused for one that has ended otherwise, or that no incident has put before a person.
     */
    settle(key: PaymentKey, { operationNo, ...word }: Omit<Closing, 'at'>): Promise<Changed> {
      return change(key, (payment, context) => {
        const operation = [...payment.sales, ...payment.refunds].find((other) => other.operationNo === operationNo);
        const endedOtherwise = operation?.state === (word.as === 'succeeded' ? 'declined' : 'succeeded');
        if (!operation || endedOtherwise) return { kind: 'refused', refusal: { why: 'not_possible' } };
        const decision = decide(payment, operationNo, { type: 'settled', as: word.as }, context);
        return decision.kind === 'changed'
          ? { ...decision, closing: { operationNo, ...word, at: context.now } }
          : decision;
      });
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
