import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notice } from '../providers/port.ts';
import { chargedNotice, postSale, reachCode, reachConfirming, requestIdOf, statusOf } from '../testing/purchase.ts';
import { found, idOf, waiting } from '../testing/scripted-provider.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const charged: Notice = { about: 'sale', finding: { status: 'charged' } };

test('an address that is not ours is 401, whatever is wrong with it', async (t) => {
  const platform = await openPlatform(pool());
  await reachConfirming(platform, 'order-1');
  const good = platform.provider.lastPrepare().notices;
  const other = platform.noticeAddresses.of({ projectId: 1234, paymentKey: 'order-2' }, 1, 'scripted');
  const token = good.url.split('/').at(-1) ?? '';
  const addresses = {
    'another token': { ...good, url: good.url.replace(token, token.toLowerCase()) },
    'another bearer': { ...good, bearer: other.bearer },
    'no bearer': { ...good, bearer: '' },
    'the token as bearer': { ...good, bearer: token },
    'another operation': { ...good, url: good.url.replace(`/1/${token}`, `/2/${token}`) },
    'another project': { ...good, url: good.url.replace('/1234/', '/1235/') },
    'a project that is no number': { ...good, url: good.url.replace('/1234/', '/x/') },
    'another payment’s token': { ...good, url: other.url },
  };
  for (const [name, address] of Object.entries(addresses)) {
    await t.test(name, async () => {
      assert.equal((await platform.notify(address, chargedNotice(platform))).status, 401);
    });
  }
  await platform.idle();
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  assert.equal((await platform.notify(good, chargedNotice(platform))).status, 204);
  await platform.idle();
  assert.match(await statusOf(platform, 'order-1'), /^success/);
});

test('a payment that does not exist is 410, what is no notice 400', async () => {
  const platform = await openPlatform(pool());
  const address = platform.noticeAddresses.of({ projectId: 1234, paymentKey: 'nobody' }, 1, 'scripted');
  assert.equal((await platform.notify(address, charged)).status, 410);
  const url = new URL(address.url).pathname;
  const authorization = `Bearer ${address.bearer}`;
  assert.equal((await platform.post(url, { hello: 1 }, { authorization })).status, 400);
  assert.equal((await platform.post(url, '{', { authorization })).status, 422);
});

test('an operation the payment does not have, or of the other kind, changes nothing', async () => {
  const platform = await openPlatform(pool());
  await reachConfirming(platform, 'order-1');
  const key = { projectId: 1234, paymentKey: 'order-1' };
  const before = await platform.store.load(key);
  const second = platform.noticeAddresses.of(key, 2, 'scripted');
  assert.equal((await platform.notify(second, chargedNotice(platform))).status, 204);
  const refund: Notice = { about: 'refund', correlator: null, finding: { status: 'succeeded' } };
  assert.equal((await platform.notify(platform.provider.lastPrepare().notices, refund)).status, 204);
  await platform.idle();
  assert.deepEqual(await platform.store.load(key), before);
});

test('a notice that comes before the answer waits for it: nothing is taken from it', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  const held = provider.hold('prepare');
  requestIdOf(await postSale(platform, 'order-1'));
  const call = await held.arrived;
  const notice: Notice = {
    about: 'sale',
    finding: { ...waiting(call, platform.clock.now()), providerPaymentId: 'op-forged' },
  };
  assert.equal((await platform.notify(call.notices, notice)).status, 204);
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
  held.answer(found(waiting(call, platform.clock.now())));
  await platform.idle();
  assert.equal(platform.merchant.received.length, 1);
  assert.equal(platform.merchant.last().operation.provider.payment_id, idOf(call));
});

test('a charge under an id we do not know makes us ask, and is not believed', async () => {
  const platform = await openPlatform(pool());
  await reachConfirming(platform, 'order-1');
  platform.provider.news();
  const { finding } = chargedNotice(platform);
  await platform.notify(platform.provider.lastPrepare().notices, {
    about: 'sale',
    finding: { ...finding, providerPaymentId: 'op-other' },
  } as Notice);
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['lookUp']);
  assert.match(await statusOf(platform, 'order-1'), /^processing/);
});

test('fifty equal notices at once are one success and one callback', async () => {
  const platform = await openPlatform(pool());
  await reachConfirming(platform, 'order-1');
  const notice = chargedNotice(platform);
  const replies = await Promise.all(
    Array.from({ length: 50 }, () => platform.notify(platform.provider.lastPrepare().notices, notice)),
  );
  await platform.idle();
  assert.ok(replies.every(({ status }) => status === 204));
  assert.equal(platform.merchant.story().filter((line) => line.startsWith('success')).length, 1);
});

test('the operator’s denial and cancellation by notice end the payment', async (t) => {
  for (const [status, code] of [
    ['denied', '20105'],
    ['cancelled', '20301'],
  ] as const) {
    await t.test(status, async () => {
      const platform = await openPlatform(pool());
      await reachCode(platform, 'order-1');
      const call = platform.provider.lastPrepare();
      const finding = {
        status,
        providerPaymentId: idOf(call),
        ...(status === 'denied' && { reason: 'insufficient_balance' as const }),
      };
      await platform.notify(call.notices, { about: 'sale', finding });
      await platform.idle();
      assert.equal(platform.merchant.story().at(-1), `decline / sale decline ${code}`);
    });
  }
});
