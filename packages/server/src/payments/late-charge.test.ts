import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buy, chargedNotice, postRefund, faultOf, reachCode, reachConfirming, statusOf } from '../testing/purchase.ts';
import { found, idOf, inDoubt } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const incidentsOf = async (platform: TestPlatform): Promise<string[]> =>
  (await platform.store.incidents({ projectId: 1234, paymentKey: 'order-1' })).map(({ kind }) => kind);

/** A purchase declined because no code came, that the operator then charges all the same. */
async function reachLateCharge(amountMinor?: number): Promise<TestPlatform> {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  await platform.pass(1_800_000);
  assert.equal(platform.merchant.story().at(-1), 'decline / sale decline 603');
  platform.provider.news();
  if (amountMinor !== undefined) {
    const sum = { amountMinor, currency: 'KZT' };
    const call = platform.provider.lastPrepare();
    platform.provider.answerNext('lookUp', found({ status: 'charged', providerPaymentId: idOf(call), sum }));
  }
  const reply = await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform, amountMinor));
  assert.equal(reply.status, 204);
  await platform.idle();
  return platform;
}

test('a charge after the decline is given back whole, once, and somebody must look', async () => {
  const platform = await reachLateCharge();
  assert.deepEqual(platform.provider.news(), ['refund']);
  const { correlator, sum, providerPaymentId } = platform.provider.lastRefund();
  const prepared = platform.provider.lastPrepare();
  assert.notEqual(correlator, prepared.correlator);
  assert.deepEqual([sum, providerPaymentId], [prepared.sum, idOf(prepared)]);
  assert.deepEqual(await incidentsOf(platform), ['charged']);
});

test('the merchant, told of a decline, hears no more of it', async () => {
  const platform = await reachLateCharge();
  await platform.pass(86_400_000);
  assert.equal(platform.merchant.received.length, 2);
  assert.equal(await statusOf(platform, 'order-1'), 'decline 100000, sale decline 603');
  assert.equal(faultOf(await postRefund(platform, 'order-1')), '400 3060 general.payment_id status');
});

test('told again, the operator gets no second refund', async () => {
  const platform = await reachLateCharge();
  platform.provider.news();
  const address = platform.provider.lastPrepare().notices;
  await Promise.all(Array.from({ length: 5 }, () => platform.notify(address, chargedNotice(platform))));
  await platform.idle();
  await platform.pass(86_400_000);
  assert.deepEqual(
    platform.provider.news().filter((name) => name !== 'lookUp'),
    [],
  );
  assert.deepEqual(await incidentsOf(platform), ['charged']);
});

test('a late charge of another sum is given back as it was charged', async () => {
  const platform = await reachLateCharge(70_000);
  assert.deepEqual(platform.provider.news(), ['lookUp', 'refund']);
  assert.equal(platform.provider.lastRefund().sum.amountMinor, 70_000);
  assert.deepEqual(await incidentsOf(platform), ['charged_other_amount']);
});

test('a reversal in doubt is asked after, and called again only under its own correlator', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  await reachCode(platform, 'order-1');
  await platform.pass(1_800_000);
  provider.answerNext('refund', inDoubt);
  provider.always('lookUpRefund', { kind: 'found', finding: { status: 'not_found' } });
  provider.news();
  await platform.notify(provider.lastPrepare().notices, chargedNotice(platform));
  await platform.idle();
  assert.deepEqual(provider.news(), ['refund', 'lookUpRefund']);
  const { correlator } = provider.lastRefund();
  for (let waited = 0; waited < 60_000; waited += 1_000) await platform.pass(1_000);
  assert.equal(provider.news().filter((name) => name === 'refund').length, 1);
  assert.equal(provider.lastRefund().correlator, correlator);
});

test('a look-up behind the cancel may be what finds the late charge', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  await reachCode(platform, 'order-1');
  const call = provider.lastPrepare();
  provider.answerNext('cancel', inDoubt);
  provider.answerNext('lookUp', found({ status: 'charged', providerPaymentId: idOf(call), sum: call.sum }));
  await platform.pass(1_800_000);
  assert.deepEqual(provider.news(), ['prepare', 'cancel', 'lookUp', 'refund']);
});

test('a charge of another sum than asked is no success: somebody must look', async () => {
  const platform = await openPlatform(pool());
  await reachConfirming(platform, 'order-1');
  const call = platform.provider.lastPrepare();
  const sum = { amountMinor: 99_999, currency: 'KZT' };
  platform.provider.answerNext('lookUp', found({ status: 'charged', providerPaymentId: idOf(call), sum }));
  await platform.notify(call.notices, chargedNotice(platform, 99_999));
  await platform.idle();
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  assert.deepEqual(await incidentsOf(platform), ['charged_other_amount']);
});

test('a denial after the success changes nothing: somebody must look', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const call = platform.provider.lastPrepare();
  await platform.notify(call.notices, {
    about: 'sale',
    finding: { status: 'denied', providerPaymentId: idOf(call), reason: 'charge_failed' },
  });
  await platform.idle();
  assert.match(await statusOf(platform, 'order-1'), /^success/);
  assert.deepEqual(await incidentsOf(platform), ['denied']);
  assert.equal(platform.merchant.received.length, 2);
});
