import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import ecommpay from 'ecommpay';
import fc from 'fast-check';
import { parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import {
  compareNaturally,
  decoySecret,
  findSecret,
  isSignatureForm,
  signedText,
  signMessage,
  stringToSign,
  verifyMessage,
  withSignature,
} from './signature.ts';
import type { SignOrder } from './signature.ts';
import { linkForgery, orderVectors, stringVectors, vectors } from './fixtures/signature-vectors.ts';

const orders: readonly SignOrder[] = ['natural', 'per-level', 'path', 'line'];

function read(text: string): JsonObject {
  const parsed = parseJson(Buffer.from(text));
  assert.ok(parsed.ok, text);
  return parsed.value as JsonObject;
}

for (const { name, secret, body, signature } of vectors) {
  test(`published signature: ${name}`, () => {
    assert.equal(signMessage(body, secret), signature);
    assert.equal(verifyMessage(read(JSON.stringify(body)), signature, secret), true);
    assert.equal(verifyMessage(body, signature, `${secret}x`), false);
  });
}

for (const { body, text } of stringVectors) {
  test(`published string to sign: ${text.slice(0, 40)}`, () => {
    for (const order of orders) assert.equal(stringToSign(body, order), text, order);
  });
}

for (const { body, secret, order, signature } of orderVectors) {
  test(`a signature in ${order} order is accepted: ${signature.slice(0, 8)}`, () => {
    assert.equal(verifyMessage(body, signature, secret), true);
    assert.equal(verifyMessage({ ...body, other: 1 }, signature, secret), false);
    assert.equal(signMessage(body, secret) === signature, order === 'natural');
  });
}

test('the same lines under another shape have the same signature, which is why Gate refuses such bodies', () => {
  assert.equal(signMessage(linkForgery.link, 'test-secret'), linkForgery.signature);
  assert.equal(signMessage(linkForgery.gateBody, 'test-secret'), linkForgery.signature);
});

test('each order sorts as its SDK does', () => {
  const items = Array.from({ length: 12 }, (_, index) => `v${index}`);
  const body = { a: items, ab: { c: 1 }, 'a-b': 2, a1: 3 };
  const first = (order: SignOrder): string[] =>
    stringToSign(body, order)
      .split(';')
      .map((line) => line.replace(/:[^:]*$/, ''));
  const numeric = items.map((_, index) => `a:${index}`);
  const textual = ['a:0', 'a:1', 'a:10', 'a:11', ...numeric.slice(2, 10)];
  assert.deepEqual(first('natural'), ['a-b', 'a1', ...numeric, 'ab:c']);
  assert.deepEqual(first('per-level'), [...numeric, 'a-b', 'a1', 'ab:c']);
  assert.deepEqual(first('path'), ['a-b', 'a1', ...textual, 'ab:c']);
  assert.deepEqual(first('line'), ['a-b', 'a1', 'a:0', 'a:10', 'a:11', 'a:1', ...numeric.slice(2, 10), 'ab:c']);
});

test('natural order is that of strnatcmp', () => {
  const table: [string, string, number][] = [
    ['a:2', 'a:10', -1],
    ['a:10', 'a:9', 1],
    ['a', 'a', 0],
    ['', 'a', -1],
    ['a', '', 1],
    ['', '', 0],
    ['a', 'a1', -1],
    ['B', 'a', -1],
    ['a1:b', 'a:b', -1],
    ['img12', 'img10', 1],
    ['007', '7', 0],
    ['08', '7', 1],
    ['a007', 'a7', -1],
    ['a1', 'a01', 1],
    ['a001', 'a01', -1],
    ['a0', 'a00', -1],
    ['a 1', 'a1', 0],
    ['a1', 'a 1', 0],
    ['a  b', 'ab', 0],
    ['a ', 'a', 1],
    ['1.10', '1.9', 1],
    ['x1y2', 'x1y10', -1],
    ['a9:b', 'a10:a', -1],
    ['é', 'z', 1],
  ];
  for (const [one, other, expected] of table) assert.equal(compareNaturally(one, other), expected, `${one} | ${other}`);
});

test('keys outside ASCII are ordered by their UTF-8 bytes', () => {
  assert.equal(stringToSign({ '\u{1F600}': 1, '\uFF5E': 2, z: 3 }), 'z:3;\uFF5E:2;\u{1F600}:1');
  assert.equal(stringToSign({ '\u{1F600}': 1, '\uFF5E': 2 }, 'per-level'), '\u{1F600}:1;\uFF5E:2');
});

test('values are written as the family writes them', () => {
  const body = { t: true, f: false, n: null, e: '', l: [], o: {}, g: { signature: 'x' }, s: 'a;b:c' };
  assert.equal(stringToSign(body), 'e:;f:0;n:;s:a;b:c;t:1');
  assert.equal(stringToSign({ a: { frame_mode: 'x', b: [{ frame_mode: 1, signature: 2, c: 3 }] } }), 'a:b:0:c:3');
});

test('a colon in a key is doubled; a signature over the single colon is accepted as well', () => {
  const body = { 'a:b': { 'c:d': 1 }, e: 2 };
  assert.equal(stringToSign(body), 'a::b:c::d:1;e:2');
  for (const signature of [signMessage(body, 's'), ecommpay.signer(body, 's')])
    assert.equal(verifyMessage(body, signature, 's'), true);
  assert.notEqual(signMessage(body, 's'), ecommpay.signer(body, 's'));
});

test('numbers are verified by their digits, fractions also in their shortest form', () => {
  const body = read('{"a":12345678901234567890,"b":2.0,"c":1.50,"d":1e3}');
  assert.equal(stringToSign(body), 'a:12345678901234567890;b:2.0;c:1.50;d:1e3');
  const spelled = (b: string, a = '12345678901234567890'): string =>
    signMessage({ a, b, c: b === '2' ? '1.5' : '1.50', d: b === '2' ? '1000' : '1e3' }, 's');
  assert.equal(verifyMessage(body, spelled('2.0'), 's'), true);
  assert.equal(verifyMessage(body, spelled('2'), 's'), true);
  assert.equal(verifyMessage(body, spelled('2', '12345678901234567000'), 's'), false);
});

test('what is not 88 characters of base64 is never a signature', () => {
  const good = signMessage({ a: 1 }, 's');
  assert.equal(good.length, 88);
  for (const bad of [
    '',
    'x',
    good.slice(0, 87),
    `${good}=`,
    ` ${good.slice(1)}`,
    good.replace(/==$/, 'AA'),
    `-${good.slice(1)}`,
    `é${good.slice(1)}`,
  ]) {
    assert.equal(isSignatureForm(bad), false, bad);
    assert.equal(verifyMessage({ a: 1 }, bad, 's'), false, bad);
  }
});

test('a body that is no object is verified by nothing', () => {
  for (const body of [null, 'text', 7, undefined]) assert.equal(verifyMessage(body, signMessage({}, 's'), 's'), false);
});

test('the signature is the last member of the root, and signing twice changes nothing', () => {
  const signed = withSignature({ signature: 'old', a: 1, general: { b: 'x' } }, 's');
  assert.deepEqual(Object.keys(signed), ['a', 'general', 'signature']);
  assert.deepEqual(withSignature(signed, 's'), signed);
  assert.equal(signedText({ a: 1, general: { b: 'x' } }, createSecretKey(Buffer.from('s'))), JSON.stringify(signed));
});

test('no project can have the decoy secret by chance', () => assert.ok(decoySecret.length >= 44));

const key = fc.stringMatching(/^[a-z_]{1,6}$/).filter((name) => name !== 'signature' && name !== '__proto__');
const oddKey = fc.string({ minLength: 1, maxLength: 5 }).filter((name) => name !== '__proto__' && name !== 'signature');
const { plain, odd } = fc.letrec((tie) => {
  const leaf = [fc.string({ unit: 'grapheme' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null)] as const;
  return {
    plain: fc.oneof(
      { maxDepth: 4 },
      ...leaf,
      fc.array(tie('plain'), { maxLength: 10 }),
      fc.dictionary(key, tie('plain')),
    ),
    odd: fc.oneof({ maxDepth: 4 }, ...leaf, fc.array(tie('odd'), { maxLength: 14 }), fc.dictionary(oddKey, tie('odd'))),
  };
}) as { plain: fc.Arbitrary<unknown>; odd: fc.Arbitrary<unknown> };

test('any ordinary body: the public npm package signs it alike, and every order gives one text', () => {
  fc.assert(
    fc.property(fc.dictionary(key, plain), (body) => {
      const signature = ecommpay.signer(body, 'secret');
      assert.equal(signMessage(body, 'secret'), signature);
      assert.equal(verifyMessage(read(JSON.stringify(body)), signature, 'secret'), true);
      for (const order of orders) assert.equal(stringToSign(body, order), stringToSign(body));
    }),
  );
});

test('any body at all: what one order signs is accepted, and so is what the public npm package signs', () => {
  fc.assert(
    fc.property(fc.dictionary(oddKey, odd, { minKeys: 1 }), fc.constantFrom(...orders), (body, order) => {
      const text = stringToSign(body, order);
      assert.equal(verifyMessage(body, signMessage(body, 'k'), 'k'), true);
      assert.equal(verifyMessage(read(JSON.stringify(body)), ecommpay.signer(body, 'k'), 'k'), true);
      assert.deepEqual(text.split(';').sort(), stringToSign(body).split(';').sort());
    }),
  );
});

test('of several secrets the first that fits is found, whatever form the body has', () => {
  const bodies = [{ a: 'x' }, { 'a:b': ['1', 2, { c: null }], d: '…' }];
  for (const body of bodies) {
    const signature = signMessage(body, 'right');
    assert.equal(findSecret(body, signature, ['right', 'other']), 0);
    assert.equal(findSecret(body, signature, ['other', 'right']), 1);
    assert.equal(findSecret(body, signature, ['other', 'another']), -1);
    assert.equal(findSecret(body, signature, []), -1);
  }
  assert.equal(findSecret(null, signMessage({}, 'right'), ['right']), -1);
});
