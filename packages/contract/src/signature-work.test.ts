import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { test } from 'node:test';
import { bodies } from './fixtures/bodies.ts';
import { parseJson } from './json.ts';
import type { JsonValue } from './json.ts';
import { signMessage, verifyMessage } from './signature.ts';
import { parseStatus } from './status.ts';
import { maxMembers, maxName, maxPath } from './text.ts';

const unfit = signMessage({}, 'unfit');
const general = JSON.stringify(bodies.status.general);
const objectOf = (names: readonly string[], valueAt: (index: number) => string): string =>
  `{${names.map((name, index) => `${JSON.stringify(name)}:${valueAt(index)}`).join(',')}}`;
const shuffled = (count: number): string[] => Array.from({ length: count }, (_, index) => `${(index * 7919) % count}`);
const bodyOf = (customer: string): string => `{"general":${general},"customer":${customer}}`;
/** Fractions that change when shortened, and colons: all sixteen spellings differ. */
const nested = (parent: string, names: readonly string[]): string =>
  bodyOf(`{"${parent}":${objectOf([...names, 'a:b'], (index) => `1.${index}0`)}}`);

function read(text: string): JsonValue {
  const parsed = parseJson(Buffer.from(text));
  assert.ok(parsed.ok);
  return parsed.value;
}

/** Bytes that went through HMAC. */
function hashed(run: () => void): number {
  const { createHmac } = crypto;
  let bytes = 0;
  crypto.createHmac = (...given) => {
    const hmac = createHmac(...given);
    const update = hmac.update.bind(hmac) as (data: string) => crypto.Hmac;
    hmac.update = (data: unknown) => {
      bytes += Buffer.byteLength(String(data));
      return update(String(data));
    };
    return hmac;
  };
  syncBuiltinESMExports();
  try {
    run();
  } finally {
    crypto.createHmac = createHmac;
    syncBuiltinESMExports();
  }
  return bytes;
}

/** The best of a few runs: others use the machine as well. */
function bestMs(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return Math.min(...times);
}

const plain = read(bodyOf(`{"a":"${'x'.repeat(1_040_000)}"}`));
const hostile: Record<string, string> = {
  'one long name above many': nested('n'.repeat(100_000), shuffled(600)),
  'a longer name above more': nested('n'.repeat(200_000), shuffled(1900)),
  'nothing but colons': nested(':'.repeat(1_000_000), shuffled(1000)),
  'long names of leaves': bodyOf(
    objectOf(
      shuffled(100).map((name) => name + 'é'.repeat(4000)),
      () => '1.0',
    ),
  ),
  'names that add up': `${`{"${'n'.repeat(maxName)}":`.repeat(30)}${objectOf(shuffled(1500), () => '1.0')}${'}'.repeat(30)}`,
};

for (const [name, text] of Object.entries(hostile)) {
  test(`a body that repeats too much is a fault and costs no hash: ${name}`, () => {
    const body = read(text);
    const parsed = parseStatus(body);
    assert.ok(!parsed.ok && parsed.faults.every((fault) => fault.message.length < 2500));
    assert.equal(
      hashed(() => assert.equal(verifyMessage(body, unfit, 'k'), false)),
      0,
    );
    const reading = () => void parseStatus(body);
    assert.ok(bestMs(reading) + bestMs(() => verifyMessage(body, unfit, 'k')) < 20 * plainMs(), name);
  });
}

const plainMs = (): number =>
  Math.max(
    1,
    bestMs(() => verifyMessage(plain, unfit, 'k')),
  );

test('a small body that repeats a long name costs no hash either', () => {
  const small = nested('n'.repeat(6000), shuffled(600));
  assert.ok(small.length < 16_384);
  assert.equal(
    hashed(() => verifyMessage(read(small), unfit, 'k')),
    0,
  );
});

test('the dearest body that is taken costs a bounded multiple of a plain one', () => {
  const heavy = read(nested('0'.repeat(20), shuffled(maxMembers - 20)));
  const long = read(nested('0'.repeat(200), shuffled(500)));
  for (const body of [heavy, long]) {
    assert.deepEqual(parseStatus(body).ok, true);
    const bytes = hashed(() => verifyMessage(body, unfit, 'k'));
    assert.ok(bytes > 0 && bytes < 16 * 200_000, String(bytes));
    assert.ok(bestMs(() => verifyMessage(body, unfit, 'k')) < 300 * plainMs());
  }
  assert.equal(parseStatus(plain).ok, true);
  assert.ok(hashed(() => verifyMessage(plain, unfit, 'k')) > 1_000_000);
});

test('whatever its shape, a body that is taken can be verified', () => {
  for (const text of [nested('0'.repeat(200), shuffled(500)), nested('\u{1F600}'.repeat(maxName), ['a'])]) {
    const body = read(text);
    assert.equal(parseStatus(body).ok, true);
    assert.equal(verifyMessage(body, signMessage(body as object, 'k'), 'k'), true);
  }
  const repeating = parseStatus(read(nested('0'.repeat(200), shuffled(1500))));
  assert.deepEqual(!repeating.ok && repeating.faults.map(({ code, constraint }) => `${code} ${constraint}`), [
    '702 maxSigned',
  ]);
});

test('a name has its limit, and so have the names that lead to a member', () => {
  const faultsOf = (customer: string): string[] => {
    const parsed = parseStatus(read(bodyOf(customer)));
    return parsed.ok ? [] : parsed.faults.map(({ code, field, constraint }) => `${code} ${field.length} ${constraint}`);
  };
  const name = (length: number): string => '\u{1F600}'.repeat(length);
  assert.deepEqual(faultsOf(`{"${name(maxName)}":1}`), []);
  assert.deepEqual(faultsOf(`{"${name(maxName + 1)}":{"${'y'.repeat(300)}":1}}`), ['702 73 maxLength']);
  const two = (last: number): string => `{"${'x'.repeat(250)}":{"${'y'.repeat(250)}":{"${'z'.repeat(last)}":1}}}`;
  const left = maxPath - 'customer:'.length - 2 * 251 - 1;
  assert.deepEqual(faultsOf(two(left)), []);
  assert.deepEqual(faultsOf(two(left + 1)), ['702 203 maxPath']);
});

test('a number that no database keeps is a fault, and any other is not', () => {
  const faultsOf = (source: string): string[] => {
    const parsed = parseStatus(read(bodyOf(`{"a":{"b":${source}}}`)));
    return parsed.ok ? [] : parsed.faults.map(({ code, field, constraint }) => `${code} ${field} ${constraint}`);
  };
  for (const kept of ['1.5', '-0', '1e999', '1E-0999', '9'.repeat(255)]) assert.deepEqual(faultsOf(kept), [], kept);
  for (const lost of ['1e1000', '1E+999999', '0e-20000', '9'.repeat(256), `0.${'1'.repeat(20_000)}`])
    assert.deepEqual(faultsOf(lost), ['502 customer.a.b maxDigits'], lost.slice(0, 20));
});
