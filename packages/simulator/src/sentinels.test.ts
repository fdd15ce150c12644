import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentinelOf } from './sentinels/catalogue.ts';
import { REFUSED } from './sentinels/refused.ts';
import { PAYMENTS, setStage } from './test-kit/stage.ts';
import type { Answer, Body, Stage } from './test-kit/stage.ts';

const refusal = ({ status, body }: Answer) => [status, body['code'], body['denialCode']];
const statusOf = async (look: Promise<Body>) => (await look)['paymentStatus'];

async function found(world: Stage, correlator: string): Promise<Body | undefined> {
  const { text } = await world.call('GET', `${PAYMENTS}?clientCorrelator=${correlator}`);
  return (JSON.parse(text) as Body[])[0];
}

test('refused at prepare: the documented status, code and denial code, and no payment', async (t) => {
  const world = await setStage(t);
  assert.equal(REFUSED.sentinels.length, 20);
  for (const { number, name, twist } of REFUSED.sentinels) {
    const answer = await world.call('POST', `${PAYMENTS}/prepare`, world.prepareBody(number));
    const { status, code, denialCode } = twist.refused ?? {};
    assert.deepEqual(refusal(answer), [status, code, denialCode], name);
    assert.notEqual(status, undefined, name);
  }
  assert.equal((await world.call('GET', PAYMENTS)).text, '[]');
  assert.equal(sentinelOf('77000000101')?.twist.refused?.denialCode, 'insufficient_balance');
  assert.equal((await world.prepare('77000009999')).prepared['operator'], 'ALTEL');
});

test('codes: none wanted, asked for later, denied later', async (t) => {
  const world = await setStage(t);
  const none = await world.prepare('77000000201');
  assert.equal(none.prepared['paymentStatus'], 'reserved');
  assert.equal(none.prepared['validationInfo'], undefined);
  assert.deepEqual(await world.messages('77000000201'), []);
  assert.equal((await none.confirm()).status, 202);
  await world.sink.until(1);

  const later = await world.prepare('77000000202');
  assert.equal(later.prepared['paymentStatus'], 'processing');
  assert.deepEqual(await world.messages('77000000202'), []);
  const early = await world.call('POST', later.path('/validate'), await later.validationBody('0'));
  assert.equal(early.body['code'], 'CARRIER_BILLING.INVALID_AUTHORIZATION_ID');
  await world.prepare('77000000203');
  await world.prepare('77000000204');
  world.clock.advance(1000);
  await world.sink.until(4);
  assert.deepEqual(
    new Set(world.sink.types().slice(1)),
    new Set([
      'carrier-billing.v0.payment-pending-validation',
      'carrier-billing.v0.payment-reserved',
      'carrier-billing.v0.payment-denied',
    ]),
  );
  await later.pay();
  assert.equal(await statusOf(later.look()), 'succeeded');
});

test('codes: caps, lives and resends of their own', async (t) => {
  const world = await setStage(t);
  const capped = await world.prepare('77000000205');
  const wrong = (await capped.newestCode()) === '000000' ? '111111' : '000000';
  assert.equal((await capped.validate(wrong)).status, 400);
  assert.equal((await capped.validate(wrong)).status, 400);
  assert.equal((await capped.validate(wrong)).body['code'], 'CARRIER_BILLING.VALIDATION_FAILED');
  assert.equal((await capped.look())['denialCode'], 'otp_attempts_exceeded');

  const [strict, lenient] = [await world.prepare('77000000206'), await world.prepare('77000000207')];
  assert.equal((lenient.prepared['validationInfo'] as Body)['expiresAt'], '2026-08-01T12:00:02.000Z');
  world.clock.advance(2000);
  assert.equal((await strict.validate()).body['code'], 'CARRIER_BILLING.CODE_EXPIRED');
  assert.equal((await strict.resend()).status, 200);
  assert.equal((await strict.validate()).status, 204);
  assert.equal((await lenient.validate()).status, 204);

  for (const [number, status] of [
    ['77000000208', 200],
    ['77000000209', 200],
    ['77000000211', 400],
    ['77000000213', 200],
  ] as const) {
    const purchase = await world.prepare(number);
    assert.equal((await purchase.resend()).body['code'], 'CARRIER_BILLING.RESEND_TOO_EARLY');
    world.clock.advance(1000);
    assert.equal((await purchase.resend()).status, status, number);
    assert.equal((await world.messages(number)).length, status === 200 ? 2 : 1);
    world.clock.advance(1000);
    const second = (await purchase.resend()).body['code'];
    if (number === '77000000213') assert.equal(second, 'CARRIER_BILLING.MAX_OTP_CODES_EXCEEDED');
    if (number === '77000000211') assert.equal(second, 'CARRIER_BILLING.SMS_NOT_DELIVERED');
    assert.equal((await purchase.validate()).status, 204, number);
  }
});

