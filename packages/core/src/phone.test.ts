import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKazakhNumber } from './phone.ts';

test('a number of Kazakhstan is a seven and ten digits', () => {
  assert.ok(isKazakhNumber('77071234567'));
  assert.ok(isKazakhNumber('71234567890'));
  for (const other of [
    '7707123456',
    '770712345678',
    '87071234567',
    '+77071234567',
    '7707123456٧',
    '77071234567\n',
    '',
  ]) {
    assert.ok(!isKazakhNumber(other), other);
  }
});
