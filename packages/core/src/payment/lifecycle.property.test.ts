import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { operatorIds } from '../operators/operator.ts';
import type { RefundEvent } from '../refund/refund-events.ts';
import { saleStates, type Payment, type RefundOperation, type SaleCallKind, type SaleOperation } from './payment.ts';
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

const found = fc.tuple(source, finding, attempts).map(([from, what, attempt]): Step => (s) => {
  s.when({ type: 'found', source: from, finding: what, attempt: attempt(s.sale) });
});
const callEnds = fc
  .tuple(fc.nat(8), attempts, fc.constantFrom(...calls), fc.boolean())
  .map(([kind, at, other, flag]): Step => (s) => {
    const call = s.sale.pendingCall?.kind ?? other;
    const attempt = at(s.sale);
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
    if (end) s.when(end);
  });
const asked = fc
  .constantFrom<SaleEvent>(
    { type: 'code_submitted', requestId: 'q', repeatsLive: false },
    { type: 'code_submitted', requestId: 'q', repeatsLive: false },
    { type: 'code_submitted', requestId: 'q', repeatsLive: true },
    { type: 'resend_requested' },
    { type: 'resend_requested' },
    { type: 'given_up' },
    { type: 'breaker_open' },
    { type: 'settled', as: 'succeeded' },
    { type: 'settled', as: 'declined' },
    { type: 'look_up_unanswered' },
    { type: 'lease_expired' },
    { type: 'deadline_passed' },
    { type: 'deadline_unanswered' },
    { type: 'open_for_a_day' },
    { type: 'retry_due' },
  )
  .map(
    (event): Step =>
      (s) =>
        void s.when(event),
  );
const refundAsked = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 70_000 })), fc.nat(5))
  .map(([amountMinor, id]): Step => (s) => {
    s.requestRefund({ amountMinor, merchantRefundId: `m${id}`, requestDigest: `${amountMinor}` });
  });
const refundEvent = fc
  .tuple(
    fc.nat(6),
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
  const operations = [s.sale, ...s.payment.refunds];
  for (const { operationNo } of operations) {
    const find = () => [s.sale, ...s.payment.refunds].find((operation) => operation.operationNo === operationNo);
    const operation = find();
    const at = operation && dueAt(operation);
    if (!operation || at === null || at === undefined) continue;
    s.now = Math.max(s.now, at);
    const due = wake(operation, s.now);
    assert.ok(due, 'due, yet nothing to do');
    if (due !== 'look_up') act(s, operation, { type: due });
    else if (silent) act(s, operation, { type: 'look_up_unanswered' });
    else if ('wrongCodes' in operation) s.lookUp(what, operation.attempt);
    else {
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
  if ('wrongCodes' in operation) s.when(event as SaleEvent);
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
);
const life = fc.record({
  state: fc.constantFrom(...saleStates),
  confirmIsIdempotent: fc.boolean(),
  validateCharges: fc.boolean(),
  bestBeforeAt: fc.option(fc.integer({ min: 1_030_000, max: 3_000_000 })),
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
  assert.ok(payment.refunds.filter((refund) => refund.kind === 'reversal').length <= 1, 'two reversals');
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
    assert.equal(results, told && !isFinished(old) && isFinished(now) ? 1 : 0, 'each finish is told once');
  }
  assert.equal(payment.eventCount, before.eventCount + last.log.length);
  checkPayment(payment);
  checkOperations(payment);
}

test('whatever happens, in whatever order: no throw, no stuck state, no spin, no money lost', () => {
  fc.assert(
    fc.property(life, ({ state, confirmIsIdempotent, validateCharges, bestBeforeAt, steps }) => {
      const s = Scenario.in(state, { settings: { confirmIsIdempotent, validateCharges }, sale: { bestBeforeAt } });
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

test('left alone, every purchase comes to rest or before a person within two days', () => {
  fc.assert(
    fc.property(life, ({ state, validateCharges, steps }) => {
      const s = Scenario.in(state, { settings: { validateCharges } });
      for (const take of steps) take(s);
      const until = s.now + 2 * 86_400_000;
      for (let rounds = 0; ; rounds++) {
        assert.ok(rounds < 300, 'asks too often');
        const at = dueAt(s.sale);
        if (at === null || at > until) break;
        s.now = Math.max(s.now, at);
        const due = wake(s.sale, s.now);
        act(s, s.sale, { type: due === 'look_up' ? 'look_up_unanswered' : (due ?? '') });
      }
      const waitsForAPerson = s.sale.incidentRaised;
      assert.ok(isFinished(s.sale) || waitsForAPerson, s.sale.state);
      if (s.sale.pendingCall) assert.ok(waitsForAPerson);
    }),
    { numRuns: RUNS },
  );
});
