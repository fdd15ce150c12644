import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { operatorIds } from '../operators/operator.ts';
import type { RefundEvent } from '../refund/refund-events.ts';
import {
  currentSale,
  paymentStatus,
  saleStates,
  type Payment,
  type RefundOperation,
  type SaleCallKind,
  type SaleOperation,
} from './payment.ts';
import { PAGE_RETRIES } from './rules.ts';
import { Scenario } from './scenario.ts';
import type { Finding, SaleEvent } from './sale-events.ts';
import { dueAt, wake } from './sale-times.ts';

const RUNS = 1_000;
const statuses = [
  'pending_code',
  'reserved',
  'in_work',
  'charged',
  'denied',
  'cancelled',
  'not_found',
  'unclear',
] as const;
const calls: readonly SaleCallKind[] = ['prepare', 'validate', 'resend', 'confirm', 'cancel'];

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const finding: fc.Arbitrary<Finding> = fc
  .record({
    status: fc.constantFrom(...statuses),
    providerPaymentId: optional(fc.constantFrom('P1', 'P1', 'P2')),
    authorizationId: optional(fc.constantFrom('A1', 'A2')),
    codeExpiresAt: optional(fc.integer({ min: 900_000, max: 4_000_000 })),
    resendAllowedAt: optional(fc.integer({ min: 900_000, max: 4_000_000 })),
    resendsLeft: optional(fc.nat(3)),
    wrongCodes: optional(fc.nat(9)),
    operator: optional(fc.constantFrom(...operatorIds)),
    sum: optional(
      fc.constantFrom(100_000, 100_000, 99_999).map((amountMinor) => ({ amountMinor, currency: 'KZT' }) as const),
    ),
  })
  .map(
    (told) => Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as unknown as Finding,
  );

type Step = (s: Scenario) => void;

/** An attempt as an event may name it: the current call's, an older one's. */
const attempts = fc
  .constantFrom(0, 0, 0, 1, 2)
  .map((back) => (of: { attempt: number }) => Math.max(1, of.attempt - back));
const source = fc.constantFrom('answer', 'look_up', 'notice');

/** The newest sale, which speaks for the payment, or an older one of it. */
const anySale = fc.constantFrom(0, 0, 0, 0, 1, 2).map((back) => (s: Scenario): SaleOperation => {
  return s.payment.sales.at(-1 - back) ?? s.sale;
});

const found = fc.tuple(source, finding, attempts, anySale).map(([from, what, attempt, which]): Step => (s) => {
  const sale = which(s);
  s.when({ type: 'found', source: from, finding: what, attempt: attempt(sale) }, sale.operationNo);
});
const callEnds = fc
  .tuple(fc.nat(8), attempts, fc.constantFrom(...calls), fc.boolean(), anySale)
  .map(([kind, at, other, flag, which]): Step => (s) => {
    const sale = which(s);
    const call = sale.pendingCall?.kind ?? other;
    const attempt = at(sale);
    const ends: readonly SaleEvent[] = [
      { type: 'answer_lost', call, attempt, suspicious: flag },
      { type: 'not_sent', call, attempt, isRepeat: flag },
      { type: 'not_sent', call, attempt },
      ...(call === 'prepare' || call === 'validate' || call === 'confirm'
        ? [{ type: 'call_denied', call, attempt, reason: 'charge_failed' } as const]
        : []),
      ...(call === 'validate' ? [{ type: 'code_rejected', attempt, reason: flag ? 'wrong' : 'expired' } as const] : []),
      ...(call === 'resend'
        ? [{ type: 'code_resent', attempt, facts: {} } as const, { type: 'resend_refused', attempt } as const]
        : []),
    ];
    const end = ends[kind % ends.length];
    if (end) s.when(end, sale.operationNo);
  });
