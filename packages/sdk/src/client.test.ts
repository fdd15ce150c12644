import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Rocketpay, type RocketpayOptions } from './client.ts';
import { answer, client, failure, sale } from './test-kit/merchant.ts';
import { paid, SECRET, signed } from './test-kit/samples.ts';
import { startScriptedServer } from './test-kit/scripted-server.ts';

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
  const refused: readonly [bad: object, message: RegExp][] = [
    [{ projectId: 0 }, /^projectId must be a positive integer/],
    [{ projectId: 1.5 }, /^projectId must/],
    [{ secret: '' }, /^secret must not be empty/],
    [{ secret: undefined }, /^secret is missing/],
    [{ secret: 42 }, /^secret must be a string/],
    [{ secret: [] }, /^secret must not be empty/],
    [{ callbackSecret: 42 }, /^callbackSecret must be a string/],
    [{ callbackSecret: null }, /^callbackSecret must be a string/],
    [{ callbackSecret: [] }, /^callbackSecret must not be empty/],
    [{ pageEncryptionKey: 42 }, /^pageEncryptionKey must be a string/],
    [{ pageEncryptionKey: '' }, /^pageEncryptionKey must not be empty/],
    [{ fetch: 42 }, /^fetch must be a function/],
    [{ signal: {} }, /^signal must be an AbortSignal/],
    [{ now: 0 }, /^now must be a function/],
    [{ baseUrl: undefined }, /^baseUrl is missing: it must be an http or https address/],
    [{ baseUrl: 'ftp://gate' }, /^baseUrl must be an http or https address, such as https:/],
    [{ baseUrl: 'gate' }, /^baseUrl must be an http/],
    [{ baseUrl: '127.0.0.1:8080' }, /^baseUrl must be an http/],
    [{ baseUrl: 'localhost:8080' }, /^baseUrl must be an http/],
    [{ timeoutMs: -1 }, /^timeoutMs must be a whole number of milliseconds from 1 to 2147483647/],
    [{ timeoutMs: 0 }, /^timeoutMs must/],
    [{ timeoutMs: 2 ** 31 }, /^timeoutMs must/],
    [{ timeoutMs: '5000' }, /^timeoutMs must/],
    [{ retryDelaysMs: 250 }, /^retryDelaysMs must be a list/],
    [{ retryDelaysMs: [-1] }, /^each of retryDelaysMs must/],
  ];
  for (const [bad, message] of refused)
    assert.throws(() => new Rocketpay({ ...good, ...bad }), { name: 'TypeError', message });
  for (const none of [undefined, null, 'https://gate.example.com'])
    assert.throws(() => new Rocketpay(none as unknown as RocketpayOptions), {
      name: 'TypeError',
      message: /^The argument of new Rocketpay .* an object/,
    });
  for (const amountMinor of [10.5, Number.NaN, 2 ** 53]) {
    await assert.rejects(new Rocketpay(good).sale({ ...sale, amountMinor }), TypeError);
    await assert.rejects(new Rocketpay(good).refund({ paymentId: 'p', amountMinor, currency: 'KZT' }), TypeError);
  }
});

