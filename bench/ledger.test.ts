import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledgerFaults } from './ledger.ts';

const expected = { runName: 'run', succeeded: 2, amountMinor: 500 };
const line = (reference: string, more: object = {}) =>
  `${JSON.stringify({ kind: 'charge', reference, amount: 500, currency: 'KZT', ...more })}\n`;

test('one charge for each purchase is right', () => {
  assert.deepEqual(ledgerFaults(line('run-0') + line('run-1'), expected), []);
});

const wrong: Record<string, string> = {
  'a charge too few': line('run-0'),
  'a charge too many': line('run-0') + line('run-1') + line('run-2'),
  'one purchase charged twice': line('run-0') + line('run-1') + line('run-1'),
  'one charged twice, one never': line('run-0') + line('run-0'),
  'a wrong amount': line('run-0') + line('run-1', { amount: 501 }),
  'a refund': line('run-0') + line('run-1', { kind: 'refund' }),
  'a charge for somebody else': line('run-0') + line('other-1'),
};
for (const [name, text] of Object.entries(wrong)) {
  test(`${name} is found`, () => assert.notDeepEqual(ledgerFaults(text, expected), []));
}
