import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestCode } from './newest-code.ts';

test('the code is the newest one of the payment, not of another whose id is longer', () => {
  const messages = [
    { text: 'Code 1. Order a-1. Tell nobody.', code: '1' },
    { text: 'Order a is paid.', code: null },
    { text: 'Code 2. Order a. Tell nobody.', code: '2' },
    { text: 'Code 3. Order a. Tell nobody.', code: '3' },
  ];
  assert.equal(newestCode(messages, 'a'), '2');
  assert.equal(newestCode(messages, 'b'), undefined);
});
