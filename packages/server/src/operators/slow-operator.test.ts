import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { postCode, postSale, reachCode, requestIdOf, statusOf } from '../testing/purchase.ts';
import { found, waiting } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const MOST_CALLS = 4;

/** TELE2 keeps both places for its first calls, answering nothing. */
async function slowTele2(platform: TestPlatform) {
  const held = [platform.provider.hold('prepare'), platform.provider.hold('prepare')];
  requestIdOf(await postSale(platform, 'slow-1'));
  requestIdOf(await postSale(platform, 'slow-2'));
  await Promise.all(held.map((each) => each.arrived));
  platform.provider.news();
  return async () => {
    for (const each of held) each.answer(found(waiting(await each.arrived, platform.clock.now())));
    await platform.idle();
  };
}

test('a slow operator keeps no place from another, nor from its own payments under way', async () => {
  const platform = await openPlatform(pool(), {}, MOST_CALLS);
  await reachCode(platform, 'under-way');
  const answer = await slowTele2(platform);
  requestIdOf(await postSale(platform, 'other', { account: { number: '77051234567' } }));
  requestIdOf(await postCode(platform, 'under-way'));
  while (platform.provider.made.filter(({ method }) => method === 'confirm').length === 0) await nextTurn();
  assert.deepEqual(platform.provider.news().toSorted(), ['confirm', 'prepare', 'validate']);
  await answer();
  assert.match(await statusOf(platform, 'other'), /^awaiting clarification/);
  assert.match(await statusOf(platform, 'slow-2'), /^awaiting clarification/);
});

test('a sale beyond the bound waits two seconds, then is put off, and at last ends unsent', async () => {
  const platform = await openPlatform(pool(), {}, MOST_CALLS);
  const answer = await slowTele2(platform);
  requestIdOf(await postSale(platform, 'beyond'));
  for (let second = 0; second < 60 && !(await statusOf(platform, 'beyond')).startsWith('decline'); second++) {
    platform.clock.advance(1_000);
    await platform.payments.sweep();
    await platform.quiet();
  }
  assert.match(await statusOf(platform, 'beyond'), /^decline .* 20206$/);
  assert.ok(!platform.provider.news().includes('prepare'));
  assert.deepEqual(platform.breakerNews, []);
  await answer();
});

test('one that gets its place in time goes out once', async () => {
  const platform = await openPlatform(pool(), {}, MOST_CALLS);
  const answer = await slowTele2(platform);
  requestIdOf(await postSale(platform, 'beyond'));
  platform.clock.advance(1_000);
  await answer();
  assert.deepEqual(platform.provider.news(), ['prepare']);
  assert.match(await statusOf(platform, 'beyond'), /^awaiting clarification/);
});
