import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import { advanceSale, type AdvanceContext } from '@rocketpay/core/payment/advance-sale.ts';
import type { Decision, NewOperationIds } from '@rocketpay/core/payment/decision.ts';
import { createNextSale, createSale, type NewSale } from '@rocketpay/core/payment/new-sale.ts';
import type { Payment, RefundOperation, SaleOperation } from '@rocketpay/core/payment/payment.ts';
import type { LifecycleSettings } from '@rocketpay/core/payment/rules.ts';
import type { SaleEvent } from '@rocketpay/core/payment/sale-events.ts';
import { wake } from '@rocketpay/core/payment/sale-times.ts';
import { advanceRefund } from '@rocketpay/core/refund/advance-refund.ts';
import type { RefundEvent } from '@rocketpay/core/refund/refund-events.ts';
import { requestRefund } from '@rocketpay/core/refund/new-refund.ts';
import type { Callbacks } from '../callbacks/callbacks.ts';
import type { Clock } from '../clock.ts';
import type { OperationIds } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Project, Projects } from '../projects/projects.ts';
import type { OperatorGate } from '../operators/operators.ts';
import type { Provider } from '../providers/port.ts';
import { callForRefund, callForSale, type CommittedOrder } from './calls.ts';
import { Committer } from './committer.ts';
import { KeyedLock } from './keyed-lock.ts';
import { LiveCodes } from './live-codes.ts';
import type { NoticeAddresses } from './notice-address.ts';
import { RecentPayments } from './recent.ts';
import type { PaymentStore } from './store.ts';
import { Watchers } from './watchers.ts';

/** The rules by which payments live; the simulation plants faults by replacing one of them. */
export interface Lifecycle {
  readonly createSale: typeof createSale;
  readonly createNextSale: typeof createNextSale;
  readonly advanceSale: typeof advanceSale;
  readonly advanceRefund: typeof advanceRefund;
  readonly requestRefund: typeof requestRefund;
}

export const lifecycle: Lifecycle = { createSale, createNextSale, advanceSale, advanceRefund, requestRefund };

export interface PaymentParts {
  readonly store: PaymentStore;
  readonly callbacks: Pick<Callbacks, 'prepareRow' | 'deliverNow'>;
  readonly projects: Projects;
  readonly provider: Provider;
  /** What every call to an operator passes. */
  readonly gate: OperatorGate;
  readonly noticeAddresses: NoticeAddresses;
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: OperationIds;
  readonly settings: () => LifecycleSettings;
  readonly lifecycle?: Lifecycle;
}

export type Changed = Decision | { readonly kind: 'missing' };
/** May be asked more than once: a lost race is decided again on the newer version. */
export type Decide = (payment: Payment, context: AdvanceContext, project: Project) => Decision;

const CLAIM_LEASE_MS = 15_000;
const CLAIM_LIMIT = 100;
const RECENT_PAYMENTS = 5_000;