test('codes: a resend that hangs sends; one that renews the authorization', async (t) => {
  const world = await setStage(t);
  const hanging = await world.prepare('77000000210');
  const renewing = await world.prepare('77000000212');
  const old = await renewing.validationBody('1');
  world.clock.advance(1000);
  assert.ok(await world.hangs('POST', hanging.path('/resend-code'), {}));
  assert.equal((await world.messages('77000000210')).length, 2);
  assert.equal(((await hanging.look())['validationInfo'] as Body)['resendsLeft'], 2);
  const { body } = await renewing.resend();
  assert.notEqual(body['authorizationId'], old.authorizationId);
  const refused = await world.call('POST', renewing.path('/validate'), old);
  assert.equal(refused.body['code'], 'CARRIER_BILLING.INVALID_AUTHORIZATION_ID');
  assert.equal((await renewing.validate()).status, 204);
});

test('link: what prepare makes behind its fault', async (t) => {
  const world = await setStage(t);
  const cases = [
    { number: '77000000301', answers: ['hangs', 'hangs'], made: false },
    { number: '77000000302', answers: ['hangs', 400], made: true },
    { number: '77000000303', answers: [500, 500], made: false },
    { number: '77000000304', answers: [503, 400], made: true },
    { number: '77000000305', answers: [429, 429, 201], made: true },
  ] as const;
  for (const { number, answers, made } of cases) {
    const body = world.prepareBody(number);
    for (const expected of answers) {
      if (expected === 'hangs') assert.ok(await world.hangs('POST', `${PAYMENTS}/prepare`, body));
      else {
        const { status } = await world.call('POST', `${PAYMENTS}/prepare`, body);
        assert.equal(status, expected, number);
      }
    }
    const payment = await found(world, body.amountTransaction.clientCorrelator);
    assert.equal(payment?.['paymentStatus'], made ? 'pending_validation' : undefined, number);
    assert.equal((await world.messages(number)).length, made ? 1 : 0);
  }
  const deaf = world.prepareBody('77000000306');
  assert.ok(await world.hangs('POST', `${PAYMENTS}/prepare`, deaf));
  const query = `?clientCorrelator=${deaf.amountTransaction.clientCorrelator}`;
  assert.ok(await world.hangs('GET', PAYMENTS + query));
});

test('link: validate in doubt', async (t) => {
  const world = await setStage(t);
  const lost = await world.prepare('77000000307');
  assert.ok(await world.hangs('POST', lost.path('/validate'), await lost.validationBody()));
  assert.equal(await statusOf(lost.look()), 'reserved');
  const broken = await world.prepare('77000000308');
  assert.equal((await broken.validate()).status, 500);
  assert.equal(await statusOf(broken.look()), 'pending_validation');
  assert.equal((await broken.validate()).status, 204);
});

test('charging: denied', async (t) => {
  const world = await setStage(t);
  for (const [number, code] of [
    ['77000000401', 'insufficient_balance'],
    ['77000000402', 'charge_failed'],
    ['77000000415', undefined],
  ] as const) {
    const purchase = await world.prepare(number);
    await purchase.validate();
    assert.equal((await purchase.confirm()).status, 202);
    const ended = await purchase.look();
    assert.deepEqual([ended['paymentStatus'], ended['denialCode']], ['denied', code]);
  }
  await world.sink.until(3);
  assert.deepEqual(new Set(world.sink.types()), new Set(['carrier-billing.v0.payment-denied']));
  const refused = await world.prepare('77000000403');
  await refused.validate();
  const answer = await refused.confirm();
  const expected = [403, 'CARRIER_BILLING.PAYMENT_DENIED', 'insufficient_balance'];
  assert.deepEqual(refusal(answer), expected);
  assert.equal(await statusOf(refused.look()), 'denied');
  assert.deepEqual(await world.ledger(), []);
});

