import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile, spreadOf } from './percentiles.ts';

test('a percentile is one of the values: the least that enough of them do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile(hundred, 0), 1);
  assert.equal(percentile([1, 2, 3], 0.5), 2);
  assert.equal(percentile([7], 0.99), 7);
  assert.ok(Number.isNaN(percentile([], 0.5)));
});

test('a spread sorts by number and leaves its input as it was', () => {
  const durations = [10, 9, 100];
  assert.deepEqual(spreadOf(durations), { p50Ms: 10, p99Ms: 100 });
  assert.deepEqual(durations, [10, 9, 100]);
});
