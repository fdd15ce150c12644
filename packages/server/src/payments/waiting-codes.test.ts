import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paymentKey } from '@rocketpay/core/payment-key.ts';
import type { ValidateCall } from '../providers/port.ts';
import { faultOf, postCode, reachResending, requestIdOf } from '../testing/purchase.ts';
import { sandbox } from '../testing/gate-bodies.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const key = { projectId: sandbox.projectId, paymentKey: paymentKey('order-1') };
const wrong = { kind: 'code_rejected', reason: 'wrong' } as const;
const inFlight = '400 3060 general.payment_id resend_in_flight';

/** A purchase whose resend the operator has not answered yet; `resent` is that answer, and time enough to see it. */
async function resending(): Promise<{ platform: TestPlatform; resent: () => Promise<void> }> {
  const platform = await openPlatform(pool());
  const held = await reachResending(platform, 'order-1');
  platform.provider.news();
  return {
    platform,
    async resent() {
      held.answer({ kind: 'resent', facts: {} });
      await platform.idle();
      platform.clock.advance(200);
    },
  };
}

test('a code that waits is one try, however often it is sent', async () => {
  const { platform, resent } = await resending();
  platform.provider.answerNext('validate', wrong, wrong, wrong);
  const first = postCode(platform, 'order-1', '111111');
  await platform.clock.untilSomebodySleeps();
  const replies = [first, postCode(platform, 'order-1', '111111'), postCode(platform, 'order-1', '111111')];
  const requestIds = Promise.all(replies).then((all) => all.map(requestIdOf));
  await resent();
  assert.deepEqual(new Set(await requestIds), new Set([requestIdOf(await first)]));
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['validate']);
  assert.equal(platform.merchant.last().clarification_info?.attempts_left, 4);
  requestIdOf(await postCode(platform, 'order-1', '111111'));
  await platform.idle();
  assert.equal(platform.merchant.last().clarification_info?.attempts_left, 3);
});

test('another code takes the place of the one that waits, which is refused and never tried', async () => {
  const { platform, resent } = await resending();
  const mistyped = postCode(platform, 'order-1', '111111');
  await platform.clock.untilSomebodySleeps();
  const corrected = platform.payments.submitCode(key, '222222', 'second');
  platform.clock.advance(200);
  assert.equal(faultOf(await mistyped), inFlight);
  await platform.clock.untilSomebodySleeps();
  await resent();
  assert.equal((await corrected).kind, 'changed');
  await platform.idle();
  const checked = platform.provider.made.filter(({ method }) => method === 'validate');
  assert.deepEqual(
    checked.map(({ call }) => (call as ValidateCall).code),
    ['222222'],
  );
});

test('a stop waits for nobody', async () => {
  const { platform, resent } = await resending();
  const waiting = postCode(platform, 'order-1', '111111');
  await platform.clock.untilSomebodySleeps();
  platform.payments.stopWaiting();
  assert.equal(faultOf(await waiting), inFlight);
  await resent();
});