const asked = fc
  .tuple(
    anySale,
    fc.constantFrom<SaleEvent>(
      { type: 'code_submitted', requestId: 'q', repeatsLive: false },
      { type: 'code_submitted', requestId: 'q', repeatsLive: false },
      { type: 'code_submitted', requestId: 'q', repeatsLive: true },
      { type: 'resend_requested' },
      { type: 'resend_requested' },
      { type: 'given_up' },
      { type: 'payer_left' },
      { type: 'tries_over' },
      { type: 'breaker_open' },
      { type: 'settled', as: 'succeeded' },
      { type: 'settled', as: 'declined' },
      { type: 'look_up_unanswered' },
      { type: 'lease_expired' },
      { type: 'deadline_passed' },
      { type: 'deadline_unanswered' },
      { type: 'open_for_a_day' },
      { type: 'retry_due' },
    ),
  )
  .map(
    ([which, event]): Step =>
      (s) =>
        void s.when(event, which(s).operationNo),
  );
/** A payer who tries again: mostly once the operator has let go of the last one, which the first step brings about. */
const triesAgain = fc.tuple(fc.boolean(), fc.boolean()).map(([settles, twice]): Step => (s) => {
  const after = s.sale.operationNo;
  if (settles && s.sale.state === 'awaiting_code') s.when({ type: 'given_up' });
  if (settles && s.sale.state === 'declined') s.lookUp({ status: 'cancelled' });
  s.tryAgain({ after });
  if (twice) s.tryAgain({ after });
});
const refundAsked = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 70_000 })), fc.nat(5))
  .map(([amountMinor, id]): Step => (s) => {
    s.requestRefund({ amountMinor, merchantRefundId: `m${id}`, requestDigest: `${amountMinor}` });
  });
const refundEvent = fc
  .tuple(
    fc.nat(9),
    source,
    fc.constantFrom('in_work', 'succeeded', 'denied', 'not_found', 'unclear'),
    fc.nat(99),
    attempts,
  )
  .map(([kind, from, status, which, at]): Step => (s) => {
    const refund = s.payment.refunds[which % Math.max(1, s.payment.refunds.length)];
    if (!refund) return;
    const attempt = at(refund);
    const events: readonly RefundEvent[] = [
      { type: 'refund_found', source: from, finding: { status, providerRefundId: `R${refund.operationNo}` }, attempt },
      { type: 'refund_found', source: from, finding: { status }, attempt },
      { type: 'not_sent', call: 'refund', attempt },
      { type: 'answer_lost', call: 'refund', attempt, suspicious: false },
      { type: 'look_up_unanswered' },
      { type: 'lease_expired' },
      { type: 'retry_due' },
      { type: 'open_for_a_day' },
      { type: 'settled', as: 'succeeded' },
      { type: 'settled', as: 'declined' },
    ];
    const event = events[kind];
    if (event) s.whenRefund(event, refund.operationNo);
  });

const wait = fc
  .constantFrom(0, 500, 2_000, 5_000, 15_000, 40_000, 80_000, 300_000, 1_800_000, 86_400_000)
  .map((ms): Step => (s) => {
    s.pass(ms);
  });
/** The sweeper's part: sleeps until the next thing is due and does it. What was done must not be due again at once. */
const sweep = fc.tuple(finding, fc.boolean()).map(([what, silent]): Step => (s) => {
  const operations = [...s.payment.sales, ...s.payment.refunds];
  for (const { operationNo } of operations) {
    const find = () =>
      [...s.payment.sales, ...s.payment.refunds].find((operation) => operation.operationNo === operationNo);
    const operation = find();
    const at = operation && dueAt(operation);
    if (!operation || at === null || at === undefined) continue;
    s.now = Math.max(s.now, at);
    const due = wake(operation, s.now);
    assert.ok(due, 'due, yet nothing to do');
    if (due !== 'look_up') act(s, operation, { type: due });
    else if (silent) act(s, operation, { type: 'look_up_unanswered' });
    else if ('wrongCodes' in operation) {
      s.when({ type: 'found', source: 'look_up', finding: what, attempt: operation.attempt }, operationNo);
    } else {
      const status = what.status === 'charged' ? 'succeeded' : what.status === 'denied' ? 'denied' : 'not_found';
      s.whenRefund(
        { type: 'refund_found', source: 'look_up', finding: { status }, attempt: operation.attempt },
        operationNo,
      );
    }
    const after = find();
    assert.ok(after && wake(after, s.now) !== due, `${due} is due again at once in ${after?.state}`);
  }
});

