import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buy,
  faultOf,
  postCode,
  postResend,
  postSale,
  reachCode,
  reachConfirming,
  reachResending,
  requestIdOf,
  statusOf,
} from '../testing/purchase.ts';
import { found, waiting } from '../testing/scripted-provider.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const wrong = { kind: 'code_rejected', reason: 'wrong' } as const;
const expired = { kind: 'code_rejected', reason: 'expired' } as const;
const notAwaited = '400 3060 general.payment_id code_not_awaited';

test('while the code is checked, the payment is processing and the provider has the code', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  const held = platform.provider.hold('validate');
  requestIdOf(await postCode(platform, 'order-1', '135790'));
  const call = await held.arrived;
  assert.equal(call.code, '135790');
  assert.equal(call.authorizationId, 'auth-1');
  assert.equal(await statusOf(platform, 'order-1'), 'processing 100000, sale processing 9999');
  held.answer({ kind: 'accepted' });
  await platform.idle();
  assert.equal(platform.provider.news().at(-1), 'confirm');
});

test('a wrong code and an expired one bring the question again, and only the wrong one counts', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  for (const [rejection, reason, left] of [
    [wrong, 'code_wrong', 4],
    [expired, 'code_expired', 4],
    [wrong, 'code_wrong', 3],
  ] as const) {
    platform.provider.answerNext('validate', rejection);
    requestIdOf(await postCode(platform, 'order-1'));
    await platform.idle();
    const { clarification_info: info, payment } = platform.merchant.last();
    assert.equal(payment.status, 'awaiting clarification');
    assert.deepEqual([info?.reason, info?.attempts_left], [reason, left]);
  }
  requestIdOf(await postCode(platform, 'order-1'));
  await platform.idle();
  assert.deepEqual(
    platform.provider.news().filter((name) => name !== 'validate'),
    ['prepare', 'confirm'],
  );
});

test('the fifth wrong code cancels and declines, whatever was resent between', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  platform.provider.answerNext('validate', wrong, wrong, wrong, wrong, wrong);
  for (let turn = 1; turn <= 5; turn++) {
    if (turn === 3) {
      await platform.pass(60_000);
      requestIdOf(await postResend(platform, 'order-1'));
      await platform.idle();
    }
    requestIdOf(await postCode(platform, 'order-1', `10000${turn}`));
    await platform.idle();
  }
  assert.equal(platform.merchant.story().at(-1), 'decline / sale decline 20104');
  assert.equal(platform.provider.news().at(-1), 'cancel');
  assert.equal(faultOf(await postCode(platform, 'order-1')), notAwaited);
});

test('the operator’s own word ends the attempts before our cap', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  platform.provider.answerNext('validate', { kind: 'denied', reason: 'otp_attempts_exceeded' });
  await postCode(platform, 'order-1');
  await platform.idle();
  assert.equal(platform.merchant.story().at(-1), 'decline / sale decline 20104');
});

test('the same code again while it is checked gets the first answer, another one a no', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  const held = platform.provider.hold('validate');
  const first = await postCode(platform, 'order-1', '135790');
  await held.arrived;
  const again = await Promise.all(Array.from({ length: 20 }, () => postCode(platform, 'order-1', '135790')));
  assert.deepEqual(new Set(again.map((reply) => reply.text)), new Set([first.text]));
  assert.equal(faultOf(await postCode(platform, 'order-1', '246810')), notAwaited);
  held.answer({ kind: 'accepted' });
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['prepare', 'validate', 'confirm']);
  requestIdOf(first);
});

test('a code when none is awaited is refused', async (t) => {
  await t.test('before the operator asked', async () => {
    const platform = await openPlatform(pool());
    const held = platform.provider.hold('prepare');
    await postSale(platform, 'order-1');
    const call = await held.arrived;
    assert.equal(faultOf(await postCode(platform, 'order-1')), notAwaited);
    held.answer(found(waiting(call, platform.clock.now())));
    await platform.idle();
    requestIdOf(await postCode(platform, 'order-1'));
  });
  await t.test('while the charge is confirmed', async () => {
    const platform = await openPlatform(pool());
    await reachConfirming(platform, 'order-1');
    assert.equal(faultOf(await postCode(platform, 'order-1')), notAwaited);
  });
  await t.test('after the end', async () => {
    const platform = await openPlatform(pool());
    await buy(platform, 'order-1');
    assert.equal(faultOf(await postCode(platform, 'order-1')), notAwaited);
  });
});

test('a code that comes while a resend is on its way waits for it', async () => {
  const platform = await openPlatform(pool());
  const held = await reachResending(platform, 'order-1');
  const reply = postCode(platform, 'order-1', '135790');
  await platform.clock.untilSomebodySleeps();
  held.answer({ kind: 'resent', facts: { authorizationId: 'auth-2' } });
  const checked = platform.provider.hold('validate');
  await platform.idle();
  platform.clock.advance(200);
  requestIdOf(await reply);
  assert.equal((await checked.arrived).authorizationId, 'auth-2');
  checked.answer({ kind: 'accepted' });
  await platform.idle();
});

test('it waits two seconds and not longer', async () => {
  const platform = await openPlatform(pool());
  const held = await reachResending(platform, 'order-1');
  const startedAt = platform.clock.now();
  const answeredAt = postCode(platform, 'order-1').then((reply) => {
    assert.equal(faultOf(reply), '400 3060 general.payment_id resend_in_flight');
    return platform.clock.now();
  });
  for (let waited = 0; waited < 2_000; waited += 200) {
    await platform.clock.untilSomebodySleeps();
    platform.clock.advance(200);
  }
  const stillWaits = platform.clock.untilSomebodySleeps().then(() => Infinity);
  assert.equal((await Promise.race([answeredAt, stillWaits])) - startedAt, 2_000);
  held.answer({ kind: 'resent', facts: {} });
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['prepare', 'resend']);
});
