import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import ecommpay from 'ecommpay';
import { type Answer, type Body, Merchant, paths, refused, taken } from './merchant.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage[Symbol.asyncDispose]());

/** A copy with the member at the path set, or left out when there is no value. */
function withMember(body: Body, path: string, value?: unknown): Body {
  const copy = structuredClone(body) as Record<string, unknown> & Body;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let holder: Record<string, unknown> = copy;
  for (const name of names) holder = (holder[name] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** The platform is well, and the payment id is as free as before. */
async function assertNothingHappened(paymentId: string, phone: string): Promise<void> {
  const health = await fetch(`${stage.sandbox.platform}/health/ready`);
  assert.equal(health.status, 200, await health.text());
  const unknown = await stage.merchant.status(paymentId);
  assert.deepEqual(unknown.payment, { status: 'error' });
  assert.deepEqual(unknown.errors, [{ code: '3061', message: 'Transaction not found' }]);
  assert.deepEqual(await stage.operator.messages(phone, paymentId), []);
  await taken(stage.merchant.sale({ paymentId, phone }), paymentId);
}

const long = 'x'.repeat(256);
const forms: Record<string, [path: string, value: unknown, ...faults: string[]]> = {
  'no customer': ['customer', undefined, '2004 customer required'],
  'no email': ['customer.email', undefined, '2004 customer.email required'],
  'no amount': ['payment.amount', undefined, '2004 payment.amount required'],
  'no number': ['account.number', undefined, '2004 account.number required'],
  'an amount as text': ['payment.amount', '100000', '502 payment.amount type'],
  'an amount of nothing': ['payment.amount', 0, '502 payment.amount minimum'],
  'an amount beyond the greatest': ['payment.amount', 10_000_000_000_001, '502 payment.amount maximum'],
  'a fraction of a tiyn': ['payment.amount', 100.5, '502 payment.amount integer'],
  'null for a name': ['customer.first_name', null, '502 customer.first_name type'],
  'a list for an object': ['payment', [], '502 payment type'],
  'too long a name': ['customer.last_name', long, '502 customer.last_name maxLength'],
  'too long a description': ['payment.description', long, '502 payment.description maxLength'],
  'no email address': ['customer.email', 'somebody', '2426 customer.email format'],
  'no IP address': ['customer.ip_address', '999.1.1.1', '502 customer.ip_address format'],
  'an empty customer id': ['customer.id', '', '2124 customer.id minLength'],
  'a number with a plus': ['account.number', '+77011234567', '502 account.number pattern'],
  'a number of three digits': ['account.number', '701', '502 account.number pattern'],
  'a number of 25 digits': ['account.number', '7'.repeat(25), '502 account.number pattern'],
  'an unknown currency': ['payment.currency', 'ABC', '3121 payment.currency currencyUnknown'],
  'a currency that the project lacks': ['payment.currency', 'USD', '3023 payment.currency enabled'],
  'too long a delay': ['callback.delay', 601, '502 callback.delay maximum'],
  'an unknown member at the root': ['recurring', { id: 1 }, '702 recurring unknown'],
  'U+0000 in a name': ['customer.first_name', 'Jo\0hn', '502 customer.first_name forbiddenCharacter'],
  'U+0000 where nothing is documented': ['customer.note', 'a\0', '502 customer.note forbiddenCharacter'],
  'a value with a line of its own': [
    'payment.description',
    'X;general:payment_id:payment_47',
    '702 payment.description signatureAmbiguity',
  ],
};

describe('a sale is refused at the door, and nothing is stored:', { concurrency: 8 }, () => {
  for (const [what, [path, value, ...faults]] of Object.entries(forms)) {
    test(what, async () => {
      const [paymentId, phone] = [newPaymentId(), newPhone()];
      const body = withMember(stage.merchant.saleBody({ paymentId, phone }), path, value);
      await refused(stage.merchant.send(paths.sale, body), ...faults);
      await assertNothingHappened(paymentId, phone);
    });
  }

  /** Bodies that no honest client would write; each made of a good one's text. */
  const texts: Record<
    string,
    [rewrite: (text: string) => string | Uint8Array<ArrayBuffer>, status: number, code: string]
  > = {
    'broken JSON': [(text) => text.slice(0, -1), 422, '2003'],
    'no body': [() => '', 422, '2003'],
    'two bodies': [(text) => text + text, 422, '2003'],
    'a body that is not UTF-8': [
      (text) => new Uint8Array(Buffer.from(text.replace('John', 'J\u00f6hn'), 'latin1')),
      422,
      '2003',
    ],
    'a list': [(text) => `[${text}]`, 400, '702'],
    'a lone surrogate': [(text) => text.replace('John', String.raw`Jo\ud800hn`), 400, '502'],
    'an amount in exponents': [(text) => text.replace('100000', '1e5'), 400, '502'],
    'an amount of a hundred digits': [(text) => text.replace('100000', '1'.repeat(100)), 400, '502'],
    'deep nesting': [(text) => text.replace('"John"', `${'['.repeat(50_000)}${']'.repeat(50_000)}`), 400, '702'],
    'five megabytes': [(text) => text.replace('John', 'x'.repeat(5_000_000)), 413, '702'],
    'an empty signature': [(text) => text.replace(/"signature":"[^"]*"/, '"signature":""'), 400, '3262'],
    'no signature': [(text) => text.replace(/,"signature":"[^"]*"/, ''), 400, '3262'],
    'a signature of another form': [(text) => text.replace(/"signature":"[^"]*"/, '"signature":"abc"'), 400, '3261'],
    'a wrong signature': [(text) => text.replace('John', 'Jane'), 400, '3261'],
  };
  for (const [what, [rewrite, status, code]] of Object.entries(texts)) {
    test(what, async () => {
      const [paymentId, phone] = [newPaymentId(), newPhone()];
      const text = stage.merchant.signed(stage.merchant.saleBody({ paymentId, phone }));
      const answer = await stage.merchant.post(paths.sale, rewrite(text));
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.json.status, 'error');
      assert.equal(answer.json.code, code);
      assert.equal(typeof answer.json.message, 'string');
      await assertNothingHappened(paymentId, phone);
    });
  }

  test('several faults are told at once', async () => {
    const [paymentId, phone] = [newPaymentId(), newPhone()];
    const body = withMember(stage.merchant.saleBody({ paymentId, phone }), 'customer.email');
    const worse = withMember(withMember(body, 'payment.amount', -1), 'extra', true);
    const answer = await stage.merchant.send(paths.sale, worse);
    assert.equal(answer.status, 400);
    const fields = answer.json.errors?.map((fault) => fault.field).toSorted();
    assert.deepEqual(fields, ['customer.email', 'extra', 'payment.amount']);
    await assertNothingHappened(paymentId, phone);
  });

  test('a project that does not exist looks exactly like a wrong signature', async () => {
    const [paymentId, phone] = [newPaymentId(), newPhone()];
    const order = { paymentId, phone };
    const unknown = await new Merchant(stage.sandbox.platform, 4321).sale(order);
    const wrong = await new Merchant(stage.sandbox.platform, 1234, 'another-secret').sale(order);
    await refused(wrong, '3261 general.signature signature');
    assert.equal(unknown.status, wrong.status);
    assert.equal(unknown.text, wrong.text);
    const headers = (answer: Answer) =>
      [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    assert.deepEqual(headers(unknown), headers(wrong));
    await assertNothingHappened(paymentId, phone);
  });
});

test('a signed Payment Page link does not pass for a refund', async () => {
  const { merchant, operator } = stage;
  const { paymentId } = await stage.paid();
  const common = {
    project_id: 1234,
    payment_id: 'evil_1',
    customer_id: 'c1',
    customer_email: 'e@example.com',
    customer_first_name: 'Eve',
  };
  const rest = { payment_amount: 100, payment_currency: 'KZT' };
  const link = { ...common, customer_last_name: `X;general:payment_id:${paymentId};general:project_id:1234`, ...rest };
  const general = { payment_id: paymentId, project_id: 1234 };
  const forged = { ...common, customer_last_name: 'X', general, ...rest };
  const signature = ecommpay.signer(link, 'test-secret');
  assert.equal(ecommpay.signer(forged, 'test-secret'), signature, 'the pair signs alike');
  const body = JSON.stringify({ ...forged, general: { ...general, signature } });
  for (const path of Object.values(paths)) {
    const answer = await merchant.post(path, body);
    assert.equal(answer.status, 400, path);
    const unknown = answer.json.errors?.filter((fault) => fault.constraint === 'unknown').map((fault) => fault.field);
    assert.ok(unknown?.includes('customer_last_name'), answer.text);
  }
  assert.deepEqual(await operator.moved(paymentId), [100_000]);
  assert.equal((await merchant.status(paymentId)).payment.status, 'success');
});

test('codes, resends and refunds of a payment that is not there are refused alike', async () => {
  const { merchant } = stage;
  const missing = newPaymentId();
  for (const answer of [
    await merchant.code(missing, '123456'),
    await merchant.resend(missing),
    await merchant.refund(missing),
  ]) {
    await refused(answer, '3061 general.payment_id exists');
  }
  const { paymentId } = await stage.awaitingCode();
  const field = 'additional_data.additional_data.approval_code';
  await refused(merchant.code(paymentId, ''), `2004 ${field} minLength`);
  const empty = { ...merchant.general(paymentId), additional_data: { additional_data: {} } };
  await refused(merchant.send(paths.code, empty), `2004 ${field} required`);
  assert.equal((await merchant.status(paymentId)).payment.status, 'awaiting clarification');
});

test('other methods and paths are answered 404 in JSON', async () => {
  const ask = (path: string, init?: RequestInit) => fetch(`${stage.sandbox.platform}${path}`, init);
  for (const response of [
    await ask(paths.sale),
    await ask(paths.sale, { method: 'PUT', body: '{}' }),
    await ask('/v2'),
    await ask('/v2/payment/mobile/purchase', { method: 'POST', body: '{}' }),
    await ask('/v2/payment/mobile/sale/%00', { method: 'POST', body: '{}' }),
  ]) {
    assert.equal(response.status, 404, response.url);
    const { status, code, message } = (await response.json()) as Record<string, unknown>;
    assert.deepEqual([status, typeof code, typeof message], ['error', 'string', 'string']);
    assert.ok(response.headers.get('x-request-id'));
  }
});

test('HTTP/1.0 without a Content-Type is served, as old shops speak', async () => {
  const [paymentId, phone] = [newPaymentId(), newPhone()];
  const body = stage.merchant.signed(stage.merchant.saleBody({ paymentId, phone }));
  const socket = connect(Number(new URL(stage.sandbox.platform).port), '127.0.0.1');
  socket.write(
    `POST ${paths.sale} HTTP/1.0\r\nHost: gate\r\nAccept: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  const text = Buffer.concat(chunks).toString('utf8');
  assert.match(text, /^HTTP\/1\.[01] 200 /);
  assert.match(text, /"status":"success"/);
});

test('a body of any Content-Type, and extra members inside documented objects, are taken', async () => {
  const [paymentId, phone] = [newPaymentId(), newPhone()];
  const order = { paymentId, phone, payment: { note: 'Заказ №47; "тест"', is_fast: true } };
  const body = stage.merchant.signed(stage.merchant.saleBody(order));
  const response = await fetch(`${stage.sandbox.platform}${paths.sale}`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
    body,
  });
  assert.equal(response.status, 200);
  await stage.operator.code(phone, paymentId);
});
