import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupDigits, isUsualMobile, nationalDigits, readNumber } from './phone-number.ts';

test('a number is read however it is written', () => {
  for (const typed of ['8 707 123 45 67', '+7 (707) 123-45-67', '707 123 45 67', '77071234567', '+77071234567']) {
    assert.equal(readNumber(typed), '77071234567', typed);
    assert.equal(nationalDigits(typed), '7071234567', typed);
  }
  assert.equal(readNumber('71234567890'), '71234567890', 'the sample of the documentation is taken');
  for (const typed of ['', '707', '+1 212 555 0100', '707123456789', 'телефон']) assert.equal(readNumber(typed), null);
});

test('while it is typed, the digits after +7 are kept as they come', () => {
  const seen = ['7', '70', '707', '7071', '8', '87', '870', '+7', '+77', '7777777777', '77771234567'].map(
    nationalDigits,
  );
  assert.deepEqual(seen, ['7', '70', '707', '7071', '', '7', '70', '', '7', '7777777777', '7771234567']);
});

test('digits are grouped as numbers are written', () => {
  assert.deepEqual(['', '7', '7071', '7071234', '7071234567'].map(groupDigits), [
    '',
    '7',
    '707 1',
    '707 123 4',
    '707 123 45 67',
  ]);
});

test('unusual numbers are told apart, for a hint only', () => {
  assert.deepEqual(['7071234567', '7471234567', '1234567890', '7271234567', '7031234567'].map(isUsualMobile), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