function act(s: Scenario, operation: SaleOperation | RefundOperation, event: { readonly type: string }): void {
  if ('wrongCodes' in operation) s.when(event as SaleEvent, operation.operationNo);
  else s.whenRefund(event as RefundEvent, operation.operationNo);
}

const step = fc.oneof(
  { weight: 5, arbitrary: found },
  { weight: 4, arbitrary: callEnds },
  { weight: 4, arbitrary: asked },
  { weight: 3, arbitrary: sweep },
  { weight: 2, arbitrary: wait },
  { weight: 2, arbitrary: refundEvent },
  { weight: 1, arbitrary: refundAsked },
  { weight: 2, arbitrary: triesAgain },
);
const life = fc.record({
  state: fc.constantFrom(...saleStates),
  confirmIsIdempotent: fc.boolean(),
  validateCharges: fc.boolean(),
  bestBeforeAt: fc.option(fc.integer({ min: 1_030_000, max: 3_000_000 })),
  retries: fc.constantFrom(null, PAGE_RETRIES, { allowed: 1, windowMs: 60_000 }),
  steps: fc.array(step, { maxLength: 40, size: 'max' }),
});

const isFinished = (operation: { state: string }) => operation.state === 'succeeded' || operation.state === 'declined';

function checkPayment(payment: Payment): void {
  assert.ok(payment.refundedMinor >= 0 && payment.heldMinor >= 0);
  assert.ok(payment.refundedMinor + payment.heldMinor <= payment.sum.amountMinor, 'more given back than was paid');
  const sum = (state: string) =>
    payment.refunds
      .filter((refund) => refund.kind === 'refund' && refund.state === state)
      .reduce((total, refund) => total + refund.sum.amountMinor, 0);
  assert.equal(payment.heldMinor, sum('sending'));
  assert.equal(payment.refundedMinor, sum('succeeded'));
  for (const { operationNo } of payment.sales) {
    const reversals = payment.refunds.filter(
      (refund) => refund.kind === 'reversal' && refund.saleOperationNo === operationNo,
    );
    assert.ok(reversals.length <= 1, 'two reversals of one sale');
  }
}

/** One sale at a time: whatever is older has been declined for good, and only the newest may leave the payer a try. */
function checkSales(payment: Payment): void {
  const [newest, ...older] = payment.sales.toReversed();
  assert.ok(newest);
  for (const sale of older) {
    assert.equal(sale.state, 'declined', 'a sale was begun beside another');
    assert.equal(sale.tryAgainUntil, null);
  }
  assert.ok(payment.sales.length <= 1 + (payment.retries?.allowed ?? 0), 'too many tries');
  const correlators = new Set([...payment.sales, ...payment.refunds].map(({ correlator }) => correlator));
  assert.equal(correlators.size, payment.sales.length + payment.refunds.length);
}

function checkOperations(payment: Payment): void {
  for (const sale of payment.sales) {
    assert.ok(sale.resendsUsed >= 0 && sale.resendsUsed <= 3);
    assert.ok(sale.wrongCodes <= 5);
    if (!isFinished(sale)) assert.notEqual(dueAt(sale), null, `${sale.state} is stuck`);
    if (sale.pendingCall) assert.notEqual(dueAt(sale), null, 'a call nobody waits for');
    assert.equal(sale.declineReason !== null, sale.state === 'declined');
  }
  for (const refund of payment.refunds) {
    assert.equal(dueAt(refund) === null, isFinished(refund), `refund ${refund.state}`);
  }
}