test('a call without what it needs says what is missing, and sends nothing', async () => {
  await using server = await startScriptedServer(answer({}, 400));
  // As a caller without types sees it.
  const rocketpay = client(server) as unknown as Record<string, (argument?: unknown) => Promise<unknown>>;
  const { customer: _customer, ...noCustomer } = sale;
  const calls: readonly [call: string, argument: unknown, message: RegExp][] = [
    ['sale', undefined, /^The argument of sale is missing: it must be an object/],
    ['sale', noCustomer, /^customer is missing: it must be an object/],
    ['sale', { ...sale, paymentId: 47 }, /^paymentId must be a string/],
    ['sale', { ...sale, paymentId: '' }, /^paymentId must not be empty/],
    ['sale', { ...sale, phone: undefined }, /^phone is missing: it must be a string/],
    ['sale', { ...sale, phone: 77071234567 }, /^phone must be a string/],
    ['sale', { ...sale, currency: undefined }, /^currency is missing/],
    ['sale', { ...sale, currency: '' }, /^currency must not be empty/],
    ['sale', { ...sale, customer: { ...sale.customer, email: undefined } }, /^customer\.email is missing/],
    ['sale', { ...sale, customer: { ...sale.customer, ipAddress: '' } }, /^customer\.ipAddress must not be empty/],
    ['sale', { ...sale, returnUrl: 'https://shop.example' }, /^returnUrl must be an object/],
    ['sale', { ...sale, extra: null }, /^extra must be an object/],
    ['sale', { ...sale, amountMinor: undefined }, /^amountMinor is missing: it must be an integer of minor units/],
    ['sale', { ...sale, bestBefore: '2030-01-01' }, /^bestBefore must be a valid Date/],
    ['submitCode', { paymentId: 'p' }, /^code is missing: it must be a string/],
    ['submitCode', { paymentId: 'p', code: 123456 }, /^code must be a string/],
    ['resendCode', { paymentId: 'p' }, /^ipAddress is missing/],
    ['refund', undefined, /^The argument of refund is missing/],
    ['refund', {}, /^paymentId is missing/],
    // Taken for absent, it would make each call another refund, and its error would say that it may be repeated.
    ['refund', { paymentId: 'p', merchantRefundId: null }, /^merchantRefundId must be a string/],
    ['refund', { paymentId: 'p', merchantRefundId: '' }, /^merchantRefundId must not be empty/],
    ['refund', { paymentId: 'p', currency: '' }, /^currency must not be empty/],
    ['status', undefined, /^The argument of status is missing/],
    ['status', 'payment_47', /^The argument of status must be an object/],
    ['status', {}, /^paymentId is missing/],
    ['statusByRequest', {}, /^requestId is missing/],
    ['checkMethods', undefined, /^The argument of checkMethods is missing: it must be a list/],
    ['checkMethods', [null], /^Each question of checkMethods must be an object/],
    ['checkMethods', [{}], /^method is missing/],
    ['operators', null, /^The argument of operators must be an object/],
    ['operators', { operationType: '../x' }, /^operationType must be sale or payout/],
    ['availableMethods', 'KZT', /^The argument of availableMethods must be an object/],
  ];
  for (const [call, argument, message] of calls)
    await assert.rejects(async () => rocketpay[call]?.(argument), { name: 'TypeError', message }, call);
  assert.equal(server.calls.length, 0);
});

test('a callback reader or handler that cannot work says so where it is made', () => {
  const { callbacks } = new Rocketpay({ projectId: 1234, secret: SECRET, baseUrl: 'http://127.0.0.1:9' });
  // As a caller without types sees it.
  const untyped = callbacks as unknown as Record<string, (...all: readonly unknown[]) => unknown>;
  const wrong: readonly [call: string, all: readonly unknown[], message: RegExp][] = [
    ['parse', [], /^rawBody is missing: it must be the body as it arrived/],
    ['parse', [{ payment: {} }], /^rawBody must be .* not parsed/],
    ['node', [], /^The handler of callbacks is missing: it must be a function/],
    ['next', [() => undefined, null], /^The options of callbacks must be an object/],
    ['express', [() => undefined, { store: null }], /^store\.once is missing/],
    ['fastify', [() => undefined, { store: {} }], /^store\.once is missing/],
    ['hono', [() => undefined, { onError: 'log' }], /^onError must be a function/],
  ];
  for (const [call, all, message] of wrong)
    assert.throws(() => untyped[call]?.(...all), { name: 'TypeError', message }, call);
  const callbackSecret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
  const strict = new Rocketpay({ projectId: 1234, secret: SECRET, callbackSecret, baseUrl: 'http://127.0.0.1:9' });
  assert.throws(() => strict.callbacks.parse('{}', null as never), { name: 'TypeError', message: /^headers must be/ });
});

test('null stands for an option that is not given, and headers that nobody looks at may be anything', () => {
  const { callbacks } = new Rocketpay({ projectId: 1234, secret: SECRET, baseUrl: 'http://127.0.0.1:9', signal: null });
  callbacks.node(() => undefined, { onError: null as never });
  for (const headers of [null, [], undefined] as never[])
    assert.equal(callbacks.parse(signed(paid), headers).kind, 'succeeded');
});

test('a callback’s body may be the ArrayBuffer of a web request', async () => {
  const { callbacks } = new Rocketpay({ projectId: 1234, secret: SECRET, baseUrl: 'http://127.0.0.1:9' });
  const body = await new Response(signed(paid)).arrayBuffer();
  assert.equal(callbacks.parse(body).payment.id, 'payment_47');
  assert.equal((await callbacks.receive(() => undefined)({ body, headers: {} })).status, 200);
});