test('charging: lost answers, late charges, silent, shuffled and lesser ones', async (t) => {
  const world = await setStage(t);
  const confirmBody = (phone: string) => ({ phoneNumber: `+${phone}` });
  const charged = await world.prepare('77000000404');
  await charged.validate();
  assert.ok(await world.hangs('POST', charged.path('/confirm'), confirmBody(charged.phone)));
  assert.equal(await statusOf(charged.look()), 'succeeded');
  const lost = await world.prepare('77000000405');
  await lost.validate();
  assert.ok(await world.hangs('POST', lost.path('/confirm'), confirmBody(lost.phone)));
  assert.equal(await statusOf(lost.look()), 'reserved');
  assert.equal((await lost.confirm()).status, 202);
  await world.sink.until(1);

  const [late, silent] = [await world.prepare('77000000406'), await world.prepare('77000000407')];
  await late.pay();
  await silent.pay();
  assert.equal(await statusOf(late.look()), 'processing');
  world.clock.advance(3000);
  assert.equal(await statusOf(late.look()), 'succeeded');
  assert.equal(await statusOf(silent.look()), 'succeeded');
  await world.sink.until(2);

  const shuffled = await world.prepare('77000000408');
  await shuffled.pay();
  await world.sink.until(6);
  const ofShuffled = world.sink.received.slice(2);
  assert.ok(ofShuffled.every(({ event }) => event.data['paymentId'] === shuffled.id));
  assert.equal(new Set(ofShuffled.map(({ event }) => event.id)).size, 3);

  const less = await world.prepare('77000000409', 1000);
  await less.pay();
  await world.sink.until(7);
  assert.equal(world.sink.received[6]?.event.data['amount'], 999);
  assert.equal((await world.ledger(`?reference=${less.reference}`))[0]?.['amount'], 99_900);
  assert.equal(await less.remaining(), 999);
  assert.equal((await world.ledger()).length, 6);
});

test('charging: lapsed, refused by the payer, charged against the operator’s own word', async (t) => {
  const world = await setStage(t);
  const lapsed = await world.prepare('77000000410');
  assert.equal((await lapsed.validate()).status, 204);
  assert.equal((await lapsed.confirm()).body['code'], 'CARRIER_BILLING.PAYMENT_CANCELLED');
  assert.equal((await lapsed.look())['denialCode'], 'reservation_expired');
  const doubt = await world.prepare('77000000411');
  await doubt.validate();
  assert.ok(await world.hangs('POST', doubt.path('/confirm'), { phoneNumber: '+77000000411' }));
  const refusing = await world.prepare('77000000412');
  world.clock.advance(2000);
  assert.equal((await doubt.look())['denialCode'], 'reservation_expired');
  assert.equal((await refusing.look())['denialCode'], 'cancelled_by_user');
  assert.deepEqual(await world.ledger(), []);

  const denied = await world.prepare('77000000413');
  await denied.validate();
  assert.equal((await denied.confirm()).body['denialCode'], 'charge_failed');
  assert.equal((await denied.cancel()).status, 202);
  const cancelled = await world.prepare('77000000414');
  assert.equal((await cancelled.cancel()).status, 202);
  assert.equal((await cancelled.cancel()).status, 202);
  world.clock.advance(2000);
  assert.equal(await statusOf(denied.look()), 'succeeded');
  assert.equal(await statusOf(cancelled.look()), 'succeeded');
  assert.equal((await world.ledger()).length, 2);
});

test('refunds: refused, lost and late', async (t) => {
  const world = await setStage(t);
  const paid = async (number: string) => {
    const purchase = await world.prepare(number);
    await purchase.pay();
    return purchase;
  };
  const notEligible = 'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND';
  for (const [number, code, denialCode] of [
    ['77000000502', notEligible, 'refund_not_allowed'],
    ['77000000503', notEligible, 'refund_window_over'],
    ['77000000507', 'CARRIER_BILLING_REFUND.REFUND_DENIED', 'merchant_balance'],
  ] as const) {
    const answer = await (await paid(number)).refund(10, `r${number}`);
    assert.deepEqual(refusal(answer), [403, code, denialCode]);
  }
  const done = await paid('77000000504');
  assert.ok(await world.hangs('POST', done.refundPath, world.refundBody(10, 'done')));
  assert.equal(await done.remaining(), 990);
  const lost = await paid('77000000505');
  assert.ok(await world.hangs('POST', lost.refundPath, world.refundBody(10, 'lost')));
  assert.equal(await lost.remaining(), 1000);
  assert.equal((await lost.refund(10, 'lost')).status, 201);
  const late = await paid('77000000506');
  assert.equal((await late.refund(10, 'late')).body['refundStatus'], 'processing');
  world.clock.advance(3000);
  const listed = await world.call('GET', late.refundPath);
  assert.equal((JSON.parse(listed.text) as Body[])[0]?.['refundStatus'], 'succeeded');
});

test('ported numbers answer with their brand', async (t) => {
  const world = await setStage(t);
  for (const [number, operator] of [
    ['77000000601', 'BEELINE'],
    ['77000000602', 'ACTIV'],
    ['77000000603', 'KCELL'],
    ['77000000604', 'TELE2'],
  ] as const) {
    assert.equal((await world.prepare(number)).prepared['operator'], operator);
  }
});
