import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { declineCodes, denialReason } from './decline-reasons.ts';
import { callTimeoutMs, lookUpDelayMs, retryDelayMs } from './rules.ts';
import { boundedDeadline, deadlineReason, dueAt, leaseUntil, wake } from './sale-times.ts';
import { Scenario, usualSettings } from './scenario.ts';

test('questions: 5, 15, 30, 60 s, every 5 min for an hour, then hourly', () => {
  const delays = Array.from({ length: 40 }, (_, asked) => lookUpDelayMs(asked));
  assert.deepEqual(delays.slice(0, 4), [5_000, 15_000, 30_000, 60_000]);
  assert.deepEqual(new Set(delays.slice(4, 16)), new Set([300_000]));
  assert.deepEqual(new Set(delays.slice(16)), new Set([3_600_000]));
  const upTo = (asked: number) => delays.slice(0, asked).reduce((total, delay) => total + delay, 0);
  assert.equal(upTo(16), 110_000 + 3_600_000);
  assert.ok(upTo(38) < 86_400_000 && upTo(39) > 86_400_000, 'about forty questions a day');
});

test('what was not sent is sent again after 2, 5, 10, 30 s, then every minute', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 1_000].map(retryDelayMs), [2_000, 5_000, 10_000, 30_000, 60_000, 60_000, 60_000]);
});

test('a lease outlasts its call by 10 s and ends with the doubt', () => {
  const s = new Scenario();
  assert.equal(leaseUntil(s.sale), s.now + callTimeoutMs.prepare + 10_000);
  s.lost();
  assert.equal(leaseUntil(s.sale), null);
});

describe('a deadline', () => {
  test('is the earliest of the wait, best_before and the threshold', () => {
    const { payment } = new Scenario();
    const { createdAt } = payment;
    const end = createdAt + usualSettings.thresholdMs;
    assert.equal(boundedDeadline(payment, createdAt + 1, usualSettings), createdAt + 1);
    assert.equal(boundedDeadline(payment, end + 1, usualSettings), end);
    assert.equal(boundedDeadline({ ...payment, bestBeforeAt: 5 }, end, usualSettings), 5);
  });

  test('bounds the first call, the wait, and what restarts it', () => {
    const s = new Scenario({ sale: { bestBeforeAt: 1_060_000 } });
    assert.equal(s.sale.deadlineAt, 1_060_000);
    const long = Scenario.in('awaiting_code', { settings: { clarificationWaitMs: 9_000_000 } });
    assert.equal(long.sale.deadlineAt, long.payment.createdAt + 3_600_000);
    long.submit();
    assert.equal(long.sale.deadlineAt, long.payment.createdAt + 3_600_000);
  });

  test('says which of the ends has come', () => {
    const first = new Scenario();
    const code = Scenario.in('awaiting_code');
    const reason = (s: Scenario, now: number) => deadlineReason(s.payment, s.sale, now, s.settings);
    assert.equal(reason(first, 1_090_000), 'first_call_unanswered');
    assert.equal(reason(code, 2_800_000), 'no_code_in_time');
    assert.equal(reason(code, 4_600_000), 'threshold');
    const bound = Scenario.in('awaiting_code', { sale: { bestBeforeAt: 4_600_000 } });
    assert.equal(reason(bound, 4_600_000), 'best_before');
    assert.equal(declineCodes.no_code_in_time, '603');
    assert.equal(declineCodes.first_call_unanswered, '20602');
  });
});

test('the most urgent comes first; a finished sale has nothing to come', () => {
  const s = new Scenario();
  assert.equal(wake(s.sale, s.now), null);
  assert.equal(wake(s.sale, s.now + 20_000), 'lease_expired');
  s.pass(90_000).when({ type: 'deadline_passed' });
  assert.equal(dueAt(s.sale), s.now + 5_000);
  assert.equal(wake(s.sale, s.now + 60_000), 'deadline_unanswered');
  const done = Scenario.in('succeeded');
  assert.equal(dueAt(done.sale), null);
  assert.equal(wake(done.sale, Infinity), null);
});

test("an operator's denial code is its reason; one we do not know is another than none", () => {
  assert.equal(denialReason('insufficient_balance'), 'insufficient_balance');
  assert.equal(denialReason('something_new'), 'unknown_reason');
  assert.equal(denialReason('toString'), 'unknown_reason');
  assert.equal(denialReason(''), 'no_reason');
  assert.equal(denialReason(null), 'no_reason');
});
