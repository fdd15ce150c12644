import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declineCodes, type DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import { payerReason } from './payer-reason.ts';

const all = Object.keys(declineCodes) as DeclineReason[];

test('before a code was accepted, every answer about the number reads the same', () => {
  const about: DeclineReason[] = [
    'insufficient_balance',
    'unknown_number',
    'number_blocked',
    'wrong_operator',
    'limit_day',
  ];
  for (const reason of about) assert.equal(payerReason(reason, false), 'not_accepted', reason);
  assert.equal(payerReason('insufficient_balance', true), 'no_money');
  assert.equal(payerReason('number_blocked', true), 'barred');
});

test('what is no matter of the number is told in any case', () => {
  const open = all.filter((reason) => payerReason(reason, false) !== 'not_accepted');
  for (const reason of open) assert.equal(payerReason(reason, false), payerReason(reason, true), reason);
  assert.equal(payerReason('operator_unavailable', false), 'operator_down');
  assert.equal(payerReason('best_before', false), 'time_over');
});
