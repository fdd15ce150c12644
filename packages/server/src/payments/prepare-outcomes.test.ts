import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import { buy, postSale, reachConfirming, requestIdOf, statusOf } from '../testing/purchase.ts';
import { found, idOf, notSent } from '../testing/scripted-provider.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

const denials: readonly (readonly [DeclineReason, string])[] = [
  ['insufficient_balance', '20105'],
  ['limit_day', '20101'],
  ['unknown_number', '20102'],
  ['corporate_line', '20201'],
  ['another_payment_open', '3613'],
  ['unknown_reason', '20100'],
  ['no_reason', '20000'],
];

test('a denial declines with its code, by one callback, and nothing more is asked', async (t) => {
  for (const [reason, code] of denials) {
    await t.test(reason, async () => {
      const platform = await openPlatform(pool());
      platform.provider.answerNext('prepare', { kind: 'denied', reason });
      requestIdOf(await postSale(platform, 'order-1'));
      await platform.pass(86_400_000);
      assert.deepEqual(platform.merchant.story(), [`decline / sale decline ${code}`]);
      assert.equal(await statusOf(platform, 'order-1'), `decline 100000, sale decline ${code}`);
      assert.deepEqual(platform.provider.news(), ['prepare']);
    });
  }
});

test('a number that is no Kazakhstan mobile is declined without asking the operator', async () => {
  const platform = await openPlatform(pool());
  requestIdOf(await postSale(platform, 'order-1', { account: { number: '4412345678' } }));
  await platform.idle();
  assert.deepEqual(platform.merchant.story(), ['decline / sale decline 20102']);
  assert.deepEqual(platform.provider.news(), []);
});

test('the code is asked for with all the operator said of it', async () => {
  const platform = await openPlatform(pool());
  const now = platform.clock.now();
  platform.provider.answerNext('prepare', (call) =>
    found({
      status: 'pending_code',
      providerPaymentId: idOf(call),
      operator: 'ALTEL',
      codeExpiresAt: now + 80_000,
      resendAllowedAt: now + 60_000,
      resendsLeft: 2,
    }),
  );
  await postSale(platform, 'order-1');
  await platform.idle();
  const { clarification_info: info, clarification_fields: fields, account, operation } = platform.merchant.last();
  assert.deepEqual(fields, { additional_data: ['approval_code'] });
  assert.deepEqual(info, {
    reason: 'code_requested',
    attempts_left: 5,
    expires_at: '2027-01-15T12:01:20+0000',
    resend_allowed_at: '2027-01-15T12:01:00+0000',
    resends_left: 2,
  });
  assert.equal(account.type, 'ALTEL');
  assert.equal(operation.provider.payment_id, idOf(platform.provider.lastPrepare()));
});

test('a payment the operator reserves at once is confirmed without a code', async () => {
  const platform = await openPlatform(pool());
  platform.provider.answerNext('prepare', (call) =>
    found({ status: 'reserved', providerPaymentId: idOf(call), operator: 'TELE2' }),
  );
  await postSale(platform, 'order-1');
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['prepare', 'confirm']);
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  assert.deepEqual(platform.merchant.story(), []);
});

test('a charge without a code is a success that somebody must look at', async () => {
  const platform = await openPlatform(pool());
  platform.provider.answerNext('prepare', (call) =>
    found({ status: 'charged', providerPaymentId: idOf(call), operator: 'TELE2', sum: call.sum }),
  );
  await postSale(platform, 'order-1');
  await platform.idle();
  assert.deepEqual(platform.merchant.story(), ['success / sale success 0']);
  const incidents = await platform.store.incidents({ projectId: 1234, paymentKey: 'order-1' });
  assert.deepEqual(
    incidents.map(({ kind }) => kind),
    ['charged'],
  );
});

test('a call that surely was not sent is sent again, and given up after the third try', async () => {
  const platform = await openPlatform(pool());
  platform.provider.always('prepare', notSent);
  await postSale(platform, 'order-1');
  await platform.idle();
  await platform.pass(1_999);
  assert.deepEqual(platform.provider.news(), ['prepare']);
  await platform.pass(1);
  await platform.pass(5_000);
  assert.deepEqual(platform.provider.news(), ['prepare', 'prepare']);
  assert.deepEqual(platform.merchant.story(), ['decline / sale decline 20206']);
});

test('a confirmation that cannot be sent is never given up', async () => {
  const platform = await openPlatform(pool());
  platform.provider.always('confirm', notSent);
  await reachConfirming(platform, 'order-1');
  for (let tries = 0; tries < 10; tries++) await platform.pass(60_000);
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  assert.equal(platform.provider.made.filter(({ method }) => method === 'confirm').length > 8, true);
});

test('the whole road: status words and codes are right at every step', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  assert.deepEqual(platform.provider.news(), ['prepare', 'validate', 'confirm']);
  assert.deepEqual(platform.merchant.story(), [
    'awaiting clarification / sale awaiting clarification 9999 code_requested',
    'success / sale success 0',
  ]);
  assert.equal(await statusOf(platform, 'order-1'), 'success 100000, sale success 0');
  assert.deepEqual(platform.errors, []);
});