function checkChange(before: Payment, s: Scenario): void {
  const { payment, last } = s;
  for (const old of [...before.sales, ...before.refunds]) {
    const now = [...payment.sales, ...payment.refunds].find((other) => other.operationNo === old.operationNo);
    assert.ok(now);
    if (isFinished(old)) assert.equal(now.state, old.state, 'a finished operation moved');
    assert.ok(now.attempt >= old.attempt);
    const ordered = last.orders.filter((order) => order.operationNo === old.operationNo && order.kind !== 'look_up');
    assert.ok(ordered.length <= 1, 'two calls at once');
    for (const order of ordered) assert.ok(order.attempt > old.attempt && order.attempt === now.attempt);
    const results = last.tells.filter((tell) => tell.operationNo === old.operationNo && tell.kind === 'result').length;
    const told = !('kind' in old) || old.kind === 'refund';
    const ended = !isFinished(old) && isFinished(now);
    const triesEnded = hasTries(old) && !hasTries(now) && payment.sales.length === before.sales.length;
    assert.equal(results, told && (ended || triesEnded) ? 1 : 0, 'each finish, and the end of the tries, is told once');
  }
  if (payment.sales.length > before.sales.length) checkNewSale(before, s);
  assert.equal(payment.eventCount, before.eventCount + last.log.length);
  checkPayment(payment);
  checkSales(payment);
  checkOperations(payment);
}

const hasTries = (operation: object): boolean =>
  'tryAgainUntil' in operation && typeof operation.tryAgainUntil === 'number';

function checkNewSale(before: Payment, { payment, now }: Scenario): void {
  const last = currentSale(before);
  assert.equal(payment.sales.length, before.sales.length + 1);
  assert.ok(last.tryAgainUntil !== null && now < last.tryAgainUntil, 'a try after the last one');
  for (const sale of before.sales) {
    assert.ok(
      !sale.pendingCall && sale.retryAt === null && sale.lookUpAt === null,
      'begun before the cancel has ended',
    );
  }
}

test('whatever happens, in whatever order: no throw, no stuck state, no spin, no money lost', () => {
  fc.assert(
    fc.property(life, ({ state, confirmIsIdempotent, validateCharges, bestBeforeAt, retries, steps }) => {
      const settings = { confirmIsIdempotent, validateCharges };
      const s = Scenario.in(state, { settings, sale: { bestBeforeAt, retries } });
      s.watchers.push(checkChange);
      for (const take of steps) take(s);
    }),
    { numRuns: RUNS },
  );
});

test('without a second confirm where confirms are not idempotent', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const s = Scenario.in('confirming', { settings: { confirmIsIdempotent: false } });
      let maySend = false;
      s.watchers.push((_before, after, event) => {
        const confirms = after.last.orders.filter((order) => order.kind === 'confirm');
        assert.ok(confirms.length === 0 || maySend, 'a confirm that may have arrived was sent again');
        if (confirms.length > 0) maySend = false;
        if (event?.type === 'not_sent') maySend = true;
      });
      for (const take of steps) take(s);
    }),
    { numRuns: RUNS },
  );
});

/** Lets time do its work, the operator silent. */
function leaveAlone(s: Scenario, until: number): void {
  const dueOf = (sale: SaleOperation): number => dueAt(sale) ?? Infinity;
  for (let rounds = 0; rounds < 300 * s.payment.sales.length; rounds++) {
    const [sale] = s.payment.sales.toSorted((a, b) => dueOf(a) - dueOf(b));
    if (!sale || dueOf(sale) > until) return;
    s.now = Math.max(s.now, dueOf(sale));
    const due = wake(sale, s.now);
    act(s, sale, { type: due === 'look_up' ? 'look_up_unanswered' : (due ?? '') });
  }
  throw new Error('asks too often');
}

test('left alone, every purchase comes to rest or before a person within two days', () => {
  fc.assert(
    fc.property(life, ({ state, validateCharges, retries, steps }) => {
      const s = Scenario.in(state, { settings: { validateCharges }, sale: { retries } });
      for (const take of steps) take(s);
      leaveAlone(s, s.now + 2 * 86_400_000);
      for (const sale of s.payment.sales) {
        assert.ok(isFinished(sale) || sale.incidentRaised, sale.state);
        if (sale.pendingCall) assert.ok(sale.incidentRaised);
      }
      assert.notEqual(paymentStatus(s.payment), 'awaiting_payer', 'the payer is waited for without an end');
    }),
    { numRuns: RUNS },
  );
});
