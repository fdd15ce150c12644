import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '@rocketpay/contract/json.ts';
import { verifyMessage } from '@rocketpay/contract/signature.ts';
import type { JsonObject } from './reading.ts';
import { answer, client, sale, yes } from './test-kit/merchant.ts';
import { SECRET } from './test-kit/samples.ts';
import { startScriptedServer, type ScriptedServer } from './test-kit/scripted-server.ts';

const signatureOf = (server: ScriptedServer, call = 0): string =>
  (JSON.parse(server.calls[call]?.body ?? '{}') as { general: { signature: string } }).general.signature;

/** The body of a call, without its signature. */
function sentTo(server: ScriptedServer, call = 0): JsonObject {
  const body = JSON.parse(server.calls[call]?.body ?? '{}') as JsonObject & { general: JsonObject };
  const { signature: _any, ...general } = body.general;
  return { ...body, general };
}

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
    returnUrl: { success: 'http://shop.test/yes', decline: 'http://shop.test/no', return: 'http://shop.test/back' },
    extraParam: 'till 3',
    customer: {
      ...sale.customer,
      middleName: 'Q',
      phone: '77010000001',
      homePhone: '77010000002',
      workPhone: '77010000003',
      country: 'KZ',
      state: 'Almaty region',
      city: 'Almaty',
      district: 'Medeu',
      street: 'Abay',
      building: '1',
      address: 'Abay 1',
      zip: '050000',
      dayOfBirth: '31-01-1990',
      gender: 'male',
      iin: '900131300000',
      language: 'kk',
    },
  });
  assert.deepEqual(sentTo(server), {
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
      middle_name: 'Q',
      phone: '77010000001',
      home_phone: '77010000002',
      work_phone: '77010000003',
      country: 'KZ',
      state: 'Almaty region',
      city: 'Almaty',
      district: 'Medeu',
      street: 'Abay',
      building: '1',
      address: 'Abay 1',
      zip: '050000',
      day_of_birth: '31-01-1990',
      gender: 'male',
      iin: '900131300000',
      language: 'kk',
    },
    account: { number: '71234567890', service_provider: 'TELE2' },
    payment: {
      amount: 100000,
      currency: 'KZT',
      description: 'Tea',
      extra_param: 'till 3',
      best_before: '2030-01-02T03:04:05.000Z',
    },
    return_url: { success: 'http://shop.test/yes', decline: 'http://shop.test/no', return: 'http://shop.test/back' },
    callback: { delay: 5, force_disable: false },
  });
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

test('a refund says how its callbacks are sent', async () => {
  await using server = await startScriptedServer(yes);
  const refund = { paymentId: 'payment_47', merchantRefundId: 'mine' };
  await client(server).refund({ ...refund, callbackDelaySeconds: 0 });
  await client(server).refund({ ...refund, callbacksOff: true });
  assert.deepEqual(
    [sentTo(server, 0), sentTo(server, 1)].map((sent) => sent['callback']),
    [{ delay: 0 }, { force_disable: true }],
  );
});

test('extra members join those of the client, at the root or inside its objects', async () => {
  await using server = await startScriptedServer(yes);
  const receipt = { positions: [{ quantity: 1, amount: 1.5, description: 'Tea' }] };
  await client(server).sale({
    ...sale,
    extra: {
      general: { referrer_url: 'http://shop.test/' },
      customer: { billing: { city: 'Almaty' } },
      receipt_data: receipt,
      additional_data: { till: 3 },
      destination: 'merchant',
    },
  });
  await client(server).refund({ paymentId: 'payment_47', merchantRefundId: 'mine', extra: { receipt_data: receipt } });
  const { general, customer, receipt_data, additional_data, destination } = sentTo(server, 0);
  assert.deepEqual(general, { project_id: 1234, payment_id: 'payment_47', referrer_url: 'http://shop.test/' });
  assert.deepEqual(customer, {
    id: 'customer_123',
    ip_address: '198.51.100.47',
    first_name: 'John',
    last_name: 'Doe',
    email: 'johndoe@example.com',
    billing: { city: 'Almaty' },
  });
  assert.deepEqual([receipt_data, additional_data, destination], [receipt, { till: 3 }, 'merchant']);
  assert.deepEqual(sentTo(server, 1)['receipt_data'], receipt);
});

test('the signature holds for all that is said', async () => {
  await using server = await startScriptedServer(yes);
  await client(server).sale({
    ...sale,
    customer: { ...sale.customer, middleName: 'Ә;b:c' },
    returnUrl: { return: 'http://shop.test/back' },
    extra: { receipt_data: { positions: [{ amount: 1.5, tax: 1e-7 }] }, payment: { is_fast: true } },
  });
  const body = parseJson(Buffer.from(server.calls[0]?.body ?? ''));
  assert.ok(body.ok && verifyMessage(body.value, signatureOf(server), SECRET));
});

test('an extra member never replaces one of the client', async () => {
  await using server = await startScriptedServer(yes);
  for (const extra of [
    { general: { project_id: 1 } },
    { general: { signature: 'x' } },
    { payment: { amount: 1 } },
    { customer: { ip_address: '::1' } },
  ]) {
    await assert.rejects(client(server).sale({ ...sale, extra }), TypeError);
  }
  await assert.rejects(
    client(server).refund({ paymentId: 'p', extra: { payment: { merchant_refund_id: 'x' } } }),
    TypeError,
  );
  assert.equal(server.calls.length, 0);
});

test('the operator list may be asked for one operator or one country', async () => {
  await using server = await startScriptedServer(answer([]));
  for (const filter of [{ code: 'TELE2' }, { country: 'KZ' }, { code: 'TELE2', country: 'KZ' }])
    await client(server).operators(filter);
  assert.deepEqual(
    [0, 1, 2].map((call) => sentTo(server, call)['service_provider']),
    [{ code: 'TELE2' }, { country: 'KZ' }, { code: 'TELE2', country: 'KZ' }],
  );
});
