import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { currencies } from '@rocketpay/core/currency.ts';
import { MAX_AMOUNT_MINOR } from '@rocketpay/core/money.ts';
import { majorAmount, sumOf } from './amounts.ts';

const printed = (amountMinor: number, currency: string) => JSON.stringify(majorAmount({ amountMinor, currency }));

test('an amount is printed in major units, exactly', () => {
  assert.equal(printed(100_000, 'KZT'), '1000');
  assert.equal(printed(100_050, 'KZT'), '1000.5');
  assert.equal(printed(1, 'KZT'), '0.01');
  assert.equal(printed(29, 'KZT'), '0.29');
  assert.equal(printed(1_005, 'KZT'), '10.05');
  assert.equal(printed(MAX_AMOUNT_MINOR - 1, 'KZT'), '99999999999.99');
  assert.equal(printed(500, 'JPY'), '500');
  assert.equal(printed(1, 'KWD'), '0.001');
  assert.equal(printed(12_340, 'CLF'), '1.234');
});

test('what is no amount or needs a fourth decimal is refused', () => {
  assert.equal(printed(12_345, 'CLF'), 'null');
  assert.equal(printed(0, 'KZT'), 'null');
  assert.equal(printed(-5, 'KZT'), 'null');
  assert.equal(printed(1.5, 'KZT'), 'null');
  assert.equal(printed(100, 'XAU'), 'null');
  assert.equal(printed(100, 'toString'), 'null');
});

test('major units are read back into minor ones, exactly', () => {
  assert.deepEqual(sumOf(1000, 'KZT'), { amountMinor: 100_000, currency: 'KZT' });
  assert.deepEqual(sumOf(0.29, 'KZT'), { amountMinor: 29, currency: 'KZT' });
  assert.deepEqual(sumOf(500, 'JPY'), { amountMinor: 500, currency: 'JPY' });
});

test('what does not divide, is out of range or no number is no sum', () => {
  const none: readonly (readonly [unknown, unknown])[] = [
    [10.005, 'KZT'],
    [1.5, 'JPY'],
    [0, 'KZT'],
    [-1, 'KZT'],
    [1e21, 'KZT'],
    [1e-7, 'KZT'],
    [100_000_000_000.01, 'KZT'],
    [Number.NaN, 'KZT'],
    [Infinity, 'KZT'],
    ['1000', 'KZT'],
    [null, 'KZT'],
    [1000, 'kzt'],
    [1000, 'XXX'],
    [1000, undefined],
    [1000, 'constructor'],
  ];
  for (const [amount, currency] of none)
    assert.equal(sumOf(amount, currency), null, `${String(amount)} ${String(currency)}`);
});

test('every amount survives the way there and back', () => {
  const exact = Object.keys(currencies).filter((code) => (currencies[code]?.exponent ?? 9) <= 3);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MAX_AMOUNT_MINOR }), fc.constantFrom(...exact), (amountMinor, currency) => {
      const text = printed(amountMinor, currency);
      assert.match(text, /^\d+(\.\d{1,3})?$/);
      assert.deepEqual(sumOf(JSON.parse(text), currency), { amountMinor, currency });
    }),
  );
});
