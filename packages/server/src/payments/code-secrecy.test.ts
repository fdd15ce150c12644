import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type pg from 'pg';
import { postCode, postResend, reachCode, requestIdOf } from '../testing/purchase.ts';
import { found, inDoubt, waiting } from '../testing/scripted-provider.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

/** Every place of the database, of whatever type, in which one of the words can be read. */
async function placesOf(database: pg.Pool, words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  assert.ok(tables.length >= 10);
  const places: string[] = [];
  for (const { name } of tables) {
    const { rows } = await database.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
    for (const { row } of rows) if (words.some((word) => row.includes(word))) places.push(`${name}: ${row}`);
  }
  return places;
}

test('no code is ever in the database or in the log, on any of its roads', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  await reachCode(platform, 'order-1');
  const codes = ['919283746501', '919283746502', '919283746503', '919283746504', '919283746505'];
  provider.answerNext(
    'validate',
    { kind: 'code_rejected', reason: 'wrong' },
    { kind: 'code_rejected', reason: 'expired' },
    inDoubt,
    () => Promise.reject(new Error('the operator link broke')),
    { kind: 'accepted' },
  );
  provider.always('lookUp', () => found(waiting(provider.lastPrepare(), platform.clock.now())));
  for (const code of codes) {
    requestIdOf(await postCode(platform, 'order-1', code));
    assert.deepEqual(await placesOf(pool(), codes), []);
    await platform.idle();
    await platform.pass(60_000);
    if (code === codes[0]) {
      requestIdOf(await postResend(platform, 'order-1'));
      await platform.idle();
    }
    assert.deepEqual(await placesOf(pool(), codes), []);
  }
  assert.equal(provider.made.filter(({ method }) => method === 'validate').length, codes.length);
  assert.ok(platform.lines.length > 0);
  for (const code of codes) assert.ok(!inspect(platform.lines, { depth: 10 }).includes(code));
  assert.notDeepEqual(await placesOf(pool(), ['order-1']), []);
});
