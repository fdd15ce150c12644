import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Rocketpay, type RocketpayOptions } from './client.ts';
import { RocketpayError } from './errors.ts';
import { codeWrong, paid, refunded, SECRET, signed } from './testing/samples.ts';
import { startScriptedServer, type ScriptedServer, type Step } from './testing/scripted-server.ts';

const yes: Step = {
  httpStatus: 200,
  body: '{"status":"success","request_id":"r-1","project_id":1234,"payment_id":"payment_47"}',
};
const answer = (body: unknown, httpStatus = 200): Step => ({
  httpStatus,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const client = (server: ScriptedServer, options: Partial<RocketpayOptions> = {}): Rocketpay =>
  new Rocketpay({
    projectId: 1234,
    secret: SECRET,
    baseUrl: server.url,
    retryDelaysMs: [0, 0],
    timeoutMs: 5_000,
    ...options,
  });

const sale = {
  paymentId: 'payment_47',
  amountMinor: 100000,
  currency: 'KZT',
  phone: '71234567890',
  customer: {
    id: 'customer_123',
    ipAddress: '198.51.100.47',
    firstName: 'John',
    lastName: 'Doe',
    email: 'johndoe@example.com',
  },
};

async function failure(call: Promise<unknown>): Promise<RocketpayError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RocketpayError, inspect(error));
  return error;
}

const signatureOf = (server: ScriptedServer, call = 0): string =>
  (JSON.parse(server.calls[call]?.body ?? '{}') as { general: { signature: string } }).general.signature;

test('the documented requests go out with the signatures known for them', async () => {
  await using server = await startScriptedServer(yes, yes, yes, answer([]));
  const rocketpay = client(server);
  assert.deepEqual(await rocketpay.sale(sale), { requestId: 'r-1', projectId: 1234, paymentId: 'payment_47' });
  await rocketpay.submitCode({ paymentId: 'payment_47', code: '123456' });
  await rocketpay.resendCode({ paymentId: 'payment_47', ipAddress: '198.51.100.47' });
  await rocketpay.operators();
  assert.deepEqual(
    server.calls.map((call) => call.path),
    ['/v2/payment/mobile/sale', '/v2/payment/clarification', '/v2/customer/action/resend', '/v2/info/mobile/sale/list'],
  );
  assert.equal(
    signatureOf(server, 0),
    'QOnjgH9KqgQZ7P9veVZx1q+R9h4NX2Jj58wPirL3kjRUIWCcExJl9sltyAZgLq7qtFHPztCceIVF5PLteXu/bg==',
  );
  assert.equal(
    signatureOf(server, 1),
    '4870Er8J2eu72J9o6ik3SLP7iPWcdQa2vHjfkJpKPcjEWtwRuJDKh+/lmQduyYe3Ei717hqY9aykuJ7BSSQ2tQ==',
  );
  assert.equal(
    signatureOf(server, 2),
    'BRds6saS5G5yH5mLywwBJIVWJQeYuiuk13VUq6W0/KCUvya9XogMr7JB/EDInIDcfRAxgbpXxC+wDSDQqhh8Bw==',
  );
  assert.equal(
    signatureOf(server, 3),
    'q9lY84/q5DXuYE2jMG+KVpA07PvDPuAclu7powPoKNJBPZjCOSF9+X3DYfrld8pnNNAvyaNs1wS91lxFT7scFA==',
  );
});

test('every option of a sale has its place on the wire', async () => {
  await using server = await startScriptedServer(yes);
  await client(server).sale({
    ...sale,
    description: 'Tea',
    bestBefore: new Date('2030-01-02T03:04:05Z'),
    operator: 'TELE2',
    callbackUrl: 'http://shop.test/a',
    successCallbackUrl: 'http://shop.test/b',
    declineCallbackUrl: 'http://shop.test/c',
    callbackDelaySeconds: 5,
    callbacksOff: false,
  });
  const { signature: _any, ...general } = JSON.parse(server.calls[0]?.body ?? '').general;
  assert.deepEqual(
    { ...JSON.parse(server.calls[0]?.body ?? ''), general },
    {
      general: {
        project_id: 1234,
        payment_id: 'payment_47',
        merchant_callback_url: 'http://shop.test/a',
        merchant_success_callback_url: 'http://shop.test/b',
        merchant_decline_callback_url: 'http://shop.test/c',
      },
      customer: {
        id: 'customer_123',
        ip_address: '198.51.100.47',
        first_name: 'John',
        last_name: 'Doe',
        email: 'johndoe@example.com',
      },
      account: { number: '71234567890', service_provider: 'TELE2' },
      payment: { amount: 100000, currency: 'KZT', description: 'Tea', best_before: '2030-01-02T03:04:05.000Z' },
      callback: { delay: 5, force_disable: false },
    },
  );
});

