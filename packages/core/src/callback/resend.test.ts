import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallbackRow } from './callback.ts';
import { applyAttempt, claimed, planRelease } from './order.ts';
import { MAX_RESENDS, planResend, RESEND_GAP_MS } from './resend.ts';
import { waitAfterMs } from './schedule.ts';

const NOW = 1_000_000_000;
const url = 'https://shop.example/';

function row(callbackNo: number, choices: Partial<CallbackRow> = {}): CallbackRow {
  return {
    projectId: 1,
    paymentKey: 'p',
    callbackNo,
    url,
    origin: 'https://shop.example',
    body: `{"no":${callbackNo}}`,
    kind: 'result',
    final: true,
    operationId: 1,
    createdAt: 1,
    notBefore: 1,
    state: 'delivered',
    attempts: 1,
    attemptsBefore: 0,
    resends: 0,
    resentAt: null,
    dueAt: null,
    leaseUntil: null,
    ...choices,
  };
}
const question = { kind: 'clarification', final: false } as const;
const waiting = { state: 'waiting', dueAt: NOW + 5_000_000 } as const;

/** What a resend changes: number, state, due time from now on, and attempts before; or why it does not. */
function told(line: CallbackRow[], callbackNo: number): unknown {
  const plan = planResend(line, callbackNo, NOW);
  if (plan.kind === 'refused') return plan.why;
  return plan.changed.map(({ callbackNo: no, state, dueAt, attemptsBefore }) => [
    no,
    state,
    (dueAt ?? 0) - NOW,
    attemptsBefore,
  ]);
}

test('one that was delivered or given up goes again, with a whole new schedule and the same body', () => {
  assert.deepEqual(told([row(1)], 1), [[1, 'waiting', 0, 1]]);
  const exhausted = row(1, { state: 'exhausted', attempts: 120 });
  const plan = planResend([exhausted], 1, NOW);
  assert.ok(plan.kind === 'resent');
  const [again] = plan.changed;
  assert.ok(again);
  assert.deepEqual([again.body, again.callbackNo, again.createdAt], [exhausted.body, 1, 1]);
  const leased = claimed(again, NOW + 30_000);
  const outcome = { kind: 'timeout', status: null, answerStart: null } as const;
  const failed = applyAttempt(leased, { row: leased, startedAt: NOW, endedAt: NOW, latencyMs: 1, outcome });
  assert.deepEqual([failed?.state, failed?.attempts, failed?.dueAt], ['waiting', 121, NOW + (waitAfterMs(1) ?? 0)]);
  const last = { ...leased, attempts: 239 };
  assert.equal(
    applyAttempt(last, { row: last, startedAt: NOW, endedAt: NOW, latencyMs: 1, outcome })?.state,
    'exhausted',
  );
});

test('what came after it follows it in order, and what took no part stays', () => {
  const line = [
    row(1, question),
    row(2, { state: 'superseded', ...question }),
    row(3),
    row(4, { state: 'exhausted', attempts: 120 }),
    row(5, question),
    row(6),
  ];
  assert.deepEqual(told(line, 3), [
    [3, 'waiting', 0, 1],
    [4, 'waiting', 60_000, 120],
    [6, 'waiting', 60_000, 1],
  ]);
  const plan = planResend(line, 3, NOW);
  assert.ok(plan.kind === 'resent');
  const [third, fourth, sixth] = plan.changed;
  assert.ok(third && fourth && sixth);
  const done = { ...third, state: 'delivered', dueAt: null } as const;
  assert.equal(planRelease([done, fourth, sixth], NOW, NOW + 1)?.callbackNo, 4, 'it is set free at once');
});

test('one that waits is tried at once, or whatever it waits for', () => {
  assert.deepEqual(told([row(1, { ...waiting, attempts: 7 })], 1), [[1, 'waiting', 0, 0]]);
  const held = [row(1, waiting), row(2, { ...waiting, attempts: 0 })];
  assert.deepEqual(told(held, 2), [[1, 'waiting', 0, 0]]);
  assert.deepEqual(told([row(1, waiting), row(2)], 2), [[2, 'waiting', 60_000, 1]]);
  assert.deepEqual(told([row(1, { ...waiting, notBefore: NOW + 9 })], 1), [[1, 'waiting', 9, 0]], 'a delay holds');
});

test('a question that was answered or replaced is not asked again; the newest one is', () => {
  assert.equal(told([row(1, question), row(2)], 1), 'outdated');
  assert.equal(told([row(1, { state: 'superseded', ...question }), row(2, question)], 1), 'outdated');
  assert.deepEqual(told([row(1, question)], 1), [[1, 'waiting', 0, 1]]);
});

test('nothing is sent beside an attempt that is on its way', () => {
  const leaseUntil = NOW + 1;
  assert.equal(told([row(1, { ...waiting, leaseUntil })], 1), 'in_flight');
  assert.equal(told([row(1), row(2, { ...waiting, leaseUntil })], 1), 'in_flight');
  assert.deepEqual(told([row(1, { ...waiting, leaseUntil: NOW })], 1), [[1, 'waiting', 0, 0]]);
});

test('once a minute, and twenty times in all, also by way of an earlier one', () => {
  const resentAt = NOW - RESEND_GAP_MS + 1;
  assert.deepEqual(planResend([row(1, { resends: 1, resentAt })], 1, NOW), {
    kind: 'refused',
    why: 'too_soon',
    allowedAt: NOW + 1,
  });
  assert.equal(told([row(1), row(2, { resends: 1, resentAt })], 1), 'too_soon');
  assert.deepEqual(told([row(1, { resends: 1, resentAt: resentAt - 1 })], 1), [[1, 'waiting', 0, 1]]);
  assert.equal(told([row(1, { resends: MAX_RESENDS, resentAt: 0 })], 1), 'spent');
  assert.equal(told([row(1), row(2, { resends: MAX_RESENDS, resentAt: 0 })], 1), 'spent');
});
