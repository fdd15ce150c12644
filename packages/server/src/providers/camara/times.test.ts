import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantOf, instantText } from './times.ts';

test('RFC 3339 instants are read with any offset and fraction', () => {
  const noon = Date.UTC(2026, 1, 28, 12);
  assert.equal(instantOf('2026-02-28T12:00:00Z'), noon);
  assert.equal(instantOf('2026-02-28t12:00:00z'), noon);
  assert.equal(instantOf('2026-02-28T17:00:00+05:00'), noon);
  assert.equal(instantOf('2026-02-28T12:00:00.25Z'), noon + 250);
  assert.equal(instantOf('2026-02-28T12:00:00.123456789Z'), noon + 123);
  assert.equal(instantOf(instantText(noon)), noon);
});

test('nonsense is absent', () => {
  const nonsense: readonly unknown[] = [
    undefined,
    null,
    0,
    1_772_280_000_000,
    '',
    'soon',
    '2026-02-28',
    '2026-02-28T12:00:00',
    '2026-02-30T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-02-28T25:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    `2026-02-28T12:00:00.${'1'.repeat(200)}Z`,
  ];
  for (const value of nonsense) assert.equal(instantOf(value), undefined, String(value));
});