/** Decides, commits, and only then carries out: the one road of every change of a payment. */
export function createEngine(parts: PaymentParts) {
  const { store, clock, provider, log } = parts;
  const rules = parts.lifecycle ?? lifecycle;
  const locks = new KeyedLock();
  const recent = new RecentPayments(RECENT_PAYMENTS);
  const codes = new LiveCodes();
  const watchers = new Watchers(log);
  const committer = new Committer({ ...parts, recent });
  const running = new Set<Promise<void>>();
  let waking = 0;
  const unusable = new Set<number>();
  const { gate, noticeAddresses } = parts;
  const callParts = { provider, gate, noticeAddresses, codes, monotonicMs: () => clock.monotonicMs() };

  function keepRunning(task: Promise<void>): void {
    const guarded = task
      .catch((error: unknown) => log.error({ err: error }, 'an effect failed'))
      .finally(() => running.delete(guarded));
    running.add(guarded);
  }

  /** Decides on the newest version of a payment and commits; starts what follows once it is durable. */
  function change(key: PaymentKey, decideOn: Decide): Promise<Changed> {
    return locks.run(keyText(key), async () => {
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
      watchers.tell(committed.payment);
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
    const event = refund && (await callForRefund(payment, refund, order, callParts));
    if (event) await advance(payment, order.operationNo, event);
  }

  /** What an event means for a sale, refund or reversal of a payment. */
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

  return {
    rules,
    codes,
    watchers,
    change,
    decide,
    advance,

    /**
     * Commits a new sale and starts it. Where its id is taken, `found` is asked what that means: a payment is never deleted,
     * so one this process has seen settles the matter without a write.
     */
    create<Result>(
      project: Project,
      request: NewSale,
      details: Readonly<Record<string, unknown>>,
      answer: { readonly started: (payment: Payment) => Result; readonly found: (payment: Payment) => Result },
    ): Promise<Result> {
      return locks.run(keyText(request.key), async () => {
        const seen = recent.get(request.key);
        if (seen) return answer.found(seen);
        const decision = rules.createSale(request, await parts.ids.take(), clock.now(), parts.settings());
        const committed = await committer.commit(null, decision, project, details);
        if (committed) {
          watchers.tell(committed.payment);
          start(committed.payment, committed.orders);
          return answer.started(committed.payment);
        }
        const payment = await store.load(request.key);
        if (!payment) throw new Error('a payment id is taken by a payment that cannot be read');
        return answer.found(payment);
      });
    },

    /** Drives on what is overdue: lost answers, deadlines, retries, questions. Returns how many operations it took on. */
    async sweep(): Promise<number> {
      codes.purge(clock.now());
      const free = CLAIM_LIMIT - waking;
      if (free <= 0) return 0;
      const due = await store.claimDue(clock.now(), free, CLAIM_LEASE_MS);
      for (const { operationNo, ...key } of due) {
        waking++;
        const decided = wakeUp(key, operationNo).finally(() => waking--);
        keepRunning(decided.then(ask));
      }
      return due.length;
    },

    /** Resolves when all calls on their way have been answered and written down. */
    async drain(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
  };

  /**
   * Does what is due for an operation now; what it was claimed for may have been overtaken meanwhile. Resolves once that is
   * decided, to the question that is left to ask, so that slow answers of the operator hold up no deadline.
   */
  async function wakeUp(key: PaymentKey, operationNo: number): Promise<Question | null> {
    recent.forget(key);
    const questions: Question[] = [];
    const result = await change(key, (payment, context) => {
      const operation = operationOf(payment, operationNo);
      const what = operation && wake(operation, context.now);
      if (!what) return { kind: 'unchanged' };
      if (what !== 'look_up') return decide(payment, operationNo, { type: what } as SaleEvent | RefundEvent, context);
      questions.push({ payment, operationNo, attempt: operation.attempt });
      return { kind: 'unchanged' };
    });
    if (result.kind === 'missing') warnOnce(key.projectId);
    return questions.at(-1) ?? null;
  }

  async function ask(question: Question | null): Promise<void> {
    if (question === null) return;
    const { payment, operationNo, attempt } = question;
    const order = { kind: 'look_up', operationNo, attempt, isRepeat: false, sendBeforeMonotonicMs: Infinity } as const;
    // What finds no place among its operator's questions is due again when its claim ends.
    await carryOut(payment, order);
  }

  function warnOnce(projectId: number): void {
    if (unusable.has(projectId)) return;
    unusable.add(projectId);
    log.warn({ projectId }, 'payments of a project that cannot be used here are overdue and stay as they are');
  }
}

interface Question {
  readonly payment: Payment;
  readonly operationNo: number;
  readonly attempt: number;
}

function operationOf(payment: Payment, operationNo: number): SaleOperation | RefundOperation | undefined {
  return (
    payment.sales.find((sale) => sale.operationNo === operationNo) ??
    payment.refunds.find((refund) => refund.operationNo === operationNo)
  );
}
