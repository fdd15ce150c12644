import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type CallbackBody, momentMs } from './envelope.ts';
import { eventually } from './eventually.ts';
import { type Body, type Merchant, paths, refused, taken } from './merchant.ts';
import { wrongCode } from './operator.ts';
import { newPhone, Stage } from './stage.ts';

const PHONE = '71234567890';
const ID = 'payment_47';
/** Also the time to the first resend, which the story waits for; what comes before it must be done by then. */
const CODE_LIFE_MS = 6_000;
const KZT = (amount: number) => ({ amount, currency: 'KZT' });

/** The documented sample bodies, letter by letter; only the callback address is the test's own. */
const samples = {
  sale: (callbackUrl: string): Body => ({
    general: { project_id: 1234, payment_id: ID, merchant_callback_url: callbackUrl },
    customer: {
      id: 'customer_123',
      ip_address: '198.51.100.47',
      first_name: 'John',
      last_name: 'Doe',
      email: 'johndoe@example.com',
    },
    account: { number: PHONE },
    payment: { currency: 'KZT', amount: 100_000 },
  }),
  code: (code: string): Body => ({
    general: { project_id: 1234, payment_id: ID },
    additional_data: { additional_data: { approval_code: code } },
  }),
  resend: { general: { project_id: 1234, payment_id: ID }, customer: { ip_address: '198.51.100.47' } },
  refund: (amount: number): Body => ({
    general: { project_id: 1234, payment_id: ID },
    payment: { currency: 'KZT', amount, description: 'Refund.' },
  }),
};

let stage: Stage;
before(async () => {
  stage = await Stage.set({ OTP_TTL_SECONDS: `${CODE_LIFE_MS / 1_000}`, LOG_LEVEL: 'debug' });
});
after(() => stage[Symbol.asyncDispose]());

/** Where the payment stands, in callback and status alike. */
async function assertStands(
  merchant: Merchant,
  { payment, operation }: CallbackBody,
  expected: { status: string; left: number; code: string; operations: number },
): Promise<void> {
  assert.equal(payment.status, expected.status);
  assert.deepEqual(payment.sum, KZT(expected.left));
  assert.equal(operation.code, expected.code);
  const status = await merchant.status(ID);
  assert.equal(status.payment.status, expected.status);
  assert.deepEqual(status.payment.sum, KZT(expected.left));
  assert.equal(status.operations.length, expected.operations);
  assert.deepEqual(status.operations.at(-1), operation);
}

