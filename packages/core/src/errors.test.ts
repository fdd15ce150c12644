import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf, gateCodes, isGateCode } from './errors.ts';
import type { GateCode } from './errors.ts';

const all = Object.keys(gateCodes).filter(isGateCode);

test('every code that the product answers or reports is in the record', () => {
  const named =
    '0,100,310,314,501,502,603,702,2003,2004,2124,2147,2426,2541,2610,2642,3023,3024,3028,3041,3060,3061,3062,3121,3230,' +
    '3261,3262,3283,3284,3285,3286,3287,3358,3610,3613,9999,20000,20100,20101,20102,20103,20104,20105,20106,20201,20202,' +
    '20206,20301,20602,20604';
  assert.deepEqual(
    named.split(',').filter((code) => !isGateCode(code)),
    [],
  );
});

test('isGateCode knows nothing that is not a code', () => {
  for (const word of ['', '1', '00', 'toString', '__proto__', 'constructor'])
    assert.equal(isGateCode(word), false, word);
});

test('an answer of ours is 400 unless it says something else about the request than "mend it"', () => {
  const unlike400 = all.filter((code) => ![undefined, 400].includes(factsOf(code).httpStatus));
  const expected: Partial<Record<GateCode, number>> = {
    '303': 403,
    '501': 500,
    '2003': 422,
    '2442': 404,
    '2541': 404,
    '3062': 200,
  };
  assert.deepEqual(Object.fromEntries(unlike400.map((code) => [code, factsOf(code).httpStatus])), expected);
});

test('what a payer, an operator or a wait causes is told by callback, never at the door', () => {
  for (const code of all.filter((one) => one === '9999' || one.length === 5))
    assert.equal(factsOf(code).httpStatus, undefined, code);
});

test('every message is one plain line of printable ASCII', () => {
  for (const code of all) assert.match(factsOf(code).message, /^[\x20-\x7e]{4,70}$/, code);
});
