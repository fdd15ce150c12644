import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessOperators, refusedByAll, type PrefixTable } from './guess.ts';
import { isOperatorId, operatorIds, type OperatorId, type RulesByOperator } from './operator.ts';

const prefixes: PrefixTable = { '701': ['KCELL', 'ACTIV'], '707': ['TELE2'], '70': ['BEELINE'], '707123': ['ALTEL'] };
const off = (...refusing: OperatorId[]) =>
  Object.fromEntries(
    operatorIds.map((id) => [id, { salesEnabled: !refusing.includes(id), refundsEnabled: true }]),
  ) as RulesByOperator;

test("the payer's choice is believed before a porting, and that before the prefix", () => {
  const number = { digits: '77011234567', prefixes };
  assert.deepEqual(guessOperators({ ...number, chosen: 'ALTEL', ported: 'BEELINE' }), ['ALTEL']);
  assert.deepEqual(guessOperators({ ...number, ported: 'BEELINE' }), ['BEELINE']);
  assert.deepEqual(guessOperators(number), ['KCELL', 'ACTIV']);
});

test('the longest prefix wins; an unknown one says nothing', () => {
  assert.deepEqual(guessOperators({ digits: '77071230000', prefixes }), ['ALTEL']);
  assert.deepEqual(guessOperators({ digits: '77079990000', prefixes }), ['TELE2']);
  assert.deepEqual(guessOperators({ digits: '77059990000', prefixes }), ['BEELINE']);
  assert.deepEqual(guessOperators({ digits: '72222222222', prefixes }), []);
  assert.deepEqual(guessOperators({ digits: '7', prefixes }), []);
});

test('only what every candidate refuses is refused', () => {
  assert.ok(refusedByAll(['KCELL', 'ACTIV'], off('KCELL', 'ACTIV')));
  assert.ok(!refusedByAll(['KCELL', 'ACTIV'], off('KCELL')));
  assert.ok(refusedByAll(['TELE2'], off('TELE2')));
  assert.ok(!refusedByAll([], off(...operatorIds)), 'an unknown number is for the operator to judge');
});

test('operators are known by their exact ids', () => {
  assert.ok(isOperatorId('TELE2'));
  for (const other of ['tele2', '', 'constructor']) assert.ok(!isOperatorId(other));
});
