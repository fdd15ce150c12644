import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import { advanceSale, type AdvanceContext } from '@rocketpay/core/payment/advance-sale.ts';
import type { Decision, NewOperationIds } from '@rocketpay/core/payment/decision.ts';
import { createSale, type NewSale } from '@rocketpay/core/payment/new-sale.ts';
import {
  currentSale,
  type Payment,
  type RefundOperation,
  type SaleOperation,
} from '@rocketpay/core/payment/payment.ts';
import type { LifecycleSettings } from '@rocketpay/core/payment/rules.ts';
import type { SaleEvent } from '@rocketpay/core/payment/sale-events.ts';
import { wake } from '@rocketpay/core/payment/sale-times.ts';
import { advanceRefund } from '@rocketpay/core/refund/advance-refund.ts';
import type { RefundEvent } from '@rocketpay/core/refund/refund-events.ts';
import { requestRefund, type RefundRequest } from '@rocketpay/core/refund/new-refund.ts';
import type { Callbacks } from '../callbacks/callbacks.ts';
import type { Clock } from '../clock.ts';
import type { OperationIds } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Project, Projects } from '../projects/projects.ts';
import type { Notice, Provider } from '../providers/port.ts';
import { callForRefund, callForSale, type CommittedOrder } from './calls.ts';
import { Committer } from './committer.ts';
import { KeyedLock } from './keyed-lock.ts';
import { LiveCodes } from './live-codes.ts';
import type { NoticeAddresses } from './notice-address.ts';
import { RecentPayments } from './recent.ts';
import type { PaymentStore } from './store.ts';

export { createPaymentStore, type PaymentStore } from './store.ts';
export { createNoticeAddresses, type NoticeAddresses, type NoticePath } from './notice-address.ts';
export { digestOf, keyFor, paymentRoutes, unknownPayment } from './routes.ts';
export { noticeRoutes } from './notices.ts';

/** The rules by which payments live; the simulation plants faults by replacing one of them. */
export interface Lifecycle {
  readonly createSale: typeof createSale;
  readonly advanceSale: typeof advanceSale;
  readonly advanceRefund: typeof advanceRefund;
  readonly requestRefund: typeof requestRefund;
}

export const lifecycle: Lifecycle = { createSale, advanceSale, advanceRefund, requestRefund };

export interface PaymentParts {
  readonly store: PaymentStore;
  readonly callbacks: Pick<Callbacks, 'prepareRow' | 'deliverNow'>;
  readonly projects: Projects;
  readonly provider: Provider;
  readonly noticeAddresses: NoticeAddresses;
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: OperationIds;
  readonly settings: () => LifecycleSettings;
  readonly lifecycle?: Lifecycle;
}

export type Created = { readonly kind: 'accepted'; readonly requestId: string } | { readonly kind: 'id_taken' };
export type Changed = Decision | { readonly kind: 'missing' };

type Decide = (payment: Payment, context: AdvanceContext, project: Project) => Decision;

/** How long a first answer is given again to the same request: a merchant that got none repeats within a day. */
const REPEAT_WINDOW_MS = 86_400_000;
const CLAIM_LEASE_MS = 15_000;
const CLAIM_LIMIT = 100;
const RECENT_PAYMENTS = 5_000;
/** A code may wait this long for a resend that is on its way. */
const RESEND_WAIT_MS = 2_000;
const RESEND_POLL_MS = 200;

export type Payments = ReturnType<typeof createPayments>;

