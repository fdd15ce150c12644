import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LookUpOutcome, PrepareCall } from '../providers/port.ts';
import {
  buy,
  chargedNotice,
  faultOf,
  postCode,
  postResend,
  postSale,
  reachCode,
  reachConfirming,
  requestIdOf,
  statusOf,
} from '../testing/purchase.ts';
import { found, inDoubt, waiting } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const MINUTE = 60_000;
const silence: LookUpOutcome = { kind: 'unanswered', why: 'silence' };
const incidentsOf = async (platform: TestPlatform): Promise<string[]> =>
  (await platform.store.incidents({ projectId: 1234, paymentKey: 'order-1' })).map(({ kind }) => kind);

/** A purchase whose first call was lost and whose look-ups find nothing, at its deadline. */
async function reachPrepareDeadline(lookUp: (prepared: PrepareCall) => LookUpOutcome): Promise<TestPlatform> {
  const platform = await openPlatform(pool());
  platform.provider.answerNext('prepare', inDoubt);
  await postSale(platform, 'order-1');
  await platform.idle();
  await platform.pass(89_999);
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  platform.provider.news();
  platform.provider.always('lookUp', () => lookUp(platform.provider.lastPrepare()));
  await platform.pass(1);
  return platform;
}

test('no answer to the first call in 90 s: one last look-up, five seconds, then a decline', async () => {
  const platform = await reachPrepareDeadline(() => silence);
  assert.deepEqual(platform.provider.news(), ['lookUp']);
  assert.deepEqual(platform.merchant.story(), []);
  await platform.pass(5_000);
  assert.deepEqual(platform.merchant.story(), ['decline / sale decline 20602']);
});

test('what the operator still holds after that decline is found and cancelled', async () => {
  const platform = await reachPrepareDeadline(() => silence);
  await platform.pass(5_000);
  platform.provider.always('lookUp', () => found(waiting(platform.provider.lastPrepare(), platform.clock.now())));
  platform.provider.news();
  await platform.pass(20_000);
  assert.deepEqual(platform.provider.news(), ['lookUp', 'cancel']);
  assert.deepEqual(platform.merchant.story(), ['decline / sale decline 20602']);
});

test('the last look-up’s finding is taken', async (t) => {
  await t.test('a code awaited', async () => {
    const platform = await reachPrepareDeadline((call) => found(waiting(call, 0)));
    assert.match(await statusOf(platform, 'order-1'), /^awaiting clarification/);
  });
  await t.test('nothing there', async () => {
    const platform = await reachPrepareDeadline(() => found({ status: 'not_found' }));
    assert.deepEqual(platform.merchant.story(), ['decline / sale decline 20602']);
    assert.ok(!platform.provider.news().includes('prepare'));
  });
});

test('thirty silent minutes end a payment that waits for its code, and the operator’s session', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  await platform.pass(30 * MINUTE - 1);
  assert.match(await statusOf(platform, 'order-1'), /^awaiting clarification/);
  await platform.pass(1);
  assert.equal(platform.merchant.story().at(-1), 'decline / sale decline 603');
  assert.deepEqual(platform.provider.news(), ['prepare', 'cancel']);
  assert.equal(faultOf(await postCode(platform, 'order-1')), '400 3060 general.payment_id code_not_awaited');
});

test('a code is refused from the deadline on, though no sweep has come by', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  platform.clock.advance(30 * MINUTE);
  assert.equal(faultOf(await postCode(platform, 'order-1')), '400 3060 general.payment_id code_not_awaited');
  assert.equal(faultOf(await postResend(platform, 'order-1')), '400 3060 general.payment_id resend_not_possible');
});

test('every accepted and every resent code restarts the wait', async () => {
  const platform = await openPlatform(pool(), { thresholdMs: 1_000 * MINUTE });
  await reachCode(platform, 'order-1');
  platform.provider.answerNext('validate', { kind: 'code_rejected', reason: 'wrong' });
  await platform.pass(25 * MINUTE);
  requestIdOf(await postCode(platform, 'order-1'));
  await platform.idle();
  await platform.pass(25 * MINUTE);
  requestIdOf(await postResend(platform, 'order-1'));
  await platform.idle();
  await platform.pass(30 * MINUTE - 1);
  assert.match(await statusOf(platform, 'order-1'), /^awaiting clarification/);
  await platform.pass(1);
  assert.match(await statusOf(platform, 'order-1'), /^decline .* 603$/);
});

test('the threshold bounds all waits', async () => {
  const platform = await openPlatform(pool(), { thresholdMs: 40 * MINUTE });
  await reachCode(platform, 'order-1');
  await platform.pass(25 * MINUTE);
  requestIdOf(await postResend(platform, 'order-1'));
  await platform.idle();
  await platform.pass(15 * MINUTE - 1);
  assert.match(await statusOf(platform, 'order-1'), /^awaiting clarification/);
  await platform.pass(1);
  assert.match(await statusOf(platform, 'order-1'), /^decline .* 603$/);
});

test('best_before ends the wait for the code, and one that has passed asks nobody', async () => {
  const platform = await openPlatform(pool());
  const soon = new Date(platform.clock.now() + 10 * MINUTE).toISOString().replace('.000Z', '+00:00');
  const payment = { amount: 100_000, currency: 'KZT', best_before: soon };
  await reachCode(platform, 'order-1', { payment });
  await platform.pass(10 * MINUTE - 1);
  assert.match(await statusOf(platform, 'order-1'), /^awaiting clarification/);
  await platform.pass(1);
  assert.match(await statusOf(platform, 'order-1'), /^decline .* 603$/);
  platform.provider.news();
  requestIdOf(await postSale(platform, 'order-2', { payment }));
  await platform.idle();
  assert.match(await statusOf(platform, 'order-2'), /^decline .* 603$/);
  assert.deepEqual(platform.provider.news(), []);
});

test('a charge being confirmed is ended by no clock; after a day somebody must look', async () => {
  const platform = await openPlatform(pool(), { thresholdMs: 10 * MINUTE });
  await reachConfirming(platform, 'order-1');
  const told = platform.merchant.received.length;
  for (let hour = 0; hour < 23; hour++) await platform.pass(60 * MINUTE);
  assert.deepEqual(await incidentsOf(platform), []);
  await platform.pass(60 * MINUTE);
  await platform.pass(60 * MINUTE);
  assert.deepEqual(await incidentsOf(platform), ['open_for_a_day']);
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  assert.equal(platform.merchant.received.length, told);
  assert.ok(platform.provider.news().filter((name) => name === 'lookUp').length > 20);
  await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  await platform.idle();
  assert.equal(platform.merchant.story().at(-1), 'success / sale success 0');
});

test('a validation without an answer is asked after for five minutes past its deadline', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  platform.provider.answerNext('validate', inDoubt);
  await postCode(platform, 'order-1');
  await platform.idle();
  await platform.pass(30 * MINUTE);
  await platform.pass(5 * MINUTE - 1);
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  await platform.pass(1);
  assert.match(await statusOf(platform, 'order-1'), /^decline .* 603$/);
  assert.equal(platform.provider.news().at(-1), 'cancel');
});

test('a sweep with nothing due does nothing', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  await platform.pass(10 * 86_400_000);
  assert.equal(await platform.payments.sweep(), 0);
});
