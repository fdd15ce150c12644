import assert from 'node:assert/strict';
import { test } from 'node:test';
import { majorFromMinor, minorFromDigits, spell } from './money.ts';

test('tiyn come from the source digits, exactly', () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['1000', 100_000],
    ['0.01', 1],
    ['1.15', 115],
    ['10.000', 1000],
    ['1e3', 100_000],
    ['12.5E-1', 125],
    ['100000000000', 10_000_000_000_000],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
    ['1e300', Number.MAX_SAFE_INTEGER],
    ['1000.0000000000000001', undefined],
    ['0.001', undefined],
    ['1e-3', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['1e-99', undefined],
  ];
  for (const [digits, minor] of cases) assert.equal(minorFromDigits(digits), minor, digits);
});

test('tenge on the wire and in a text', () => {
  assert.equal(JSON.stringify(majorFromMinor(100_000)), '1000');
  assert.equal(JSON.stringify(majorFromMinor(9_999_999_999_999)), '99999999999.99');
  assert.equal(spell(100_000), '1000,00 KZT');
  assert.equal(spell(5), '0,05 KZT');
});