/** The payments room: every change of a payment enters here, whoever brings it, and is decided by the lifecycle's tables. */
export function createPayments(parts: PaymentParts) {
  const { store, clock, provider, log } = parts;
  const rules = parts.lifecycle ?? lifecycle;
  const locks = new KeyedLock();
  const recent = new RecentPayments(RECENT_PAYMENTS);
  const codes = new LiveCodes();
  const committer = new Committer({ ...parts, recent });
  const running = new Set<Promise<void>>();
  let waking = 0;
  const callParts = { provider, noticeAddresses: parts.noticeAddresses, codes, monotonicMs: () => clock.monotonicMs() };

  const lockName = (key: PaymentKey): string => `${key.projectId}\n${key.paymentKey}`;

  function keepRunning(task: Promise<void>): void {
    const guarded = task
      .catch((error: unknown) => log.error({ err: error }, 'an effect failed'))
      .finally(() => running.delete(guarded));
    running.add(guarded);
  }

  /** Decides on the newest version of a payment and commits; starts what follows once it is durable. */
  function change(key: PaymentKey, decideOn: Decide): Promise<Changed> {
    return locks.run(lockName(key), async () => {
      const ids = await parts.ids.take();
      let used = false;
      const newIds = (): NewOperationIds => {
        used = true;
        return ids;
      };
      try {
        return await decideAndCommit(key, (payment, project) =>
          decideOn(payment, { now: clock.now(), settings: parts.settings(), newIds }, project),
        );
      } finally {
        if (!used) parts.ids.giveBack(ids);
      }
    });
  }

  async function decideAndCommit(
    key: PaymentKey,
    decideOn: (payment: Payment, project: Project) => Decision,
  ): Promise<Changed> {
    for (;;) {
      const remembered = recent.get(key);
      const payment = remembered ?? (await store.load(key));
      if (!payment) return { kind: 'missing' };
      const project = await parts.projects.find(key.projectId);
      if (!project) return { kind: 'missing' };
      const decision = decideOn(payment, project);
      if (decision.kind !== 'changed') {
        // A no is given only on what is stored now: another process may have moved the payment on.
        if (!remembered) return decision;
        recent.forget(key);
        continue;
      }
      const committed = await committer.commit(payment, decision, project, null);
      if (!committed) continue;
      forgetCodes(payment, committed.payment);
      start(committed.payment, committed.orders);
      return decision;
    }
  }

  function forgetCodes(before: Payment, after: Payment): void {
    for (const sale of before.sales) {
      const now = after.sales.find((other) => other.operationNo === sale.operationNo);
      if (sale.state === 'validating' && now?.state !== 'validating') codes.forget(after, sale.operationNo);
    }
  }

  function start(payment: Payment, orders: readonly CommittedOrder[]): void {
    for (const order of orders) keepRunning(carryOut(payment, order));
  }

  async function carryOut(payment: Payment, order: CommittedOrder): Promise<void> {
    const sale = payment.sales.find((other) => other.operationNo === order.operationNo);
    if (sale) {
      const event = await callForSale(payment, sale, order, callParts);
      if (event) await advance(payment, order.operationNo, event);
      return;
    }
    const refund = payment.refunds.find((other) => other.operationNo === order.operationNo);
    if (refund) await advance(payment, order.operationNo, await callForRefund(payment, refund, order, callParts));
  }

  function decide(
    payment: Payment,
    operationNo: number,
    event: SaleEvent | RefundEvent,
    context: AdvanceContext,
  ): Decision {
    return payment.sales.some((sale) => sale.operationNo === operationNo)
      ? rules.advanceSale(payment, operationNo, event as SaleEvent, context)
      : rules.advanceRefund(payment, operationNo, event as RefundEvent, context.now);
  }

  /** The one way in for whatever happens to an operation of a payment. */
  function advance(key: PaymentKey, operationNo: number, event: SaleEvent | RefundEvent): Promise<Changed> {
    return change(key, (payment, context) => decide(payment, operationNo, event, context));
  }

  /** Commits a new sale and starts it, or resolves to the payment that has its id already. */
  async function startSale(
    project: Project,
    request: NewSale,
    details: Readonly<Record<string, unknown>>,
  ): Promise<Payment | { readonly started: string } | null> {
    const decision = rules.createSale(request, await parts.ids.take(), clock.now(), parts.settings());
    const committed = await committer.commit(null, decision, project, details);
    if (!committed) return store.load(request.key);
    start(committed.payment, committed.orders);
    return { started: currentSale(committed.payment).requestId };
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

    /** Takes a new sale on. The same request again within a day gets the first answer and starts nothing. */
    async create(project: Project, request: NewSale, details: Readonly<Record<string, unknown>>): Promise<Created> {
      return locks.run(lockName(request.key), async () => {
        // A payment is never deleted: one this process has seen settles the matter without a write.
        const payment = recent.get(request.key) ?? (await startSale(project, request, details));
        if (!payment) throw new Error('a payment id is taken by a payment that cannot be read');
        if ('started' in payment) return { kind: 'accepted', requestId: payment.started };
        const repeats =
          payment.requestDigest === request.requestDigest && clock.now() - payment.createdAt < REPEAT_WINDOW_MS;
        const requestId = payment.sales[0]?.requestId;
        return repeats && requestId !== undefined ? { kind: 'accepted', requestId } : { kind: 'id_taken' };
      });
    },

    /** The newest stored version of a payment; null when there is none. */
    find: (key: PaymentKey): Promise<Payment | null> => store.load(key),

    /** A merchant's or payer's code for the current sale. It is held in memory until the operator has judged it. */
    submitCode(key: PaymentKey, code: string, requestId: string): Promise<Changed> {
      return afterResend(() =>
        change(key, (payment, context) => {
          const { operationNo } = currentSale(payment);
          const repeatsLive = codes.repeats(key, operationNo, code);
          const decision = rules.advanceSale(
            payment,
            operationNo,
            { type: 'code_submitted', requestId, repeatsLive },
            context,
          );
          if (decision.kind === 'changed') codes.put(key, operationNo, code, requestId);
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
      return change(key, (payment, { now, newIds, settings }, { refundsEnabled }) =>
        rules.requestRefund(payment, request, { now, refundsEnabled, rules: settings.rules, newIds }),
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

    /** Drives on what is overdue: lost answers, deadlines, retries, questions. Returns how many operations it took on. */
    async sweep(): Promise<number> {
      const free = CLAIM_LIMIT - waking;
      if (free <= 0) return 0;
      const due = await store.claimDue(clock.now(), free, CLAIM_LEASE_MS);
      for (const { operationNo, ...key } of due) {
        waking++;
        keepRunning(wakeUp(key, operationNo).finally(() => waking--));
      }
      return due.length;
    },

    /** Resolves when all calls on their way have been answered and written down. */
    async drain(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
  };

  /** Does what is due for an operation now; what it was claimed for may have been overtaken meanwhile. */
  async function wakeUp(key: PaymentKey, operationNo: number): Promise<void> {
    recent.forget(key);
    const asking: Payment[] = [];
    await change(key, (payment, context) => {
      const operation = operationOf(payment, operationNo);
      const what = operation && wake(operation, context.now);
      if (!what) return { kind: 'unchanged' };
      if (what !== 'look_up') return decide(payment, operationNo, { type: what } as SaleEvent | RefundEvent, context);
      asking.push(payment);
      return { kind: 'unchanged' };
    });
    const newest = asking.at(-1);
    const operation = newest && operationOf(newest, operationNo);
    if (!newest || !operation) return;
    const { attempt } = operation;
    const sendBeforeMonotonicMs = Number.POSITIVE_INFINITY;
    await carryOut(newest, { kind: 'look_up', operationNo, attempt, isRepeat: false, sendBeforeMonotonicMs });
  }
}

function operationOf(payment: Payment, operationNo: number): SaleOperation | RefundOperation | undefined {
  return (
    payment.sales.find((sale) => sale.operationNo === operationNo) ??
    payment.refunds.find((refund) => refund.operationNo === operationNo)
  );
}
