import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyMessage } from '@rocketpay/contract/signature.ts';
import { sandbox } from '../testing/gate-bodies.ts';
import { buy, postRefund, postSale, reachCode, requestIdOf, statusOf } from '../testing/purchase.ts';
import { unreachable } from '../testing/recording-merchant.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const urlsOf = (platform: TestPlatform): string[] => platform.merchant.received.map(({ url }) => new URL(url).pathname);
const own = { merchant_callback_url: 'https://shop.example/own' };
const decline = { account: { number: '12345' } };

test('each callback goes to the address its kind was given in the first request', async (t) => {
  const bySuccess = { merchant_success_callback_url: 'https://shop.example/paid' };
  const byDecline = { merchant_decline_callback_url: 'https://shop.example/no' };
  const roads = [
    ['the project’s where nothing is said', {}, ['/callback', '/callback', '/callback'], ['/callback']],
    ['the request’s own', own, ['/own', '/own', '/own'], ['/own']],
    ['one for success', { ...own, ...bySuccess }, ['/own', '/paid', '/own'], ['/own']],
    ['one for decline', { ...own, ...byDecline }, ['/own', '/own', '/own'], ['/no']],
    ['only one for decline', byDecline, ['/callback', '/callback', '/callback'], ['/no']],
  ] as const;
  for (const [name, general, paid, declined] of roads) {
    await t.test(name, async () => {
      const platform = await openPlatform(pool());
      await buy(platform, 'order-1', { general });
      requestIdOf(await postRefund(platform, 'order-1'));
      await platform.idle();
      assert.deepEqual(urlsOf(platform), paid);
      requestIdOf(await postSale(platform, 'order-2', { general, ...decline }));
      await platform.idle();
      assert.deepEqual(urlsOf(platform).slice(paid.length), declined);
    });
  }
});

test('every callback is signed at its root with the project’s secret', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  await postRefund(platform, 'order-1');
  await platform.idle();
  assert.equal(platform.merchant.received.length, 3);
  for (const { body, text } of platform.merchant.received) {
    assert.ok(verifyMessage(body, body.signature, sandbox.secret));
    assert.ok(!text.includes('\n') && !text.includes('null'));
    assert.ok(!verifyMessage({ ...body, project_id: 1 }, body.signature, sandbox.secret));
  }
});

test('a repeat is byte for byte the first one, though the payment has moved on', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-0');
  platform.merchant.answerNext(unreachable);
  requestIdOf(await postSale(platform, 'order-1', decline));
  await platform.idle();
  await platform.pass(10_000);
  const [, first, second] = platform.merchant.received;
  assert.ok(first && first.text === second?.text);
  await platform.pass(86_400_000);
  assert.equal(platform.merchant.received.filter(({ text }) => text === first.text).length, 2);
});

test('a delay holds back results, never the question for the code', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1', { callback: { delay: 60 } });
  assert.deepEqual(
    platform.merchant.received.map(({ body }) => body.payment.status),
    ['awaiting clarification'],
  );
  await platform.pass(59_999);
  assert.equal(platform.merchant.received.length, 1);
  await platform.pass(1);
  assert.equal(platform.merchant.story().at(-1), 'success / sale success 0');
});

test('callbacks switched off are neither sent nor stored; the status tells all the same', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1', { callback: { force_disable: true } });
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.pass(86_400_000);
  assert.deepEqual(platform.merchant.received, []);
  assert.deepEqual((await pool().query('SELECT FROM callbacks')).rows.length, 0);
  assert.equal(await statusOf(platform, 'order-1'), 'refunded 0, sale success 0, refund success 0');
});

test('a refund has a delay and a switch of its own', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1', { callback: { delay: 60 } });
  await platform.pass(60_000);
  const amount = { amount: 10, currency: 'KZT' };
  requestIdOf(await postRefund(platform, 'order-1', amount, { callback: { force_disable: true } }));
  await platform.idle();
  assert.equal(platform.merchant.received.length, 2);
  requestIdOf(await postRefund(platform, 'order-1', amount));
  await platform.idle();
  assert.equal(platform.merchant.story().at(-1), 'partially refunded / refund success 0');
  requestIdOf(await postRefund(platform, 'order-1', amount, { callback: { delay: 5 } }));
  await platform.idle();
  assert.equal(platform.merchant.received.length, 3);
  await platform.pass(5_000);
  assert.equal(platform.merchant.received.length, 4);
});

test('a newer callback waits behind an undelivered final one and replaces an undelivered question', async () => {
  const platform = await openPlatform(pool());
  platform.merchant.answerNext(unreachable, unreachable);
  await buy(platform, 'order-1');
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
  await platform.pass(10_000);
  const statuses = platform.merchant.received.map(({ body }) => body.payment.status);
  assert.deepEqual(statuses, ['awaiting clarification', 'success', 'success', 'refunded']);
});

test('without any address nothing is sent and the payment goes on', async () => {
  const platform = await openPlatform(pool());
  await pool().query('UPDATE projects SET callback_url = NULL');
  platform.clock.advance(5_000);
  await buy(platform, 'order-1');
  assert.deepEqual(platform.merchant.received, []);
});
