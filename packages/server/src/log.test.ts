import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loggedError } from './log.ts';

test('what a database quotes of a row does not reach the log', () => {
  const error = Object.assign(new Error('new row violates a constraint', { cause: new TypeError('inner') }), {
    code: '23514',
    detail: 'Failing row contains (1234, 77011234567)',
    where: 'JSON data, line 1: {"account_number":"77011234567"',
  });
  const logged = JSON.stringify(loggedError(error));
  assert.doesNotMatch(logged, /77011234567/);
  assert.match(logged, /23514/);
  assert.match(logged, /inner/);
});
