import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../providers/port.ts';
import { buy, faultOf, postRefund, requestIdOf, statusOf } from '../testing/purchase.ts';
import { inDoubt, notSent } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const accepted = { kind: 'found', finding: { status: 'in_work', providerRefundId: 're-1' } } as const;
const key = { projectId: 1234, paymentKey: 'order-1' };
const refundsMade = (platform: TestPlatform) =>
  platform.provider.made.filter(({ method }) => method === 'refund').length;

async function reachDoubt(): Promise<TestPlatform> {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  platform.provider.answerNext('refund', inDoubt);
  platform.provider.news();
  return platform;
}

test('silence never frees a refund’s sum: it is asked after for days, and becomes an incident', async () => {
  const platform = await reachDoubt();
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
  for (let hour = 0; hour < 50; hour++) await platform.pass(3_600_000);
  assert.equal(await statusOf(platform, 'order-1'), 'success 100000, sale success 0, refund processing 9999');
  assert.equal((await platform.store.load(key))?.heldMinor, 100_000);
  assert.equal(
    faultOf(await postRefund(platform, 'order-1', { amount: 1, currency: 'KZT' })),
    '400 3283 payment.amount maximum',
  );
  assert.deepEqual(
    (await platform.store.incidents(key)).map(({ kind }) => kind),
    ['refund_open_for_a_day'],
  );
  const asked = platform.provider.news();
  assert.equal(asked.shift(), 'refund');
  assert.ok(asked.length > 40 && asked.every((name) => name === 'lookUpRefund'));
});

test('a lost answer is found by the refund’s own correlator', async (t) => {
  for (const [status, told] of [
    ['succeeded', 'refunded / refund success 0'],
    ['denied', 'success / refund decline 20000'],
  ] as const) {
    await t.test(status, async () => {
      const platform = await reachDoubt();
      const { provider } = platform;
      provider.answerNext('lookUpRefund', ({ correlator, providerPaymentId }) => {
        const sent = provider.lastRefund();
        assert.deepEqual([correlator, providerPaymentId], [sent.correlator, sent.providerPaymentId]);
        return { kind: 'found', finding: { status } };
      });
      requestIdOf(await postRefund(platform, 'order-1'));
      await platform.idle();
      assert.deepEqual(provider.news(), ['refund', 'lookUpRefund']);
      assert.equal(platform.merchant.story().at(-1), told);
    });
  }
});

test('a refund that never arrived is sent again after forty seconds, under its correlator', async () => {
  const platform = await reachDoubt();
  const { provider } = platform;
  provider.always('lookUpRefund', { kind: 'found', finding: { status: 'not_found' } });
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
  const { correlator } = provider.lastRefund();
  for (let waited = 0; waited < 39_000; waited += 1_000) await platform.pass(1_000);
  assert.equal(refundsMade(platform), 1);
  for (let waited = 0; waited < 60_000; waited += 1_000) await platform.pass(1_000);
  assert.equal(refundsMade(platform), 2);
  assert.equal(provider.lastRefund().correlator, correlator);
  assert.equal(platform.merchant.story().at(-1), 'refunded / refund success 0');
});

test('a refund that cannot be sent is tried until it can', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  platform.provider.answerNext('refund', ...Array.from({ length: 8 }, () => notSent));
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
  for (let turn = 0; turn < 8; turn++) await platform.pass(60_000);
  assert.equal(refundsMade(platform), 9);
  assert.equal(platform.merchant.story().at(-1), 'refunded / refund success 0');
});

test('a refund taken on ends with the operator’s notice, once', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  platform.provider.answerNext('refund', accepted);
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
  const { notices, correlator } = platform.provider.lastRefund();
  const notice: Notice = { about: 'refund', correlator, finding: { status: 'succeeded', providerRefundId: 're-1' } };
  const replies = await Promise.all(Array.from({ length: 10 }, () => platform.notify(notices, notice)));
  await platform.idle();
  assert.ok(replies.every(({ status }) => status === 204));
  assert.equal(platform.merchant.received.length, 3);
  assert.equal(platform.merchant.story().at(-1), 'refunded / refund success 0');
  const payment = await platform.store.load(key);
  assert.deepEqual([payment?.heldMinor, payment?.refundedMinor], [0, 100_000]);
});

test('a refund taken on and then denied frees its sum', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  platform.provider.answerNext('refund', accepted);
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
  const { notices, correlator } = platform.provider.lastRefund();
  await platform.notify(notices, {
    about: 'refund',
    correlator,
    finding: { status: 'denied', providerRefundId: 're-1', reason: 'refund_failed' },
  });
  await platform.idle();
  assert.equal(platform.merchant.story().at(-1), 'success / refund decline 20100');
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
});

test('the operator’s no after its yes changes nothing: somebody must look', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
  const { notices, correlator } = platform.provider.lastRefund();
  const providerRefundId = `re-${correlator.slice(0, 8)}`;
  await platform.notify(notices, { about: 'refund', correlator, finding: { status: 'denied', providerRefundId } });
  await platform.idle();
  assert.match(await statusOf(platform, 'order-1'), /^refunded 0/);
  assert.deepEqual(
    (await platform.store.incidents(key)).map(({ kind }) => kind),
    ['refund_denied'],
  );
});

test('a refund’s notice that comes before the answer, or of another refund, makes us ask', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  platform.provider.news();
  const held = platform.provider.hold('refund');
  requestIdOf(await postRefund(platform, 'order-1'));
  const { notices, correlator } = await held.arrived;
  await platform.notify(notices, {
    about: 'refund',
    correlator,
    finding: { status: 'succeeded', providerRefundId: 're-9' },
  });
  assert.match(await statusOf(platform, 'order-1'), /^success 100000/);
  held.answer(accepted);
  await platform.idle();
  await platform.notify(notices, {
    about: 'refund',
    correlator,
    finding: { status: 'succeeded', providerRefundId: 're-2' },
  });
  await platform.idle();
  assert.match(await statusOf(platform, 'order-1'), /^success 100000/);
  assert.deepEqual(platform.provider.news(), ['refund', 'lookUpRefund', 'lookUpRefund']);
});

test('a no to a repeated refund frees nothing while the first may have been made', async () => {
  const platform = await reachDoubt();
  const { provider } = platform;
  const refused = { kind: 'found', finding: { status: 'denied', reason: 'refund_not_allowed' } } as const;
  provider.answerNext('refund', refused);
  provider.always('lookUpRefund', { kind: 'found', finding: { status: 'not_found' } });
  requestIdOf(await postRefund(platform, 'order-1'));
  const before = refundsMade(platform);
  for (let waited = 0; refundsMade(platform) === before && waited < 120_000; waited += 1_000)
    await platform.pass(1_000);
  await platform.idle();
  assert.equal(refundsMade(platform), before + 1);
  assert.equal(await statusOf(platform, 'order-1'), 'success 100000, sale success 0, refund processing 9999');
  assert.equal((await platform.store.load(key))?.heldMinor, 100_000);
  provider.always('lookUpRefund', { kind: 'found', finding: { status: 'succeeded', providerRefundId: 're-1' } });
  for (let waited = 0; waited < 120_000; waited += 5_000) await platform.pass(5_000);
  assert.equal(await statusOf(platform, 'order-1'), 'refunded 0, sale success 0, refund success 0');
});
