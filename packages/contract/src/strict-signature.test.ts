import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { parseStrictHeader, signStrict, strictKey, strictText, verifyStrict } from './strict-signature.ts';

const body = '{"general":{"project_id":1234,"payment_id":"payment_47"}}';
const stamp = { t: 1_760_000_000, nonce: '0123456789abcdef' };
const key = strictKey('test-secret');

/** Computed with Python's hmac and hashlib. */
const vectors = [
  {
    request: { method: 'POST', path: '/v2/payment/status', body },
    stamp,
    v1: 'cf3f53847321c652d110610dacde494b357fb9fc04d8289e67cf5e34e9eb266f',
  },
  {
    request: { method: 'POST', path: '/v2/payment/mobile/refund?x=1', body },
    stamp,
    v1: '93e05c5b1390ac9c8bb9e4cf90b5550b3f6b6a14877a502621f1836628735f7b',
  },
  {
    request: { method: 'POST', path: '/v2/payment/mobile/sale', body: '{"description":"Қазақ"}' },
    stamp: { t: 0, nonce: 'A-_.+/=aA-_.+/=a' },
    v1: '0f8cba98808c37c5811da31f80eb9806bff238e0a1934156713b3b7f8f496da8',
  },
  {
    request: { method: 'GET', path: '/', body: '' },
    stamp,
    v1: 'a3e789f2a69b5f500f166d4192ce88d28369303a664a555c641586e712c548a8',
  },
];

test('the key is HKDF-SHA-256 of the secret, whether given as text or as a key', () => {
  const expected = '431a9b24dec37cf4615caa8258a83438393b686d592806beeff6ef05d0c8f9c1';
  assert.equal(key.export().toString('hex'), expected);
  assert.equal(
    strictKey(createSecretKey(Buffer.from('test-secret')))
      .export()
      .toString('hex'),
    expected,
  );
});

test('the text to sign has five lines', () => {
  assert.equal(
    strictText({ method: 'POST', path: '/v2/payment/status', body }, stamp),
    'POST\n/v2/payment/status\nbd1a49635147d3f066f015860a46c1f2ace952a8ed8fe56b88da3b37691d09eb\n1760000000\n0123456789abcdef',
  );
});

for (const { request, stamp: of, v1 } of vectors) {
  test(`${request.method} ${request.path} is signed as elsewhere, and its header is read back`, () => {
    const header = signStrict(request, of, key);
    assert.equal(header, `t=${of.t},n=${of.nonce},v1=${v1}`);
    const signature = parseStrictHeader(header);
    assert.deepEqual(signature, { ...of, v1 });
    assert.ok(signature && verifyStrict(request, signature, key));
    assert.ok(verifyStrict({ ...request, body: Buffer.from(request.body) }, signature, key));
  });
}

test('whatever is changed, the signature does not fit any more', () => {
  const request = { method: 'POST', path: '/v2/payment/status', body };
  const signature = parseStrictHeader(signStrict(request, stamp, key));
  assert.ok(signature);
  const others = [
    { ...request, method: 'GET' },
    { ...request, path: '/v2/payment/mobile/refund' },
    { ...request, path: '/v2/payment/status?' },
    { ...request, body: `${body} ` },
  ];
  for (const other of others) assert.equal(verifyStrict(other, signature, key), false, other.path);
  assert.equal(verifyStrict(request, { ...signature, t: stamp.t + 1 }, key), false);
  assert.equal(verifyStrict(request, { ...signature, nonce: `${stamp.nonce}0` }, key), false);
  assert.equal(verifyStrict(request, { ...signature, v1: `${signature.v1.slice(1)}0` }, key), false);
  assert.equal(verifyStrict(request, signature, strictKey('another secret')), false);
});

const v1 = '0'.repeat(64);
const malformed = [
  '',
  `t=1,n=0123456789abcdef`,
  `n=0123456789abcdef,t=1,v1=${v1}`,
  `t=1,n=,v1=${v1}`,
  `t=1,n=a b,v1=${v1}`,
  `t=1,n=ә,v1=${v1}`,
  `t=1,n=\u007f,v1=${v1}`,
  `t=1,n=${'a'.repeat(129)},v1=${v1}`,
  `t=1,n=0123456789abcde\n,v1=${v1}`,
  `t=1,n=0123456789abcdef,x,v1=${v1}`,
  `t=01,n=0123456789abcdef,v1=${v1}`,
  `t=-1,n=0123456789abcdef,v1=${v1}`,
  `t=1.5,n=0123456789abcdef,v1=${v1}`,
  `t=1e3,n=0123456789abcdef,v1=${v1}`,
  `t=1,n=0123456789abcdef,v1=${v1}0`,
  `t=1,n=0123456789abcdef,v1=${v1.slice(1)}`,
  `t=1,n=0123456789abcdef,v1=${'g'.repeat(64)}`,
  ` t=1,n=0123456789abcdef,v1=${v1}`,
  `t=1,n=0123456789abcdef,v1=${v1}\n`,
  `t=1,n=0123456789abcdef,v1=${v1}, t=1,n=0123456789abcdef,v1=${v1}`,
];
for (const header of malformed) {
  test(`${JSON.stringify(header)} is no header`, () => assert.equal(parseStrictHeader(header), null));
}

for (const nonce of ['1', '!"#$%&()*+-./:;<=>?@[]^_`{|}~', 'a'.repeat(128)]) {
  test(`${nonce} is a nonce, whatever else a client makes its own of`, () => {
    const header = signStrict({ method: 'POST', path: '/', body }, { ...stamp, nonce }, key);
    assert.equal(parseStrictHeader(header)?.nonce, nonce);
  });
}

test('hexadecimal digits may be capitals', () => {
  const request = { method: 'POST', path: '/', body };
  const header = signStrict(request, stamp, key).replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase());
  const signature = parseStrictHeader(header);
  assert.ok(signature && verifyStrict(request, signature, key));
});

test('what no header could carry is not signed', () => {
  const request = { method: 'POST', path: '/', body };
  assert.throws(() => signStrict(request, { ...stamp, t: 1.5 }, key), RangeError);
  assert.throws(() => signStrict(request, { ...stamp, nonce: '' }, key), RangeError);
  assert.throws(() => signStrict(request, { ...stamp, nonce: '0123456789abcde,' }, key), RangeError);
});
