import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currencies, isCurrency } from './currency.ts';

test('exponents are those of ISO 4217', () => {
  for (const [code, exponent] of [
    ['KZT', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['EUR', 2],
    ['UZS', 2],
  ] as const)
    assert.equal(currencies[code]?.exponent, exponent, code);
});

test('a code that is no active currency is not one', () => {
  for (const code of ['', 'kzt', 'KZ', 'KZTT', 'ABC', 'XXX', 'XTS', 'XAU', 'HRK', 'BGN', 'toString', '__proto__'])
    assert.equal(isCurrency(code), false, code);
});

test('every code is three capitals', () => {
  const codes = Object.keys(currencies);
  assert.ok(codes.length > 150);
  for (const code of codes) assert.match(code, /^[A-Z]{3}$/);
});
