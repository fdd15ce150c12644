import { paymentKey } from '../payment-key.ts';
import { operatorIds, type RulesByOperator } from '../operators/operator.ts';
import { advanceRefund } from '../refund/advance-refund.ts';
import { requestRefund, type RefundContext, type RefundRequest } from '../refund/new-refund.ts';
import type { RefundEvent } from '../refund/refund-events.ts';
import { advanceSale } from './advance-sale.ts';
import type { Changed, Decision, NewOperationIds } from './decision.ts';
import { createNextSale, createSale, type NewSale, type NextSale } from './new-sale.ts';
import { currentSale, type Payment, type RefundOperation, type SaleOperation, type SaleState } from './payment.ts';
import type { LifecycleSettings } from './rules.ts';
import type { Finding, SaleEvent } from './sale-events.ts';

export const allOn = Object.fromEntries(
  operatorIds.map((id) => [id, { salesEnabled: true, refundsEnabled: true }]),
) as RulesByOperator;

export const usualSettings: LifecycleSettings = {
  prepareDeadlineMs: 90_000,
  clarificationWaitMs: 1_800_000,
  thresholdMs: 3_600_000,
  codeLifeMs: 80_000,
  rules: allOn,
  confirmIsIdempotent: true,
  validateCharges: false,
};

export const usualSale: NewSale = {
  key: { projectId: 1, paymentKey: paymentKey('Order-1') },
  paymentId: 'Order-1',
  requestDigest: 'd1',
  sum: { amountMinor: 100_000, currency: 'KZT' },
  description: null,
  merchantData: null,
  customerId: 'c1',
  accountNumber: '77071234567',
  bestBeforeAt: null,
  callbacks: { url: null, successUrl: null, declineUrl: null, delayMs: 0, disabled: false },
  retries: null,
  candidates: ['TELE2'],
  breakerOpen: false,
};

export const usualRefund: RefundRequest = {
  amountMinor: null,
  currency: null,
  merchantRefundId: null,
  requestDigest: 'r1',
  description: null,
  callbackDelayMs: 0,
  callbacksDisabled: false,
};

export interface ScenarioOptions {
  readonly settings?: Partial<LifecycleSettings>;
  readonly sale?: Partial<NewSale>;
  /** Epoch milliseconds of the request. */
  readonly now?: number;
}

export type Watcher = (before: Payment, after: Scenario, event: SaleEvent | RefundEvent | null) => void;

/** A payment under test: events go through the real lifecycle, and what follows from one is told in a line. */
export class Scenario {
  now: number;
  payment: Payment;
  readonly settings: LifecycleSettings;
  last: Changed;
  /** Called after every change, with the payment as it was and the event, if it was one. */
  readonly watchers: Watcher[] = [];
  #nextId = 1;

  constructor({ settings, sale, now = 1_000_000 }: ScenarioOptions = {}) {
    this.now = now;
    this.settings = { ...usualSettings, ...settings };
    this.last = createSale({ ...usualSale, ...sale }, this.newIds(), now, this.settings);
    this.payment = this.last.payment;
  }

  /** A sale brought to a state by an ordinary purchase; `declined` still has its cancel in flight. */
  static in(state: SaleState, options: ScenarioOptions = {}): Scenario {
    const scenario = new Scenario(options);
    const steps: readonly (readonly [SaleState, () => string])[] = [
      ['preparing', () => ''],
      ['awaiting_code', () => scenario.answer(waiting)],
      ['validating', () => scenario.pass(10_000).submit()],
      ['confirming', () => scenario.answer({ status: 'reserved' })],
      ['succeeded', () => scenario.notice(charge)],
    ];
    if (state === 'declined') {
      scenario.answer(waiting);
      scenario.pass(10_000).when({ type: 'given_up' });
      return scenario;
    }
    for (const [reached, step] of steps) {
      step();
      if (reached === state) break;
    }
    return scenario;
  }

  get sale(): SaleOperation {
    return currentSale(this.payment);
  }

  get refund(): RefundOperation {
    const refund = this.payment.refunds.at(-1);
    if (!refund) throw new Error('no refund yet');
    return refund;
  }

  newIds(): NewOperationIds {
    const operationId = this.#nextId++;
    return { operationId, requestId: `request-${operationId}`, correlator: `correlator-${operationId}` };
  }

  pass(ms: number): this {
    this.now += ms;
    return this;
  }

