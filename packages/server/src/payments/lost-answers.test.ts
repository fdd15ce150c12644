import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrepareCall } from '../providers/port.ts';
import {
  buy,
  postCode,
  postRefund,
  postSale,
  reachCode,
  reachConfirming,
  requestIdOf,
  statusOf,
} from '../testing/purchase.ts';
import { found, idOf, inDoubt, waiting } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const suspicious = { ...inDoubt, suspicious: true };

/** For each call: how a payment comes to it, and what is asked when its answer was lost. */
const roads = {
  prepare: [(platform: TestPlatform) => postSale(platform, 'order-1'), 'lookUp'],
  validate: [
    async (platform: TestPlatform) => {
      await reachCode(platform, 'order-1');
      await postCode(platform, 'order-1');
    },
    'lookUp',
  ],
  confirm: [(platform: TestPlatform) => reachConfirming(platform, 'order-1'), 'lookUp'],
  cancel: [
    async (platform: TestPlatform) => {
      await reachCode(platform, 'order-1');
      await platform.pass(1_800_000);
    },
    'lookUp',
  ],
  refund: [
    async (platform: TestPlatform) => {
      await buy(platform, 'order-1');
      await postRefund(platform, 'order-1');
    },
    'lookUpRefund',
  ],
} as const;

test('every lost answer is asked after at once, and silence is asked again, never taken for an answer', async (t) => {
  for (const [method, [goThere, question]] of Object.entries(roads)) {
    await t.test(method, async () => {
      const platform = await openPlatform(pool(), { confirmIsIdempotent: false });
      platform.provider.always(method as keyof typeof roads, inDoubt);
      await goThere(platform);
      await platform.idle();
      const before = platform.merchant.received.length;
      assert.deepEqual(platform.provider.news().slice(-2), [method, question]);
      for (const ms of [15_000, 30_000, 60_000]) {
        await platform.pass(ms);
        const asked = platform.provider.news();
        assert.ok(asked.length > 0 && asked.every((name) => name === question), `${ms}: ${asked.join()}`);
      }
      assert.equal(platform.merchant.received.length, before);
    });
  }
});

test('an answer that should not exist is asked after too, and is an incident', async () => {
  const platform = await openPlatform(pool());
  platform.provider.answerNext('prepare', suspicious);
  await postSale(platform, 'order-1');
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['prepare', 'lookUp']);
  const incidents = await platform.store.incidents({ projectId: 1234, paymentKey: 'order-1' });
  assert.deepEqual(
    incidents.map(({ kind }) => kind),
    ['answer_suspicious'],
  );
});

test('a lost first answer is found by our correlator, and the payment goes on as if it had come', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  provider.answerNext('prepare', inDoubt);
  provider.answerNext('lookUp', (by) => {
    assert.deepEqual(by, { providerPaymentId: null, correlator: provider.lastPrepare().correlator });
    return found(waiting(provider.lastPrepare(), platform.clock.now()));
  });
  await reachCode(platform, 'order-1');
  requestIdOf(await postCode(platform, 'order-1'));
  await platform.idle();
  assert.deepEqual(provider.news(), ['prepare', 'lookUp', 'validate', 'confirm']);
});

test('a lost first answer that was a denial declines', async () => {
  const platform = await openPlatform(pool());
  platform.provider.answerNext('prepare', inDoubt);
  platform.provider.answerNext('lookUp', found({ status: 'denied', reason: 'insufficient_balance' }));
  await postSale(platform, 'order-1');
  await platform.idle();
  assert.deepEqual(platform.merchant.story(), ['decline / sale decline 20105']);
});

test('not found proves nothing for forty seconds; then the call is made again under the same correlator', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  provider.answerNext('prepare', inDoubt);
  provider.always('lookUp', found({ status: 'not_found' }));
  await postSale(platform, 'order-1');
  await platform.idle();
  for (let waited = 0; waited < 39_000; waited += 1_000) await platform.pass(1_000);
  assert.ok(provider.news().every((name, at) => name === (at === 0 ? 'prepare' : 'lookUp')));
  for (let waited = 0; waited < 15_000; waited += 1_000) await platform.pass(1_000);
  assert.deepEqual(provider.news(), ['lookUp', 'prepare']);
  const [first, second] = provider.made.filter(({ method }) => method === 'prepare');
  const correlators = [first, second].map((made) => (made?.call as PrepareCall | undefined)?.correlator);
  assert.equal(new Set(correlators).size, 1);
  assert.deepEqual([first?.isRepeat, second?.isRepeat], [false, true]);
  assert.match(await statusOf(platform, 'order-1'), /^awaiting clarification/);
});

const afterValidate = [
  ['still waiting for a code', 'pending_code', ['lookUp'], /^awaiting clarification .* enter_again$/],
  ['reserved', 'reserved', ['lookUp', 'confirm'], /code_requested$/],
  ['charged', 'charged', ['lookUp'], /^success/],
  ['denied', 'denied', ['lookUp'], /^decline .* 20000$/],
  ['cancelled', 'cancelled', ['lookUp'], /^decline .* 20301$/],
] as const;

test('what a look-up finds after a lost validation decides', async (t) => {
  for (const [name, status, asked, story] of afterValidate) {
    await t.test(name, async () => {
      const platform = await openPlatform(pool());
      const { provider } = platform;
      await reachCode(platform, 'order-1');
      provider.answerNext('validate', inDoubt);
      const call = provider.lastPrepare();
      provider.answerNext('lookUp', found({ status, providerPaymentId: idOf(call), sum: call.sum }));
      provider.news();
      await postCode(platform, 'order-1');
      await platform.idle();
      assert.deepEqual(provider.news(), ['validate', ...asked]);
      assert.match(platform.merchant.story().at(-1) ?? '', story);
    });
  }
});

test('a lost confirmation is repeated only where the operator charges once for it', async (t) => {
  for (const confirmIsIdempotent of [true, false]) {
    await t.test(confirmIsIdempotent ? 'it does' : 'it may not', async () => {
      const platform = await openPlatform(pool(), { confirmIsIdempotent });
      const { provider } = platform;
      provider.answerNext('confirm', inDoubt);
      provider.answerNext('lookUp', () =>
        found({ status: 'reserved', providerPaymentId: idOf(provider.lastPrepare()) }),
      );
      await reachConfirming(platform, 'order-1');
      const expected = confirmIsIdempotent ? ['confirm', 'lookUp', 'confirm'] : ['confirm', 'lookUp'];
      assert.deepEqual(provider.news().slice(2), expected);
      const confirms = provider.made.filter(({ method }) => method === 'confirm');
      assert.equal(confirms.at(-1)?.isRepeat, confirmIsIdempotent);
    });
  }
});
