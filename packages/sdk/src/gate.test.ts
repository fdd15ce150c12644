import assert from 'node:assert/strict';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { gateCodes } from '@rocketpay/core/errors.ts';
import { retryAdvice } from './errors.ts';
import { answer, client, failure, sale, yes } from './test-kit/merchant.ts';
import { SECRET } from './test-kit/samples.ts';
import { startScriptedServer, type Step } from './test-kit/scripted-server.ts';

test('a lost answer is asked for again with the very same bytes', async () => {
  for (const lost of ['cut', answer('', 502), answer('<html>')] as const) {
    await using server = await startScriptedServer(lost, lost, yes);
    assert.equal((await client(server).refund({ paymentId: 'payment_47' })).requestId, 'r-1');
    assert.equal(server.calls.length, 3);
    assert.equal(new Set(server.calls.map((call) => call.body)).size, 1);
  }
});

test('an answer that says neither yes nor no is a doubt', async () => {
  await using server = await startScriptedServer(answer('{"status":"strange"}'));
  const error = await failure(client(server).sale(sale));
  assert.deepEqual([error.outcome, error.httpStatus, error.retryable], ['unknown', 200, true]);
});

test('a call whose every answer is lost ends as unknown, never as refused', async () => {
  await using server = await startScriptedServer('cut');
  const error = await failure(client(server).sale(sale));
  assert.deepEqual([error.outcome, error.code, error.retryable, server.calls.length], ['unknown', undefined, true, 3]);
});

test('a refund whose answers are lost is repeated under its own id, and never as a new one', async () => {
  await using server = await startScriptedServer('cut', 'cut', 'cut', yes);
  const part = { paymentId: 'payment_47', amountMinor: 100, currency: 'KZT' };
  const lost = await failure(client(server).refund(part));
  assert.deepEqual([lost.outcome, lost.retryable], ['unknown', false], 'the same call would be another refund');
  const { merchantRefundId = '' } = lost;
  assert.equal((await client(server).refund({ ...part, merchantRefundId })).requestId, 'r-1');
  const ids = server.calls.map(({ body }) => (JSON.parse(body) as { payment: object }).payment);
  const sum = { amount: 100, currency: 'KZT', merchant_refund_id: merchantRefundId };
  assert.deepEqual(ids, [sum, sum, sum, sum]);
});

test('a refund with an id of the merchant’s may be called again as it is', async () => {
  await using server = await startScriptedServer('cut');
  const error = await failure(client(server).refund({ paymentId: 'payment_47', merchantRefundId: 'mine' }));
  assert.deepEqual([error.outcome, error.retryable, error.merchantRefundId], ['unknown', true, 'mine']);
});

test('silence ends with the time-out', async () => {
  await using server = await startScriptedServer('hang');
  const error = await failure(client(server, { timeoutMs: 30, retryDelaysMs: [] }).status({ paymentId: 'payment_47' }));
  assert.equal(error.outcome, 'unknown');
  assert.match(error.message, /30 ms/);
});

test('a refusal after a lost answer does not prove that the first try was refused', async () => {
  await using server = await startScriptedServer(
    'cut',
    answer({ status: 'error', code: '303', message: 'Access denied' }, 403),
  );
  const error = await failure(client(server).sale(sale));
  assert.deepEqual([error.outcome, error.code, error.httpStatus, error.retryable], ['unknown', '303', 403, true]);
});

test('a code and a resend are repeated under their nonce alone: another call of the same is no repeat', async () => {
  await using server = await startScriptedServer('cut');
  const rocketpay = client(server);
  for (const call of [
    () => rocketpay.submitCode({ paymentId: 'p', code: '1' }),
    () => rocketpay.resendCode({ paymentId: 'p', ipAddress: '::1' }),
    () => rocketpay.resendCode({ paymentId: 'p', ipAddress: '::1' }),
  ]) {
    const error = await failure(call());
    assert.deepEqual([error.outcome, error.retryable], ['unknown', false]);
  }
  const headers = server.calls.map((call) => signatureHeader(call.headers));
  assert.equal(headers.length, 9);
  assert.deepEqual(
    [0, 3, 6].map((at) => new Set(headers.slice(at, at + 3)).size),
    [1, 1, 1],
  );
  assert.equal(new Set(headers).size, 3);
});

