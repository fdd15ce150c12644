import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declineCodes, denialReason } from './decline-reasons.ts';

test('a denial code of the catalogue is its own reason', () => {
  assert.equal(denialReason('insufficient_balance'), 'insufficient_balance');
  assert.equal(declineCodes[denialReason('limit_day')], '20101');
});

test('no code, and one nobody has heard of, have reasons of their own', () => {
  assert.equal(declineCodes[denialReason(null)], '20000');
  assert.equal(declineCodes[denialReason('')], '20000');
  assert.equal(declineCodes[denialReason('bad_mood')], '20100');
  assert.equal(denialReason('toString'), 'unknown_reason');
});

test('an operator cannot speak with our own words', () => {
  for (const ours of ['threshold', 'breaker_open', 'settled_by_person', 'given_up']) {
    assert.equal(denialReason(ours), 'unknown_reason', ours);
  }
});
