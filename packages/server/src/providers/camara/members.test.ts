import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, idOf, membersOf } from './members.ts';

test('only an object has members', () => {
  for (const value of [null, undefined, 1, 'text', true, [1]]) assert.deepEqual(membersOf(value), {});
  assert.deepEqual(membersOf({ a: 1 }), { a: 1 });
});

test('an id can be stored, logged and put in a path', () => {
  assert.equal(idOf('pay-1/2'), 'pay-1/2');
  for (const value of ['', ' ', 'a b', 'a\u0000', '\ud800', 'ё', '.', '..', 'x'.repeat(257), 7, null])
    assert.equal(idOf(value), null);
});

test('a count is small, whole and not negative', () => {
  assert.equal(countOf(0), 0);
  for (const value of [-1, 1.5, 1e9, '1', null]) assert.equal(countOf(value), undefined);
});
