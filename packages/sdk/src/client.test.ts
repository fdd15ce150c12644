import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Rocketpay, type RocketpayOptions } from './client.ts';
import { answer, client, failure, sale } from './test-kit/merchant.ts';
import { SECRET } from './test-kit/samples.ts';
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
    ['sale', { ...sale, amountMinor: undefined }, /^amountMinor must be an integer of minor units/],
    ['sale', { ...sale, bestBefore: '2030-01-01' }, /^bestBefore must be a valid Date/],
    ['submitCode', { paymentId: 'p' }, /^code is missing: it must be a string/],
    ['submitCode', { paymentId: 'p', code: 123456 }, /^code must be a string/],
    ['resendCode', { paymentId: 'p' }, /^ipAddress is missing/],
    ['refund', undefined, /^The argument of refund is missing/],
    ['refund', {}, /^paymentId is missing/],
    ['status', undefined, /^The argument of status is missing/],
    ['status', 'payment_47', /^The argument of status must be an object/],
    ['status', {}, /^paymentId is missing/],
    ['statusByRequest', {}, /^requestId is missing/],
    ['checkMethods', undefined, /^The argument of checkMethods is missing: it must be a list/],
  ];
  for (const [call, argument, message] of calls)
    await assert.rejects(async () => rocketpay[call]?.(argument), { name: 'TypeError', message }, call);
  assert.equal(server.calls.length, 0);
});
