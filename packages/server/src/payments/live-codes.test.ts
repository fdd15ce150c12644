import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveCodes } from './live-codes.ts';

const key = { projectId: 1, paymentKey: 'a' };
const other = { projectId: 2, paymentKey: 'a' };

test('a code is known for its own operation only, until it is forgotten', () => {
  const codes = new LiveCodes();
  codes.put(key, 1, '123456', 'first', 0);
  assert.equal(codes.get(key, 1, 'first')?.requestId, 'first');
  assert.equal(codes.get(key, 1, 'another'), undefined);
  assert.ok(codes.repeats(key, 1, 'first', '123456'));
  assert.ok(!codes.repeats(key, 1, 'first', '123457'));
  assert.ok(!codes.repeats(key, 2, 'first', '123456'));
  assert.ok(!codes.repeats(other, 1, 'first', '123456'));
  codes.forget(key, 1);
  assert.equal(codes.get(key, 1, 'first'), undefined);
});

test('a code nobody took back is let go after ten minutes', () => {
  const codes = new LiveCodes();
  codes.put(key, 1, '123456', 'first', 0);
  codes.put(other, 1, '654321', 'second', 599_999);
  assert.ok(codes.get(key, 1, 'first'));
  codes.put(other, 2, '111111', 'third', 600_000);
  assert.equal(codes.get(key, 1, 'first'), undefined);
  assert.ok(codes.get(other, 1, 'second'));
});
