import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '@rocketpay/core/payment/sale-events.ts';
import { buy, faultOf, postCode, postResend, postSale, reachCode, requestIdOf } from '../testing/purchase.ts';
import { found, inDoubt, notSent, waiting } from '../testing/scripted-provider.ts';
import { openPlatform, type Reply, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

async function reachResend(settings = {}): Promise<TestPlatform> {
  const platform = await openPlatform(pool(), settings);
  await reachCode(platform, 'order-1');
  await platform.pass(60_000);
  platform.provider.news();
  return platform;
}

const messageOf = (reply: Reply): string => (JSON.parse(reply.text) as { message: string }).message;
const lastInfo = (platform: TestPlatform) => platform.merchant.last().clarification_info;

test('too early is refused with the time from which it may be asked again', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  platform.clock.advance(59_999);
  const reply = await postResend(platform, 'order-1');
  assert.equal(faultOf(reply), '400 3060 general.payment_id resend_too_early');
  assert.match(messageOf(reply), /2027-01-15T12:01:00/);
  assert.deepEqual(platform.provider.news(), ['prepare']);
  platform.clock.advance(1);
  requestIdOf(await postResend(platform, 'order-1'));
  await platform.idle();
});

test('where the operator gives no time, a new code may be asked for after the life of the last', async () => {
  const platform = await openPlatform(pool(), { codeLifeMs: 30_000 });
  platform.provider.answerNext('prepare', () =>
    found({ status: 'pending_code', providerPaymentId: 'op-1', authorizationId: 'a' }),
  );
  await reachCode(platform, 'order-1');
  platform.clock.advance(29_999);
  assert.equal(faultOf(await postResend(platform, 'order-1')), '400 3060 general.payment_id resend_too_early');
  platform.clock.advance(1);
  requestIdOf(await postResend(platform, 'order-1'));
  await platform.idle();
});

test('three codes may be sent again, a fourth not', async () => {
  const platform = await reachResend();
  for (const left of [2, 1, 0]) {
    requestIdOf(await postResend(platform, 'order-1'));
    await platform.idle();
    assert.deepEqual([lastInfo(platform)?.reason, lastInfo(platform)?.resends_left], ['code_resent', left]);
    assert.equal(platform.merchant.last().payment.status, 'awaiting clarification');
    await platform.pass(60_000);
  }
  const reply = await postResend(platform, 'order-1');
  assert.equal(faultOf(reply), '400 3060 general.payment_id no_resends_left');
  assert.deepEqual(platform.provider.news(), ['resend', 'resend', 'resend']);
});

test('a hundred resends at once are one', async () => {
  const platform = await reachResend();
  const held = platform.provider.hold('resend');
  const replies = await Promise.all(Array.from({ length: 100 }, () => postResend(platform, 'order-1')));
  await held.arrived;
  held.answer({ kind: 'resent', facts: {} });
  await platform.idle();
  assert.equal(replies.filter((reply) => reply.status === 200).length, 1);
  assert.deepEqual(platform.provider.news(), ['resend']);
  assert.equal(lastInfo(platform)?.resends_left, 2);
});

test('one the operator refuses is given back, and the merchant is told', async () => {
  const platform = await reachResend();
  const allowedAt = platform.clock.now() + 30_000;
  platform.provider.answerNext('resend', { kind: 'resend_refused', resendAllowedAt: allowedAt });
  requestIdOf(await postResend(platform, 'order-1'));
  await platform.idle();
  assert.deepEqual([lastInfo(platform)?.reason, lastInfo(platform)?.resends_left], ['resend_failed', 3]);
  const again = await postResend(platform, 'order-1');
  assert.match(messageOf(again), new RegExp(new Date(allowedAt).toISOString().slice(0, 19)));
});

test('the operator’s own count of resends bounds ours', async () => {
  const platform = await openPlatform(pool());
  platform.provider.answerNext('prepare', (call) => found(waiting(call, platform.clock.now(), { resendsLeft: 0 })));
  await reachCode(platform, 'order-1');
  platform.clock.advance(60_000);
  assert.equal(faultOf(await postResend(platform, 'order-1')), '400 3060 general.payment_id no_resends_left');
});

const lost: readonly (readonly [string, Partial<Finding>, string, number])[] = [
  ['a new authorization id proves that it was sent', { authorizationId: 'auth-2' }, 'code_resent', 2],
  ['a new end of the code’s life proves that it was sent', { codeExpiresAt: 1_900_000_000_000 }, 'code_resent', 2],
  ['an unchanged session proves that it was not', {}, 'resend_failed', 3],
];

test('a lost answer is found by asking, never by sending again', async (t) => {
  for (const [name, more, reason, left] of lost) {
    await t.test(name, async () => {
      const platform = await openPlatform(pool());
      await reachCode(platform, 'order-1');
      const preparedAt = platform.clock.now();
      await platform.pass(60_000);
      platform.provider.news();
      platform.provider.answerNext('resend', inDoubt);
      platform.provider.answerNext('lookUp', () => found(waiting(platform.provider.lastPrepare(), preparedAt, more)));
      requestIdOf(await postResend(platform, 'order-1'));
      await platform.idle();
      assert.deepEqual(platform.provider.news(), ['resend', 'lookUp']);
      assert.deepEqual([lastInfo(platform)?.reason, lastInfo(platform)?.resends_left], [reason, left]);
    });
  }
});

test('one that cannot be sent is tried three times, then given back', async () => {
  const platform = await reachResend();
  platform.provider.always('resend', notSent);
  requestIdOf(await postResend(platform, 'order-1'));
  await platform.idle();
  await platform.pass(2_000);
  await platform.pass(5_000);
  await platform.pass(60_000);
  assert.deepEqual(platform.provider.news(), ['resend', 'resend', 'resend']);
  assert.deepEqual([lastInfo(platform)?.reason, lastInfo(platform)?.resends_left], ['resend_failed', 3]);
});

test('after a resend the payment takes a code and succeeds, its status words right all along', async () => {
  const platform = await reachResend();
  requestIdOf(await postResend(platform, 'order-1'));
  await platform.idle();
  requestIdOf(await postCode(platform, 'order-1'));
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['resend', 'validate', 'confirm']);
  assert.deepEqual(platform.merchant.story(), [
    'awaiting clarification / sale awaiting clarification 9999 code_requested',
    'awaiting clarification / sale awaiting clarification 9999 code_resent',
  ]);
});

test('none is sent where no code is awaited', async () => {
  const platform = await openPlatform(pool());
  const held = platform.provider.hold('prepare');
  await postSale(platform, 'order-0');
  const call = await held.arrived;
  assert.equal(faultOf(await postResend(platform, 'order-0')), '400 3060 general.payment_id resend_not_possible');
  held.answer(found(waiting(call, platform.clock.now())));
  await platform.idle();
  await buy(platform, 'order-1');
  assert.equal(faultOf(await postResend(platform, 'order-1')), '400 3060 general.payment_id resend_not_possible');
  assert.equal(faultOf(await postResend(platform, 'order-2')), '400 3061 general.payment_id exists');
});