test('a code is not repeated once its nonce has grown old, while a sale still has its id', async () => {
  let now = 0;
  await using server = await startScriptedServer('cut');
  const slow = (...args: Parameters<typeof fetch>): ReturnType<typeof fetch> => {
    now += 201_000;
    return fetch(...args);
  };
  const rocketpay = client(server, { now: () => now, fetch: slow });
  await failure(rocketpay.submitCode({ paymentId: 'p', code: '1' }));
  assert.equal(server.calls.length, 1);
  await failure(rocketpay.sale(sale));
  assert.equal(server.calls.length, 4);
});

test('a call that only reads asks anew each time', async () => {
  await using server = await startScriptedServer('cut', 'cut', answer([]));
  await client(server).operators();
  assert.equal(new Set(server.calls.map((call) => signatureHeader(call.headers))).size, 3);
});

test('a refusal carries code, status, field and every fault, and is not repeated', async () => {
  const body = {
    status: 'error',
    code: 2004,
    message: 'Required field not provided',
    errors: [
      { code: 2004, message: 'Required field not provided', field: 'payment.amount', constraint: 'required' },
      { code: '2426', description: 'Invalid Email', field: 'customer.email' },
    ],
  };
  await using server = await startScriptedServer(answer(body, 400));
  const error = await failure(client(server).sale(sale));
  assert.deepEqual(
    [error.outcome, error.code, error.httpStatus, error.field, error.retryable],
    ['refused', '2004', 400, 'payment.amount', false],
  );
  assert.deepEqual(error.errors[1], { code: '2426', message: 'Invalid Email', field: 'customer.email' });
  assert.equal(server.calls.length, 1);
});

test('a redirect is not followed: the signed body stays here', async () => {
  await using elsewhere = await startScriptedServer(yes);
  await using server = await startScriptedServer({
    httpStatus: 307,
    body: '',
    headers: { location: `${elsewhere.url}/v2/payment/mobile/sale` },
  });
  assert.equal((await failure(client(server).sale(sale))).outcome, 'refused');
  assert.equal(elsewhere.calls.length, 0);
});

test('a base address may have a path of its own', async () => {
  await using server = await startScriptedServer(yes);
  await client(server, { baseUrl: `${server.url}/gate` }).sale(sale);
  assert.equal(server.calls[0]?.path, '/gate/v2/payment/mobile/sale');
});

test('an aborted client gives up its calls, the one that hangs and the one that waits, and begins no other try', async () => {
  const stop = new AbortController();
  await using hanging = await startScriptedServer('hang');
  await using cutting = await startScriptedServer('cut');
  const calls = [
    failure(client(hanging, { signal: stop.signal }).sale(sale)),
    failure(client(cutting, { signal: stop.signal, retryDelaysMs: [60_000] }).sale(sale)),
  ];
  await Promise.all([hanging.called, cutting.called]);
  stop.abort();
  for (const error of await Promise.all(calls)) assert.deepEqual([error.outcome, error.retryable], ['unknown', true]);
  assert.deepEqual([hanging.calls.length, cutting.calls.length], [1, 1]);
});

const busy = (retryAfter: string, httpStatus = 429): Step => ({
  httpStatus,
  body: '{"status":"error"}',
  headers: { 'retry-after': retryAfter },
});

test('a platform that is asked too often took nothing: even a code is sent again, after the time it names', async () => {
  await using server = await startScriptedServer(busy('1'), yes);
  const started = performance.now();
  await client(server).submitCode({ paymentId: 'p', code: '1' });
  assert.equal(server.calls.length, 2);
  assert.ok(performance.now() - started >= 950);
});

