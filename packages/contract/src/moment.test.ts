import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMoment, formatMomentFrom, parseMoment } from './moment.ts';

test('RFC 3339 and the short offsets are read', () => {
  const table: [string, string][] = [
    ['2024-12-07T19:08:45+0000', '2024-12-07T19:08:45.000Z'],
    ['2024-12-07T19:08:45Z', '2024-12-07T19:08:45.000Z'],
    ['2024-12-07t19:08:45z', '2024-12-07T19:08:45.000Z'],
    ['2024-12-07T19:08:45+05', '2024-12-07T14:08:45.000Z'],
    ['2024-12-07T19:08:45-05:30', '2024-12-08T00:38:45.000Z'],
    ['2024-02-29T00:00:00.5+0530', '2024-02-28T18:30:00.500Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['1969-12-31T23:00:00-01', '1970-01-01T00:00:00.000Z'],
    ['9998-12-31T23:59:59.999Z', '9998-12-31T23:59:59.999Z'],
    ['9999-01-01T00:59:59+01', '9998-12-31T23:59:59.000Z'],
  ];
  for (const [text, iso] of table) assert.equal(new Date(parseMoment(text) ?? Number.NaN).toISOString(), iso, text);
});

test('nonsense is not read', () => {
  const nonsense = [
    '',
    'tomorrow',
    '2024-12-07',
    '2024-12-07T19:08:45',
    '2024-12-07 19:08:45Z',
    '2024-13-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-00-10T00:00:00Z',
    '2024-01-00T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01T00:00:60Z',
    '2024-01-01T00:00:00+24',
    '2024-01-01T00:00:00+05:60',
    '2024-01-01T00:00:00.Z',
    ' 2024-01-01T00:00:00Z',
    '2024-01-01T00:00:00Z\n',
    '+002024-01-01T00:00:00Z',
    '1733598525',
  ];
  for (const text of nonsense) assert.equal(parseMoment(text), undefined, text);
});

test('what a database would refuse is not read', () => {
  const outside = [
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+0100',
    '0099-06-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:59:59+01',
    '9998-12-31T23:00:00-01',
    '9999-12-31T23:59:59-2359',
  ];
  for (const text of outside) assert.equal(parseMoment(text), undefined, text);
});

test('what is written is read again, to the second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (second) => {
      assert.equal(parseMoment(formatMoment(second * 1000 + 999)), second * 1000);
    }),
  );
});

test('a time to wait for is rounded up, one that ends is not', () => {
  const at = Date.parse('2026-11-23T11:20:45.258Z');
  assert.equal(formatMoment(at), '2026-11-23T11:20:45+0000');
  assert.equal(formatMomentFrom(at), '2026-11-23T11:20:46+0000');
  assert.equal(formatMomentFrom(Date.parse('2026-11-23T11:20:45Z')), '2026-11-23T11:20:45+0000');
});
