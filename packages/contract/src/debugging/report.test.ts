import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { vectors } from '../fixtures/signature-vectors.ts';
import { parseJson } from '../json.ts';
import { stringToSign, verifyMessage } from '../signature.ts';
import { explain } from './report.ts';
import type { Question } from './report.ts';

const secret = 'test-secret';
const hmac = (text: string, hash = 'sha512', key = secret): Buffer => createHmac(hash, key).update(text).digest();
const sign = (text: string): string => hmac(text).toString('base64');

const body = JSON.stringify({
  general: { project_id: 1234, payment_id: 'заказ/7' },
  customer: { id: 'c 1', save: true, middle_name: null, city: '' },
  payment: { amount: 100000, currency: 'KZT' },
  receipt_data: { positions: [{ amount: 1 }, { amount: 2 }] },
});
const text = stringToSign(JSON.parse(body) as object);

async function read(question: Question) {
  const report = await explain(question);
  assert.ok(report.ok, report.ok ? '' : report.problem);
  return report;
}

async function causes(signature: string, more: Partial<Question> = {}): Promise<readonly string[]> {
  const { verdict } = await read({ body, signature, secret, ...more });
  assert.equal(verdict.kind, 'mismatch');
  return verdict.kind === 'mismatch' ? verdict.causes : [];
}

test('every published vector fits, and a text of each is the one that is signed', async () => {
  for (const vector of vectors) {
    const report = await read({
      body: JSON.stringify(vector.body),
      signature: vector.signature,
      secret: vector.secret,
    });
    assert.equal(report.verdict.kind, 'match', vector.name);
  }
});

test('one text where the orders agree, and each of them where they part', async () => {
  assert.deepEqual(
    (await read({ body })).texts.map(({ orders }) => orders),
    [['natural', 'per-level', 'path', 'line']],
  );
  const apart = await read({ body: '{"a":{"b":1},"a1":2,"k":["0","1","2","3","4","5","6","7","8","9","10","11"]}' });
  assert.deepEqual(
    apart.texts.map(({ orders }) => orders),
    [['natural'], ['per-level'], ['path'], ['line']],
  );
  assert.ok(apart.texts.every(({ text: one, lines }) => lines.join(';') === one));
});

test('what is accepted is what the platform accepts', async () => {
  const tricky = '{"a:b":{"x":1.50,"y":2.0},"a1":-0,"a":{"b":1},"k":[1,2,3,4,5,6,7,8,9,10,11,12]}';
  const parsed = parseJson(Buffer.from(tricky));
  assert.ok(parsed.ok);
  const { texts } = await read({ body: tricky });
  assert.ok(texts.length > 4);
  for (const one of texts) {
    assert.ok(verifyMessage(parsed.value, sign(one.text), secret), one.text);
    assert.deepEqual((await read({ body: tricky, signature: sign(one.text), secret })).verdict, {
      kind: 'match',
      at: texts.indexOf(one),
    });
  }
});

test('says what gives no line, and which lines do not say what stands there', async () => {
  const report = await read({ body: '{"signature":"x","a":{"frame_mode":1,"list":[],"none":{}},"t":true,"n":null}' });
  assert.deepEqual(
    report.dropped.listed.map(({ path }) => path),
    ['signature', 'a:frame_mode', 'a:list', 'a:none'],
  );
  assert.deepEqual(
    report.changed.listed.map(({ path }) => path),
    ['t', 'n'],
  );
  assert.equal(report.given, 'x');
  assert.equal(report.texts[0]?.text, 'n:;t:1');
});

test('says which names are repeated, whose last value is signed as the platform takes it', async () => {
  const told = async (sent: string): Promise<readonly string[]> => {
    const report = await explain({ body: sent });
    assert.ok(report.ok);
    return report.dropped.listed.filter(({ says }) => says.includes('more than once')).map(({ path }) => path);
  };
  const sent = `{"a":1,"b":{"a":1,"x,\\"{":[{"c":1},{"c":[2, {"d":1}],"\\u0063":3}],"a":2},"a":{"z":null},"a":3,"b2":"a"}`;
  assert.deepEqual(await told(sent), ['b:x,"{:1:c', 'b:a', 'a']);
  const report = await explain({ body: sent, secret });
  assert.ok(report.ok && report.texts[0]?.lines.includes('a:3') && report.texts[0].lines.includes('b:a:2'));
  assert.deepEqual(await told(body), []);
  assert.deepEqual(await told('{"a":[[1,"a"],["a",{"a":{"a":["a"]}}]],"b":[],"c":{}}'), []);
});

test('without a secret or a signature it judges nothing', async () => {
  assert.equal((await read({ body, secret })).verdict.kind, 'unchecked');
  assert.equal((await read({ body, signature: sign(text) })).verdict.kind, 'unchecked');
  assert.deepEqual((await read({ body, secret })).signatures, [sign(text)]);
});

