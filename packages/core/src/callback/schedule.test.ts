import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalMs, MAX_ATTEMPTS, waitAfterMs } from './schedule.ts';

const attempts = Array.from({ length: MAX_ATTEMPTS }, (_, index) => index + 1);
const FOUR_HOURS_MS = 14_400_000;

test('120 attempts: 6 intervals of ten seconds, 62 that grow, 52 of four hours', () => {
  const intervals = attempts.map(intervalMs);
  const quick = intervals.filter((ms) => ms === 10_000);
  const slow = intervals.filter((ms) => ms === FOUR_HOURS_MS);
  assert.deepEqual([quick.length, 120 - quick.length - slow.length, slow.length], [6, 62, 52]);
  assert.deepEqual(
    intervals,
    intervals.toSorted((a, b) => a - b),
  );
});

test('the growing ones run from 84 seconds to 14 194 and last 37.8 hours', () => {
  const growing = attempts.map(intervalMs).slice(6, 68);
  const seconds = growing.map((ms) => Math.round(ms / 1_000));
  assert.deepEqual([...seconds.slice(0, 4), seconds.at(-1)], [84, 86, 88, 90, 14_194]);
  assert.equal((growing.reduce((sum, ms) => sum + ms, 0) / 3_600_000).toFixed(1), '37.8');
});

test('all intervals together are 10.24 days; attempts 2 to 7 come ten seconds apart', () => {
  const days = attempts.map(intervalMs).reduce((sum, ms) => sum + ms, 0) / 86_400_000;
  assert.equal(days.toFixed(2), '10.24');
  assert.deepEqual([1, 6, 7].map(waitAfterMs), [10_000, 10_000, 84_049]);
});

test('nothing follows the last attempt', () => {
  assert.equal(waitAfterMs(119), FOUR_HOURS_MS);
  assert.equal(waitAfterMs(120), null);
});
