import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneNumber } from './phone.ts';

test('a number goes out in E.164', () => {
  assert.equal(phoneNumber('77011234567'), '+77011234567');
});