const parts = text.split(';');
const unsorted = 'general:project_id:1234;general:payment_id:заказ/7;customer:id:c 1';
const mistakes: Record<string, [signature: string, cause: RegExp]> = {
  'hex for base64': [hmac(text).toString('hex'), /in hex instead of base64/],
  'base64 of hex': [Buffer.from(hmac(text).toString('hex')).toString('base64'), /base64 of a hex text/],
  base64url: [hmac(text).toString('base64url'), /base64url without padding/],
  'URL-encoded': [encodeURIComponent(sign(text)), /URL-encoded/],
  'SHA-256': [hmac(text, 'sha256').toString('base64'), /HMAC-SHA-256/],
  'SHA-256 in hex': [hmac(text, 'sha256').toString('hex'), /HMAC-SHA-256 instead of HMAC-SHA-512, in hex/],
  'a line end': [sign(`${text}\n`), /line end was signed/i],
  'booleans as words': [sign(text.replace('save:1', 'save:true')), /booleans/i],
  'null as a word': [sign(text.replace('middle_name:', 'middle_name:null')), /null was signed as the word/i],
  'null left out': [sign(parts.filter((line) => line !== 'customer:middle_name:').join(';')), /null were left out/i],
  'JSON-escaped': [
    sign(text.replace('заказ/7', '\\u0437\\u0430\\u043a\\u0430\\u0437\\/7')),
    /JSON-escaped, with \\\/ and/,
  ],
  'URL-encoded values': [
    sign(text.replace('заказ/7', encodeURIComponent('заказ/7')).replace('c 1', 'c%201')),
    /were URL-encoded/,
  ],
  'added after signing': [
    sign(parts.filter((line) => !line.startsWith('receipt_data')).join(';')),
    /“receipt_data” was not signed/,
  ],
  'the JSON itself': [sign(body), /the JSON itself was signed/i],
  'a last semicolon': [sign(`${text};`), /ended with a semicolon/i],
  'counted from one': [
    sign(text.replaceAll(/positions:(\d)/g, (_all, digit) => `positions:${Number(digit) + 1}`)),
    /counted from 1/,
  ],
  'a secret with a line end': [
    hmac(text, 'sha512', `${secret}\n`).toString('base64'),
    /line end was part of the secret/,
  ],
};
for (const [name, [signature, cause]] of Object.entries(mistakes)) {
  test(`recognises ${name}`, async () => {
    const found = await causes(signature);
    assert.ok(
      found.some((one) => cause.test(one)),
      `${name}: ${found.join(' | ')}`,
    );
  });
}

test('spellings that come to the same text are told once', async () => {
  const made = Array.from({ length: 60 }, (_none, n) => ({
    body: JSON.stringify({ n }),
    signature: hmac(`n:${n}`, 'sha256').toString('base64'),
  }));
  for (const special of ['+', '/']) assert.ok(made.some(({ signature }) => !signature.includes(special)));
  for (const { body: numbered, signature } of made)
    assert.deepEqual(await causes(signature, { body: numbered }), [
      'The text is right; the signature is made with HMAC-SHA-256 instead of HMAC-SHA-512.',
    ]);
});

test('recognises lines in the order of the body, and a signature that was signed as well', async () => {
  const short = '{"general":{"project_id":1234,"payment_id":"заказ/7"},"customer":{"id":"c 1"}}';
  assert.match((await causes(sign(unsorted), { body: short })).join(), /not sorted/);
  const withOld = short.replace('"заказ/7"', '"заказ/7","signature":"old"');
  const old = 'customer:id:c 1;general:payment_id:заказ/7;general:project_id:1234;general:signature:old';
  assert.match((await causes(sign(old), { body: withOld })).join(), /The signature, or frame_mode/);
});

test('a signature of something else has no cause, and is still a mismatch', async () => {
  assert.deepEqual(await causes(sign('something else')), []);
  assert.deepEqual(await causes(sign(text), { secret: 'another' }), []);
});

test('the form alone tells much', async () => {
  const fault = async (signature: string) => (await read({ body, signature })).fault ?? '';
  assert.equal(await fault(sign(text)), '');
  assert.match(await fault(hmac(text).toString('hex')), /in hex/);
  assert.match(await fault(hmac(text, 'sha256').toString('base64')), /SHA-256/);
  assert.match(await fault(sign(text).slice(0, -2)), /padding/);
  assert.match(await fault(encodeURIComponent(`+${sign(text).slice(1)}`)), /URL-encoded/);
  assert.match(await fault(`${'A'.repeat(10)} ${'A'.repeat(75)}==`), /spaces where \+/);
  assert.match(await fault('abc'), /3 characters/);
  assert.match(await fault('A'.repeat(88)), /88 characters are not base64 of 64 bytes/);
});

test('shows where what was signed and what was sent part', async () => {
  const signed = body.replace('100000', '1000').replace('"city":""', '"zip":"1"');
  const { difference } = await read({ body, signed });
  assert.deepEqual(
    difference?.lines.filter(({ kind }) => kind !== 'both').map(({ kind, line }) => `${kind} ${line}`),
    [
      'only-sent customer:city:',
      'only-signed payment:amount:1000',
      'only-sent payment:amount:100000',
      'only-signed customer:zip:1',
    ],
  );
  const asText = await read({ body, signed: text });
  assert.equal(asText.difference?.says, 'The same lines in the same order.');
  const turned = await read({ body, signed: parts.toReversed().join(';') });
  assert.match(turned.difference?.says ?? '', /another order, from line 1 on/);
});

test('what is no body is told apart', async () => {
  for (const [bad, problem] of [
    ['', /no body/],
    ['{', /not JSON: .*position 1/],
    ['{"a":1,}', /not JSON: .*position 7/],
    ['project_id=1&payment_id=x', /looks like a form/],
    ['[1]', /not an object/],
    ['"x"', /not an object/],
    [`${'['.repeat(40)}${']'.repeat(40)}`, /too deep/],
    [`{"a":"${'x'.repeat(70_000)}"}`, /more than/],
  ] as const) {
    const report = await explain({ body: bad });
    assert.ok(!report.ok && problem.test(report.problem), bad.slice(0, 10));
  }
});
