import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, client, failure, sale, yes } from './testing/merchant.ts';
import { startScriptedServer } from './testing/scripted-server.ts';

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

test('a code and a resend are sent once only', async () => {
  await using server = await startScriptedServer('cut');
  const rocketpay = client(server);
  for (const call of [
    rocketpay.submitCode({ paymentId: 'p', code: '1' }),
    rocketpay.resendCode({ paymentId: 'p', ipAddress: '::1' }),
  ]) {
    const error = await failure(call);
    assert.deepEqual([error.outcome, error.retryable], ['unknown', false]);
  }
  assert.equal(server.calls.length, 2);
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
    location: `${elsewhere.url}/v2/payment/mobile/sale`,
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
