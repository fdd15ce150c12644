import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAmount } from './amounts.ts';

const plain = (amountMinor: number, currency: string, language: 'kk' | 'ru' | 'en'): string =>
  formatAmount(amountMinor, currency, language).replaceAll('\u00A0', ' ');

test('amounts are written as the locale does', () => {
  assert.equal(plain(100_000, 'KZT', 'kk'), '1 000,00 ₸');
  assert.equal(plain(100_000, 'KZT', 'ru'), '1 000,00 ₸');
  assert.equal(plain(100_000, 'KZT', 'en'), '₸1,000.00');
});

test('minor units are exact for every currency and size', () => {
  assert.equal(plain(5, 'KZT', 'ru'), '0,05 ₸');
  assert.equal(plain(500, 'JPY', 'en'), '¥500');
  assert.equal(plain(1, 'KWD', 'en'), 'KWD 0.001');
  assert.equal(plain(9_007_199_254_740_991, 'KZT', 'en'), '₸90,071,992,547,409.91');
});

test('an amount is never broken between lines', () => {
  assert.doesNotMatch(formatAmount(123_456_700, 'KZT', 'kk'), / /);
});
