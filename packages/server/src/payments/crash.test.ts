import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrepareCall } from '../providers/port.ts';
import {
  buy,
  chargedNotice,
  postCode,
  postRefund,
  postSale,
  reachCode,
  reachResending,
  requestIdOf,
  statusOf,
} from '../testing/purchase.ts';
import { found, idOf, waiting } from '../testing/scripted-provider.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

/** A call's time-out and the slack of its lease: until then nobody takes it for dead. */
const LEASE_MS = 20_000;

test('a process dies with its first call: the next one asks before it does anything', async () => {
  const dead = await openPlatform(pool());
  const { provider } = dead;
  const held = provider.hold('prepare');
  requestIdOf(await postSale(dead, 'order-1'));
  const call = await held.arrived;
  const next = await dead.crash();
  await next.pass(LEASE_MS - 1);
  assert.deepEqual(provider.news(), ['prepare']);
  provider.answerNext('lookUp', found(waiting(call, next.clock.now())));
  await next.pass(1);
  assert.deepEqual(provider.news(), ['lookUp']);
  assert.equal(await statusOf(next, 'order-1'), 'awaiting clarification 100000, sale awaiting clarification 9999');
  assert.equal(next.merchant.received.length, 1);
});

test('a first call that never arrived is made again by the next process, forty seconds after it, under its correlator', async () => {
  const dead = await openPlatform(pool());
  const { provider } = dead;
  const held = provider.hold('prepare');
  requestIdOf(await postSale(dead, 'order-1'));
  const call = await held.arrived;
  const next = await dead.crash();
  provider.always('lookUp', found({ status: 'not_found' }));
  for (let waited = 0; waited < 39_000; waited += 1_000) await next.pass(1_000);
  assert.ok(
    provider
      .news()
      .slice(1)
      .every((name) => name === 'lookUp'),
  );
  for (let waited = 0; waited < 25_000; waited += 1_000) await next.pass(1_000);
  assert.deepEqual(
    provider.news().filter((name) => name === 'prepare'),
    ['prepare'],
  );
  assert.equal(provider.lastPrepare().correlator, call.correlator);
  const again = provider.made.findLast(({ method }) => method === 'prepare');
  assert.equal(again?.isRepeat, true);
});

test('a code lost with its process is asked for again', async () => {
  const dead = await openPlatform(pool());
  const { provider } = dead;
  await reachCode(dead, 'order-1');
  const held = provider.hold('validate');
  requestIdOf(await postCode(dead, 'order-1'));
  await held.arrived;
  const next = await dead.crash();
  provider.answerNext('lookUp', found(waiting(provider.lastPrepare(), next.clock.now())));
  provider.news();
  await next.pass(LEASE_MS);
  assert.deepEqual(provider.news(), ['lookUp']);
  assert.equal(next.merchant.last().clarification_info?.reason, 'enter_again');
  requestIdOf(await postCode(next, 'order-1', '864201'));
  await next.idle();
  assert.deepEqual(provider.news(), ['validate', 'confirm']);
});

test('a resend, a confirmation and a refund that died are asked after', async (t) => {
  await t.test('resend', async () => {
    const dead = await openPlatform(pool());
    await reachResending(dead, 'order-1');
    const next = await dead.crash();
    dead.provider.news();
    dead.provider.answerNext(
      'lookUp',
      found(waiting(dead.provider.lastPrepare(), next.clock.now(), { authorizationId: 'auth-2' })),
    );
    await next.pass(LEASE_MS);
    assert.deepEqual(dead.provider.news(), ['lookUp']);
    assert.equal(next.merchant.last().clarification_info?.reason, 'code_resent');
  });
  await t.test('confirm', async () => {
    const dead = await openPlatform(pool());
    await reachCode(dead, 'order-1');
    const held = dead.provider.hold('confirm');
    requestIdOf(await postCode(dead, 'order-1'));
    const call = await held.arrived;
    const next = await dead.crash();
    dead.provider.news();
    const { sum } = dead.provider.lastPrepare();
    dead.provider.answerNext('lookUp', found({ status: 'charged', providerPaymentId: call.providerPaymentId, sum }));
    await next.pass(5_000);
    assert.deepEqual(dead.provider.news(), ['lookUp']);
    assert.equal(next.merchant.story().at(-1), 'success / sale success 0');
  });
  await t.test('refund', async () => {
    const dead = await openPlatform(pool());
    await buy(dead, 'order-1');
    const held = dead.provider.hold('refund');
    requestIdOf(await postRefund(dead, 'order-1'));
    await held.arrived;
    const next = await dead.crash();
    dead.provider.news();
    dead.provider.answerNext('lookUpRefund', {
      kind: 'found',
      finding: { status: 'succeeded', providerRefundId: 're-1' },
    });
    await next.pass(LEASE_MS);
    assert.deepEqual(dead.provider.news(), ['lookUpRefund']);
    assert.equal(next.merchant.story().at(-1), 'refunded / refund success 0');
  });
});

