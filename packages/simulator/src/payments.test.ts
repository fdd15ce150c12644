import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAYMENTS, setStage } from './test-kit/stage.ts';
import type { Answer, Body } from './test-kit/stage.ts';

const OTHER_CODE = '000000';
const wrongOf = (right: string) => (right === OTHER_CODE ? '111111' : OTHER_CODE);
const refusal = ({ status, body }: Answer) => [status, body['code']];

test('an ordinary purchase: code, reservation, charge, notice', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare('71234567890', 1000.5);
  const { prepared } = purchase;
  assert.equal(prepared['paymentStatus'], 'pending_validation');
  assert.equal(prepared['operator'], 'TELE2');
  const { authorizationId, ...info } = prepared['validationInfo'] as Body;
  assert.match(String(authorizationId), /./);
  assert.deepEqual(info, {
    action: 'validate',
    expiresAt: '2026-08-01T12:01:20.000Z',
    codeLength: 6,
    attemptsLeft: 10,
    wrongAttempts: 0,
    resendsLeft: 3,
    nextResendAt: '2026-08-01T12:01:20.000Z',
  });

  const code = await purchase.newestCode();
  assert.match(code, /^\d{6}$/);
  assert.deepEqual(await world.messages('71234567890'), [
    {
      text: `Rocketpay: код ${code}. Оплата 1000,50 KZT, заказ payment_1. Никому не сообщайте.`,
      code,
      operator: 'TELE2',
      sent_at: '2026-08-01T12:00:00.000Z',
    },
  ]);

  assert.equal((await purchase.validate()).status, 204);
  const reserved = await purchase.look();
  assert.equal(reserved['paymentStatus'], 'reserved');
  assert.equal(reserved['reservationExpiresAt'], '2026-08-01T12:10:00.000Z');
  assert.equal(reserved['validationInfo'], undefined);
  assert.deepEqual(await world.ledger(), []);

  assert.equal((await purchase.confirm()).status, 202);
  assert.equal((await purchase.look())['paymentStatus'], 'succeeded');
  await world.sink.until(1);
  const [notice] = world.sink.received;
  assert.equal(notice?.authorization, 'Bearer sink-token');
  assert.equal(notice?.contentType, 'application/cloudevents+json');
  assert.deepEqual(world.sink.types(), ['carrier-billing.v0.payment-completed']);
  assert.deepEqual(notice?.event.data, {
    paymentId: purchase.id,
    status: 'succeeded',
    description: 'The payment is succeeded',
    paymentDate: '2026-08-01T12:00:00.000Z',
    clientCorrelator: 'correlator-1',
    amount: 1000.5,
    currency: 'KZT',
    operator: 'TELE2',
  });
  assert.deepEqual(await world.ledger(), [
    {
      kind: 'charge',
      reference: 'payment_1',
      correlator: 'correlator-1',
      amount: 100_050,
      currency: 'KZT',
      at: '2026-08-01T12:00:00.000Z',
    },
  ]);

  assert.deepEqual(refusal(await purchase.confirm()), [409, 'CARRIER_BILLING.PAYMENT_CONFIRMED']);
  assert.deepEqual(refusal(await purchase.cancel()), [409, 'CARRIER_BILLING.PAYMENT_CONFIRMED']);
  assert.deepEqual(refusal(await purchase.resend()), [409, 'CARRIER_BILLING.PAYMENT_CONFIRMED']);
  assert.deepEqual(refusal(await purchase.validate()), [409, 'ALREADY_EXISTS']);
  assert.equal((await world.ledger()).length, 1);
});

test('wrong codes count down over resends and the last one denies', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare();
  for (let tries = 1; tries <= 9; tries += 1) {
    const answer = await purchase.validate(wrongOf(await purchase.newestCode()));
    assert.deepEqual(refusal(answer), [400, 'CARRIER_BILLING.INVALID_CODE']);
    if (tries === 5) {
      world.clock.advance(80_000);
      assert.equal((await purchase.resend()).body['wrongAttempts'], 5);
    }
  }
  const info = (await purchase.look())['validationInfo'] as Body;
  assert.deepEqual([info['attemptsLeft'], info['wrongAttempts']], [1, 9]);
  const last = await purchase.validate(wrongOf(await purchase.newestCode()));
  assert.deepEqual(refusal(last), [400, 'CARRIER_BILLING.VALIDATION_FAILED']);
  const ended = await purchase.look();
  assert.equal(ended['paymentStatus'], 'denied');
  assert.equal(ended['denialCode'], 'otp_attempts_exceeded');
  await world.sink.until(1);
  assert.equal(world.sink.received[0]?.event.data['denialCode'], 'otp_attempts_exceeded');
  assert.deepEqual(refusal(await purchase.confirm()), [403, 'CARRIER_BILLING.PAYMENT_DENIED']);
});

