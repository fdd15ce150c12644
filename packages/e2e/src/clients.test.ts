import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import ecommpay from 'ecommpay';
import { newPaymentId, newPhone, Stage } from './stage.ts';
import { hush } from './hush.ts';

const SECRET = 'test-secret';
let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage[Symbol.asyncDispose]());

/**
 * A shop's old HTTP client: one HTTP/1.0 request on a connection of its own, without a Host, with the form's Content-Type
 * before a body of JSON, and five seconds of patience for the whole.
 */
async function post(path: string, body: object): Promise<{ status: number; text: string }> {
  const text = JSON.stringify(body);
  const { hostname, port } = new URL(stage.sandbox.platform);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.setTimeout(5_000, () => socket.destroy(new Error(`no answer of ${path} within five seconds`)));
  socket.write(
    [
      `POST ${path} HTTP/1.0`,
      'Accept: application/json',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
  );
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const [head = '', rest = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), text: rest };
}

/** Signed by the public SDK in `general`. */
function signed(paymentId: string, body: object = {}, general: object = {}): object {
  const whole = { general: { project_id: 1234, payment_id: paymentId, ...general }, ...body };
  return { ...whole, general: { ...whole.general, signature: ecommpay.signer(whole, SECRET) } };
}

async function accepted(path: string, body: object): Promise<string> {
  const { status, text } = await post(path, body);
  assert.equal(status, 200, text);
  return (JSON.parse(text) as { request_id: string }).request_id;
}

test('the public npm SDK, unmodified, in an old shop: purchase, code, status, refund, what became of it, and callbacks', async () => {
  const paymentId = newPaymentId();
  const phone = newPhone();
  hush(phone);
  const inbox = stage.endpoint.inbox(paymentId);
  const sale = {
    customer: { id: 'c-1', ip_address: '198.51.100.47', first_name: 'Ay', last_name: 'Bek', email: 'a@example.com' },
    account: { number: phone },
    payment: { amount: 100_000, currency: 'KZT', description: '' },
    interface_type: { id: 22 },
  };
  const saleId = await accepted(
    '/v2/payment/mobile/sale',
    signed(paymentId, sale, { merchant_callback_url: inbox.url }),
  );
  await inbox.take(1, 'awaiting clarification', 20_000);
  const code = await stage.operator.code(phone, paymentId);
  await accepted(
    '/v2/payment/clarification',
    signed(paymentId, { additional_data: { additional_data: { approval_code: code } } }),
  );
  await inbox.take(2, 'success', 30_000);

  const { text: status } = await post('/v2/payment/status', signed(paymentId, { destination: 'merchant' }));
  assert.ok(new ecommpay.Callback(SECRET, status).isPaymentSuccess());

  const refundId = await accepted('/v2/payment/refund', signed(paymentId, { payment: { currency: 'KZT' } }));
  const refunded = await inbox.take(3, 'refunded', 30_000);
  assert.equal(refunded.operation.request_id, refundId);

  for (const [requestId, type] of [
    [saleId, 'sale'],
    [refundId, 'refund'],
  ]) {
    const question = { project_id: 1234, request_id: requestId };
    const { text } = await post('/v2/payment/status/request', {
      ...question,
      signature: ecommpay.signer(question, SECRET),
    });
    assert.ok(new ecommpay.Callback(SECRET, text));
    const state = JSON.parse(text) as { status: string; transaction: { type: string }; sum_refund: object };
    assert.deepEqual([state.status, state.transaction.type], ['refunded', type]);
    assert.deepEqual(state.sum_refund, { amount: 100_000, currency: 'KZT' });
  }

  const callbacks = inbox.received.map(({ raw }) => new ecommpay.Callback(SECRET, raw));
  assert.deepEqual(
    callbacks.map((callback) => [callback.getPaymentId(), callback.isPaymentSuccess()]),
    [
      [paymentId, false],
      [paymentId, true],
      [paymentId, false],
    ],
  );
  const [first] = inbox.received;
  assert.throws(() => new ecommpay.Callback(SECRET, first?.raw.replace('KZT', 'USD') ?? ''), /Invalid signature/);
});