test('what a dead process still hears changes nothing', async () => {
  const dead = await openPlatform(pool());
  const held = dead.provider.hold('prepare');
  requestIdOf(await postSale(dead, 'order-1'));
  const call: PrepareCall = await held.arrived;
  const next = await dead.crash();
  dead.provider.answerNext('lookUp', found({ status: 'denied', reason: 'insufficient_balance' }));
  await next.pass(LEASE_MS);
  held.answer(found({ status: 'charged', providerPaymentId: idOf(call), sum: call.sum }));
  await next.pass(LEASE_MS);
  assert.equal(await statusOf(next, 'order-1'), 'decline 100000, sale decline 20105');
});

test('a callback whose process died while sending it is sent again by the next, byte for byte', async () => {
  const dead = await openPlatform(pool());
  dead.merchant.answerNext(new Promise(() => undefined));
  requestIdOf(await postSale(dead, 'order-1', { account: { number: '12345' } }));
  await dead.idle();
  const next = await dead.crash();
  await next.pass(29_999);
  assert.equal(next.merchant.received.length, 1);
  await next.pass(1);
  const [first, second] = next.merchant.received;
  assert.deepEqual([second?.url, second?.text], [first?.url, first?.text]);
  assert.equal(second?.headers['webhook-id'], first?.headers['webhook-id']);
  await next.pass(86_400_000);
  assert.equal(next.merchant.received.length, 2);
});

test('two processes move one payment on together without losing a step', async () => {
  const one = await openPlatform(pool());
  const two = await one.twin();
  await reachCode(one, 'order-1');
  one.provider.answerNext('validate', { kind: 'code_rejected', reason: 'wrong' });
  requestIdOf(await postCode(two, 'order-1'));
  await two.idle();
  requestIdOf(await postCode(one, 'order-1'));
  await one.idle();
  await two.notify(one.provider.lastPrepare().notices, chargedNotice(one));
  await two.idle();
  requestIdOf(await postRefund(one, 'order-1'));
  await one.idle();
  assert.equal(await statusOf(two, 'order-1'), 'refunded 0, sale success 0, refund success 0');
  assert.deepEqual([...one.errors, ...two.errors], []);
});

test('an answer whose commit fails is as if it were lost: no callback, no next call, then a look-up', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  const held = provider.hold('prepare');
  requestIdOf(await postSale(platform, 'order-1'));
  const call = await held.arrived;
  await pool().query('ALTER TABLE callbacks ADD CONSTRAINT broken CHECK (false)');
  try {
    held.answer(found(waiting(call, platform.clock.now())));
    await platform.idle();
    assert.equal(platform.errors.length, 1);
    assert.match(await statusOf(platform, 'order-1'), /^processing/);
    assert.deepEqual(platform.merchant.received, []);
  } finally {
    await pool().query('ALTER TABLE callbacks DROP CONSTRAINT broken');
  }
  provider.news();
  provider.answerNext('lookUp', found(waiting(call, platform.clock.now())));
  await platform.pass(LEASE_MS);
  assert.deepEqual(provider.news(), ['lookUp']);
  assert.equal(platform.merchant.received.length, 1);
});