  /** What follows: the new state (or `=`), calls (`*` marks a repeat), tells and incidents. */
  when(event: SaleEvent, operationNo = this.sale.operationNo): string {
    const state = () => this.payment.sales.find((sale) => sale.operationNo === operationNo)?.state ?? '';
    const before = state();
    const decision = advanceSale(this.payment, operationNo, event, this.#context);
    return this.#take(decision, event) ?? tell(decision as Changed, before, state());
  }

  get #context() {
    return { now: this.now, settings: this.settings, newIds: () => this.newIds() };
  }

  /** The payer tries again. */
  tryAgain(next: Partial<NextSale> = {}): string {
    const { operationNo, accountNumber, candidates } = this.sale;
    const request = { after: operationNo, accountNumber, candidates, breakerOpen: false, ...next };
    const decision = createNextSale(this.payment, request, this.#context);
    return this.#take(decision, null) ?? tell(decision as Changed, '', this.sale.state);
  }

  whenRefund(event: RefundEvent, operationNo = this.refund.operationNo): string {
    const state = (of: Payment) => of.refunds.find((refund) => refund.operationNo === operationNo)?.state ?? '';
    const before = state(this.payment);
    const decision = advanceRefund(this.payment, operationNo, event, this.now);
    return this.#take(decision, event) ?? tell(decision as Changed, before, state(this.payment));
  }

  requestRefund(
    request: Partial<RefundRequest> = {},
    project: Partial<Pick<RefundContext, 'refundsEnabled' | 'refundRepeatWindowMs'>> = {},
  ): string {
    const decision = requestRefund(
      this.payment,
      { ...usualRefund, ...request },
      {
        now: this.now,
        refundsEnabled: true,
        refundRepeatWindowMs: 0,
        rules: this.settings.rules,
        newIds: () => this.newIds(),
        ...project,
      },
    );
    return this.#take(decision, null) ?? tell(decision as Changed, '', this.refund.state);
  }

  submit(repeatsLive = false): string {
    return this.when({ type: 'code_submitted', requestId: `code at ${this.now}`, repeatsLive });
  }

  answer(finding: Finding): string {
    return this.when({ type: 'found', source: 'answer', finding, attempt: this.sale.attempt });
  }

  lookUp(finding: Finding, attempt = this.sale.attempt): string {
    return this.when({ type: 'found', source: 'look_up', finding, attempt });
  }

  notice(finding: Finding): string {
    return this.when({ type: 'found', source: 'notice', finding, attempt: null });
  }

  lost(suspicious = false): string {
    const call = this.sale.pendingCall?.kind ?? 'prepare';
    return this.when({ type: 'answer_lost', call, attempt: this.sale.attempt, suspicious });
  }

  notSent(isRepeat = false): string {
    const call = this.sale.pendingCall?.kind ?? 'prepare';
    return this.when({ type: 'not_sent', call, attempt: this.sale.attempt, isRepeat });
  }

  /** The words of a decision that changes nothing; null for a change, which is taken over. */
  #take(decision: Decision, event: SaleEvent | RefundEvent | null): string | null {
    const before = this.payment;
    switch (decision.kind) {
      case 'refused':
        return `refused: ${decision.refusal.why}`;
      case 'unchanged':
        return 'unchanged';
      case 'repeated':
        return `repeated ${decision.requestId}`;
      case 'changed':
        this.payment = decision.payment;
        this.last = decision;
        for (const watcher of this.watchers) watcher(before, this, event);
        return null;
    }
  }
}

function tell(change: Changed, before: string, after: string): string {
  const calls = change.orders.map((order) => `${order.kind}${order.isRepeat ? '*' : ''}`);
  const tells = change.tells.map(({ kind }) => `tell ${kind}`);
  const incidents = change.incidents.map(() => 'incident');
  return [before === after ? '=' : after, ...calls, ...tells, ...incidents].join(', ');
}

/** What the provider usually says of a session that waits for its code. */
export const waiting: Finding = {
  status: 'pending_code',
  providerPaymentId: 'P1',
  authorizationId: 'A1',
  codeExpiresAt: 1_080_000,
  resendsLeft: 3,
  operator: 'TELE2',
};

export const charge: Finding = {
  status: 'charged',
  providerPaymentId: 'P1',
  sum: { amountMinor: 100_000, currency: 'KZT' },
};