test('purchase, wrong code, resend, right code, two refunds, and one too many', async () => {
  const { merchant, operator, endpoint } = stage;
  const inbox = endpoint.inbox(ID);

  const saleId = await taken(merchant.send(paths.sale, samples.sale(inbox.url)), ID);
  const asked = await inbox.take(1, 'awaiting clarification');
  await assertStands(merchant, asked, { status: 'awaiting clarification', left: 100_000, code: '9999', operations: 1 });
  assert.equal(asked.project_id, 1234);
  assert.deepEqual(asked.customer, { id: 'customer_123' });
  assert.deepEqual(asked.account, { number: PHONE, type: 'TELE2' });
  assert.equal(asked.operation.type, 'sale');
  assert.equal(asked.operation.status, 'awaiting clarification');
  assert.equal(asked.operation.message, 'Awaiting processing');
  assert.equal(asked.operation.request_id, saleId);
  assert.equal(asked.payment.description, '');
  assert.equal(asked.clarification_info?.reason, 'code_requested');
  assert.equal(asked.clarification_info?.attempts_left, 5);
  assert.equal(asked.clarification_info?.resends_left, 3);
  const [first, ...others] = await operator.messages(PHONE, ID);
  assert.ok(first);
  assert.deepEqual(others, []);
  assert.equal(first.operator, 'TELE2');
  const sentAt = Date.parse(first.sent_at);
  const { expires_at: expiresAt = '', resend_allowed_at: resendAt = '' } = asked.clarification_info ?? {};
  assert.ok(Math.abs(momentMs(expiresAt) - sentAt - CODE_LIFE_MS) <= 1_000, `${expiresAt} for ${first.sent_at}`);
  assert.ok(Math.abs(momentMs(resendAt) - sentAt - CODE_LIFE_MS) <= 1_000);

  const early = await refused(merchant.send(paths.resend, samples.resend), '3060 general.payment_id resend_too_early');
  const [namedTime = ''] = /\d{4}-\d\d-\d\dT[\d:]+\+0000/.exec(early) ?? [];
  assert.equal(namedTime, resendAt, early);

  await taken(merchant.send(paths.code, samples.code(wrongCode(first.code))), ID);
  const wrong = await inbox.take(2, 'awaiting clarification');
  await assertStands(merchant, wrong, { status: 'awaiting clarification', left: 100_000, code: '9999', operations: 1 });
  assert.equal(wrong.clarification_info?.reason, 'code_wrong');
  assert.equal(wrong.clarification_info?.attempts_left, 4);
  assert.equal(wrong.clarification_info?.resends_left, 3);

  await eventually('the time that was named has come', () => Date.now() >= momentMs(namedTime));
  await taken(merchant.send(paths.resend, samples.resend), ID);
  const resent = await inbox.take(3, 'awaiting clarification');
  await assertStands(merchant, resent, {
    status: 'awaiting clarification',
    left: 100_000,
    code: '9999',
    operations: 1,
  });
  assert.equal(resent.clarification_info?.reason, 'code_resent');
  assert.equal(resent.clarification_info?.resends_left, 2);
  assert.ok(momentMs(resent.clarification_info?.expires_at ?? '') > momentMs(expiresAt));

  const code = await operator.code(PHONE, ID, 2);
  await taken(merchant.send(paths.code, samples.code(code)), ID);
  const paid = await inbox.take(4, 'success');
  await assertStands(merchant, paid, { status: 'success', left: 100_000, code: '0', operations: 1 });
  assert.equal(paid.operation.status, 'success');
  assert.equal(paid.operation.message, 'Success');
  assert.deepEqual(paid.operation.sum_initial, KZT(100_000));
  assert.equal(paid.operation.id, asked.operation.id);
  assert.equal(paid.operation.request_id, saleId);
  assert.deepEqual(paid.account, { number: PHONE, type: 'TELE2' });
  assert.notEqual(paid.operation.provider.payment_id, '');
  assert.deepEqual(await operator.moved(ID), [100_000]);
  await refused(merchant.send(paths.code, samples.code(code)), '3060 general.payment_id code_not_awaited');

  const partId = await taken(merchant.send(paths.refund, samples.refund(40_000)), ID);
  const part = await inbox.take(5, 'partially refunded');
  await assertStands(merchant, part, { status: 'partially refunded', left: 60_000, code: '0', operations: 2 });
  assert.equal(part.operation.type, 'refund');
  assert.equal(part.operation.status, 'success');
  assert.equal(part.operation.request_id, partId);
  assert.notEqual(part.operation.id, paid.operation.id);
  assert.deepEqual(part.operation.sum_initial, KZT(40_000));

  await refused(merchant.send(paths.refund, samples.refund(60_001)), '3283 payment.amount maximum');
  await taken(merchant.send(paths.refund, { general: { project_id: 1234, payment_id: ID } }), ID);
  const rest = await inbox.take(6, 'refunded');
  await assertStands(merchant, rest, { status: 'refunded', left: 0, code: '0', operations: 3 });
  assert.deepEqual(rest.operation.sum_initial, KZT(60_000));

  await refused(merchant.send(paths.refund, samples.refund(1)), '3283 payment.amount maximum');
  await refused(merchant.refund(ID), '3060 general.payment_id status');
  assert.deepEqual(await operator.moved(ID), [100_000, -40_000, -60_000]);
  assert.deepEqual(inbox.story, [
    'awaiting clarification sale 9999 code_requested',
    'awaiting clarification sale 9999 code_wrong',
    'awaiting clarification sale 9999 code_resent',
    'success sale 0',
    'partially refunded refund 0',
    'refunded refund 0',
  ]);
  assert.ok(inbox.received.every((one) => one.answered === 200));
  assert.equal(inbox.received.length, 6, 'every callback comes once');
});

test('the list of operators, for purchases and payouts, filtered or not', async () => {
  const general = { project_id: 1234 };
  const list = async (type: string, filter?: object): Promise<string[]> => {
    const answer = await stage.merchant.send(`/v2/info/mobile/${type}/list`, {
      general,
      ...(filter && { service_provider: filter }),
    });
    assert.equal(answer.status, 200);
    const items = answer.json as unknown as { code: string; country: string; currencies: string[] }[];
    assert.ok(items.every((item) => item.country === 'KZ' && item.currencies.includes('KZT')));
    return items.map((item) => item.code);
  };
  const all = ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL', 'TELE2'];
  assert.deepEqual((await list('sale')).toSorted(), all);
  assert.deepEqual((await list('payout')).toSorted(), all);
  assert.deepEqual(await list('sale', { code: 'TELE2' }), ['TELE2']);
  assert.deepEqual(await list('sale', { country: 'UZ' }), []);
  const other = await stage.merchant.send('/v2/info/mobile/topup/list', { general });
  assert.equal(other.status, 404);
  assert.equal(other.json.status, 'error');
});

test('the neutral refund path is the same refund', async () => {
  const { merchant } = stage;
  const { paymentId, inbox } = await stage.paid();
  await taken(merchant.send('/v2/payment/refund', merchant.general(paymentId)), paymentId);
  const refunded = await inbox.take(3, 'refunded');
  assert.deepEqual(refunded.payment.sum, KZT(0));
});

test('a customer of Beeline gets a code of five digits', async () => {
  const { code, asked } = await stage.awaitingCode({ phone: newPhone('7777') });
  assert.match(code, /^\d{5}$/);
  assert.equal(asked.account.type, 'BEELINE');
});