test('a wait that is too long is left to the caller, who is told how long', async () => {
  const now = Date.parse('2030-01-01T00:00:00Z');
  await using server = await startScriptedServer(busy('3600'), busy('Tue, 01 Jan 2030 00:01:00 GMT', 503));
  const tooOften = await failure(client(server, { now: () => now }).sale(sale));
  assert.deepEqual([tooOften.outcome, tooOften.retryable, tooOften.retryAfterMs], ['refused', true, 3_600_000]);
  const away = await failure(client(server, { now: () => now }).sale(sale));
  assert.deepEqual([away.outcome, away.retryable, away.retryAfterMs], ['unknown', true, 60_000]);
  assert.equal(server.calls.length, 2);
});

test('a code whose answer was lost after a busy one is a doubt', async () => {
  await using server = await startScriptedServer(busy('0'), 'cut');
  const error = await failure(client(server).submitCode({ paymentId: 'p', code: '1' }));
  assert.deepEqual([error.outcome, error.retryable, server.calls.length], ['unknown', false, 3]);
});

test('whether a refused call may be sent again follows the registry, code by code', async () => {
  for (const [code, { retry }] of Object.entries(gateCodes)) {
    await using server = await startScriptedServer(answer({ status: 'error', code, message: 'Told' }, 400));
    const error = await failure(client(server).sale(sale));
    assert.deepEqual([error.code, error.retryable], [code, retry === 'yes' || retry === 'later'], code);
    assert.equal(retryAdvice(code), retry);
  }
  assert.equal(retryAdvice('constructor'), undefined);
});

test('every call carries the strict signature of its endpoint, its bytes and the present second', async () => {
  const now = Date.parse('2030-01-01T00:00:00.900Z');
  await using server = await startScriptedServer(yes);
  const rocketpay = client(server, { baseUrl: `${server.url}/gate`, now: () => now });
  await rocketpay.sale(sale);
  await rocketpay.submitCode({ paymentId: 'payment_47', code: '123456' });
  await rocketpay.resendCode({ paymentId: 'payment_47', ipAddress: '::1' });
  await rocketpay.refund({ paymentId: 'payment_47' });
  await failure(rocketpay.status({ paymentId: 'payment_47' }));
  await failure(rocketpay.statusByRequest({ requestId: 'r-1' }));
  await failure(rocketpay.checkMethods([{ method: 'mobile' }]));
  await rocketpay.availableMethods();
  await failure(rocketpay.operators());
  assert.equal(server.calls.length, 9);
  const nonces = server.calls.map(({ path, headers, body }) => {
    const [, t = '', nonce = '', v1] = /^t=(\d+),n=([\w-]+),v1=([0-9a-f]{64})$/.exec(signatureHeader(headers)) ?? [];
    assert.equal(t, String(Date.parse('2030-01-01T00:00:00Z') / 1_000));
    const key = Buffer.from(hkdfSync('sha256', SECRET, '', 'rocketpay-strict-v1', 32));
    const hash = createHash('sha256').update(body).digest('hex');
    // What stands before the platform's own paths is the business of whoever put it there.
    const text = ['POST', path.replace('/gate', ''), hash, t, nonce].join('\n');
    assert.equal(v1, createHmac('sha256', key).update(text).digest('hex'), path);
    return nonce;
  });
  assert.equal(new Set(nonces).size, 9);
});

test('a repeat carries the nonce of the first try, until that has grown old', async () => {
  let now = 0;
  await using server = await startScriptedServer('cut', 'cut', 'cut', yes);
  const slow = (...args: Parameters<typeof fetch>): ReturnType<typeof fetch> => {
    now += 90_000;
    return fetch(...args);
  };
  await client(server, { now: () => now, fetch: slow, retryDelaysMs: [0, 0, 0] }).sale(sale);
  const nonces = server.calls.map(({ headers }) => /n=([^,]+)/.exec(signatureHeader(headers))?.[1]);
  assert.equal(nonces[0], nonces[1]);
  assert.equal(nonces[1], nonces[2]);
  assert.notEqual(nonces[2], nonces[3]);
});

const signatureHeader = (headers: IncomingHttpHeaders): string => String(headers['x-rocketpay-signature']);