test('a refund always has an id, the given one or a new one each time', async () => {
  await using server = await startScriptedServer(yes);
  const rocketpay = client(server);
  const first = await rocketpay.refund({ paymentId: 'payment_47' });
  const second = await rocketpay.refund({ paymentId: 'payment_47' });
  const third = await rocketpay.refund({
    paymentId: 'payment_47',
    amountMinor: 100,
    currency: 'KZT',
    merchantRefundId: 'mine',
  });
  const sent = server.calls.map((call) => (JSON.parse(call.body) as { payment: unknown }).payment);
  assert.deepEqual(sent, [
    { merchant_refund_id: first.merchantRefundId },
    { merchant_refund_id: second.merchantRefundId },
    { amount: 100, currency: 'KZT', merchant_refund_id: 'mine' },
  ]);
  assert.notEqual(first.merchantRefundId, second.merchantRefundId);
  assert.equal(third.merchantRefundId, 'mine');
});

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

const state = {
  project_id: 1234,
  payment: codeWrong.payment,
  operations: [paid.operation, refunded.operation],
  account: paid.account,
  clarification_fields: codeWrong.clarification_fields,
  clarification_info: codeWrong.clarification_info,
};

test('status is read in full from a signed answer', async () => {
  await using server = await startScriptedServer(answer(signed(state)));
  const found = await client(server).status({ paymentId: 'payment_47' });
  assert.equal(found.payment.status, 'awaiting clarification');
  assert.deepEqual(
    found.operations.map((operation) => [operation.id, operation.type]),
    [
      ['47', 'sale'],
      ['48', 'refund'],
    ],
  );
  assert.deepEqual(found.account, { number: '71234567890', operator: 'TELE2' });
  assert.equal(found.clarification?.reason, 'code_wrong');
});

test('a status answer that is not proven is not believed', async () => {
  for (const body of [
    JSON.stringify(state),
    signed(state).replace('awaiting clarification', 'success'),
    signed({ ...state, project_id: 1 }),
  ]) {
    await using server = await startScriptedServer(answer(body));
    assert.equal((await failure(client(server).status({ paymentId: 'payment_47' }))).outcome, 'untrusted');
  }
});

test('an unknown payment is a refusal, a platform that cannot look is a doubt', async () => {
  const body = (code: string): Step => answer({ payment: { status: 'error' }, errors: [{ code, message: 'Told' }] });
  await using server = await startScriptedServer(body('3061'), body('3062'));
  const unknown = await failure(client(server).status({ paymentId: 'nobody' }));
  assert.deepEqual([unknown.outcome, unknown.code, unknown.retryable], ['refused', '3061', false]);
  const unclear = await failure(client(server).status({ paymentId: 'payment_47' }));
  assert.deepEqual([unclear.outcome, unclear.code, unclear.retryable], ['unknown', '3062', true]);
});

test('operators are read from the bare list', async () => {
  await using server = await startScriptedServer(
    answer([{ code: 'TELE2', name: 'Tele2', country: 'KZ', countries: ['KZ'], currencies: ['KZT'] }]),
  );
  assert.deepEqual(await client(server).operators({ operationType: 'payout' }), [
    { code: 'TELE2', name: 'Tele2', country: 'KZ', currencies: ['KZT'] },
  ]);
  assert.equal(server.calls[0]?.path, '/v2/info/mobile/payout/list');
});

test('the secret shows up neither when the client is printed nor when a call fails', async () => {
  await using server = await startScriptedServer('cut', answer({}, 400));
  const rocketpay = client(server);
  const shown = [
    inspect(rocketpay, { depth: 9, showHidden: true }),
    JSON.stringify(rocketpay),
    inspect(await failure(rocketpay.submitCode({ paymentId: 'p', code: '987654' })), { depth: 9 }),
    inspect(await failure(rocketpay.submitCode({ paymentId: 'p', code: '987654' })), { depth: 9 }),
  ].join('\n');
  assert.ok(!shown.includes(SECRET) && !shown.includes('987654'));
});

test('options and amounts that cannot work are refused before anything is sent', async () => {
  const good = { projectId: 1234, secret: SECRET, baseUrl: 'http://127.0.0.1:9' };
  for (const bad of [
    { projectId: 0 },
    { projectId: 1.5 },
    { secret: '' },
    { baseUrl: 'ftp://gate' },
    { baseUrl: 'gate' },
  ]) {
    assert.throws(() => new Rocketpay({ ...good, ...bad }), TypeError);
  }
  for (const amountMinor of [10.5, Number.NaN, 2 ** 53]) {
    await assert.rejects(new Rocketpay(good).sale({ ...sale, amountMinor }), TypeError);
    await assert.rejects(new Rocketpay(good).refund({ paymentId: 'p', amountMinor, currency: 'KZT' }), TypeError);
  }
});