test('an expired code is no wrong one; a resend brings a new code under the same id', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare();
  const first = await purchase.newestCode();
  const early = await purchase.resend();
  assert.deepEqual(refusal(early), [400, 'CARRIER_BILLING.RESEND_TOO_EARLY']);
  assert.equal(early.body['nextResendAt'], '2026-08-01T12:01:20.000Z');

  world.clock.advance(79_999);
  assert.equal((await purchase.resend()).status, 400);
  world.clock.advance(1);
  const expired = await purchase.validate();
  assert.deepEqual(refusal(expired), [400, 'CARRIER_BILLING.CODE_EXPIRED']);

  const before = purchase.prepared['validationInfo'] as Body;
  const { body } = await purchase.resend();
  assert.equal(body['authorizationId'], before['authorizationId']);
  assert.deepEqual([body['resendsLeft'], body['wrongAttempts']], [2, 0]);
  assert.equal(body['expiresAt'], '2026-08-01T12:02:40.000Z');
  assert.equal((await world.messages(purchase.phone)).length, 2);
  const second = await purchase.newestCode();
  if (second !== first) {
    assert.deepEqual(refusal(await purchase.validate(first)), [400, 'CARRIER_BILLING.INVALID_CODE']);
  }
  assert.equal((await purchase.validate(second)).status, 204);
  assert.deepEqual(refusal(await purchase.resend()), [409, 'ALREADY_EXISTS']);
});

test('three resends and a refused fourth', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare();
  for (const left of [2, 1, 0]) {
    world.clock.advance(80_000);
    const { body } = await purchase.resend();
    assert.equal(body['resendsLeft'], left);
    assert.equal('nextResendAt' in body, left > 0);
  }
  world.clock.advance(80_000);
  const fourth = await purchase.resend();
  assert.deepEqual(refusal(fourth), [403, 'CARRIER_BILLING.MAX_OTP_CODES_EXCEEDED']);
});

test('cancel from either open state, and what lapses by itself', async (t) => {
  const world = await setStage(t);
  const [pending, reserved, lapsing, idle] = [
    await world.prepare(),
    await world.prepare(),
    await world.prepare(),
    await world.prepare('77011234567'),
  ];
  assert.equal((await pending.cancel()).status, 202);
  const cancelled = await pending.look();
  assert.equal(cancelled['paymentStatus'], 'cancelled');
  assert.equal(cancelled['denialCode'], undefined);
  assert.deepEqual(refusal(await pending.cancel()), [409, 'CARRIER_BILLING.PAYMENT_CANCELLED']);
  assert.deepEqual(refusal(await pending.confirm()), [409, 'CARRIER_BILLING.PAYMENT_CANCELLED']);
  assert.deepEqual(refusal(await pending.resend()), [409, 'CARRIER_BILLING.PAYMENT_CANCELLED']);

  const codes = (await world.messages(reserved.phone)).map(({ code }) => String(code));
  await reserved.validate(codes[1]);
  assert.equal((await reserved.cancel()).status, 202);
  await lapsing.validate(codes[0]);
  await world.sink.until(2);
  world.clock.advance(600_000);
  await world.sink.until(3);
  const lapsed = await lapsing.look();
  assert.equal(lapsed['paymentStatus'], 'cancelled');
  assert.equal(lapsed['denialCode'], 'reservation_expired');
  assert.equal((await idle.look())['paymentStatus'], 'pending_validation');
  world.clock.advance(3_000_000);
  await world.renewToken();
  assert.equal((await idle.look())['denialCode'], 'reservation_expired');
  await world.sink.until(4);
  assert.deepEqual(new Set(world.sink.types()), new Set(['carrier-billing.v0.payment-cancelled']));
  assert.deepEqual(await world.ledger(), []);
});

test('a used correlator is refused and finds its payment', async (t) => {
  const world = await setStage(t);
  const body = world.prepareBody('77051234567');
  const first = await world.call('POST', `${PAYMENTS}/prepare`, body);
  const again = await world.call('POST', `${PAYMENTS}/prepare`, body);
  assert.deepEqual(refusal(again), [400, 'INVALID_ARGUMENT']);
  const found = await world.call('GET', `${PAYMENTS}?clientCorrelator=correlator-1`);
  assert.deepEqual(JSON.parse(found.text), [first.body]);
  assert.equal(first.body['operator'], 'BEELINE');
  assert.equal((first.body['validationInfo'] as Body)['codeLength'], 5);
  assert.match(String((await world.messages('77051234567'))[0]?.['code']), /^\d{5}$/);
  assert.equal((await world.call('GET', `${PAYMENTS}?clientCorrelator=nobody`)).text, '[]');
  await world.prepare();
  const page = await world.call('GET', `${PAYMENTS}?page=2&perPage=1&order=asc`);
  assert.equal(page.headers.get('x-total-count'), '2');
  const [second] = JSON.parse(page.text) as Body[];
  const transaction = second?.['amountTransaction'] as Body | undefined;
  assert.equal(transaction?.['clientCorrelator'], 'correlator-2');
  assert.equal((await world.call('GET', `${PAYMENTS}?referenceCode=x`)).status, 400);
});
