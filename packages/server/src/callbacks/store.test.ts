import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallbackRow } from '@rocketpay/core/callback/callback.ts';
import fc from 'fast-check';
import type pg from 'pg';
import { createPool } from '../db/pool.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { callbackColumns } from './enqueue.ts';
import { createMemoryCallbackStore } from './memory-store.ts';
import { claimSql, enqueueSql } from './statements.ts';
import { callbackStoreSuite, sampleRow } from './store.suite.ts';
import { createCallbackStore } from './store.ts';
import type { CallbackStore } from './store.ts';

let pool: pg.Pool;
let drop: () => Promise<void>;

before(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool({ databaseUrl: database.url, maxConnections: 4, onError: () => undefined });
});

after(async () => {
  await pool.end();
  await drop();
});

callbackStoreSuite('PostgreSQL', async () => {
  await pool.query('TRUNCATE callbacks, callback_attempts');
  return createCallbackStore(pool);
});

callbackStoreSuite('memory', async () => createMemoryCallbackStore());

test('a successor committed while the end of the attempt before it is being recorded goes at once', async () => {
  await pool.query('TRUNCATE callbacks, callback_attempts');
  const store = createCallbackStore(pool);
  for (const kind of ['clarification', 'result'] as const) {
    const first = sampleRow({ paymentKey: kind, kind, final: kind === 'result' });
    const second = sampleRow({ paymentKey: kind, callbackNo: 2, createdAt: first.createdAt + 5 });
    await store.enqueue([first]);
    const committer = await pool.connect();
    await committer.query('BEGIN');
    const { rows: ready } = await committer.query(enqueueSql, [JSON.stringify([callbackColumns(second)])]);
    assert.deepEqual(ready, []);
    const outcome = { kind: 'delivered', status: 200, answerStart: '' } as const;
    const recording = store.recordAttempt(
      { row: first, startedAt: first.createdAt, endedAt: first.createdAt + 9, latencyMs: 9, outcome },
      30_000,
    );
    await waitingForLock();
    await committer.query('COMMIT');
    committer.release();
    assert.deepEqual(
      (await recording).map((row) => row.callbackNo),
      [2],
    );
  }
});

test('a successor that arrives while the end before it is being recorded does not wait for the lease', async () => {
  await pool.query('TRUNCATE callbacks, callback_attempts');
  const store = createCallbackStore(pool);
  for (const kind of ['clarification', 'result'] as const) {
    const first = sampleRow({ paymentKey: kind, kind, final: kind === 'result' });
    const second = sampleRow({ paymentKey: kind, callbackNo: 2, createdAt: first.createdAt + 5 });
    await store.enqueue([first]);
    const recorder = await pool.connect();
    await recorder.query('BEGIN');
    await recorder.query(
      `UPDATE callbacks SET state = 'delivered', attempts = 1, due_at = NULL, lease_until = NULL WHERE payment_key = $1`,
      [kind],
    );
    const enqueueing = store.enqueue([second]);
    await waitingForLock();
    await recorder.query('COMMIT');
    recorder.release();
    assert.deepEqual(await enqueueing, [second]);
  }
});

test('of a batch with a bad member the others are taken', async () => {
  await pool.query('TRUNCATE callbacks, callback_attempts');
  const store = createCallbackStore(pool);
  const rows = ['a', 'b', 'c'].map((paymentKey) => sampleRow({ paymentKey }));
  await store.enqueue(rows);
  const results = rows.map((row, index) => {
    const outcome = { kind: 'delivered', status: 200, answerStart: index === 1 ? 'x'.repeat(600) : 'fine' } as const;
    return store.recordAttempt(
      { row, startedAt: row.createdAt, endedAt: row.createdAt + 9, latencyMs: 9, outcome },
      30_000,
    );
  });
  const ends = await Promise.allSettled(results);
  assert.deepEqual(
    ends.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

test('a claim that finds nothing due reads a few pages, however many endpoints wait', async () => {
  await pool.query('TRUNCATE callbacks, callback_attempts');
  const rows = Array.from({ length: 2_000 }, (_, index) => {
    const origin = `https://${index}.example`;
    return sampleRow({ paymentKey: `p${index}`, origin, url: `${origin}/`, delayMs: 3_600_000 });
  });
  await createCallbackStore(pool).enqueue(rows);
  const now = new Date(sampleRow().createdAt);
  const { rows: lines } = await pool.query<{ 'QUERY PLAN': readonly { readonly Plan: Pages }[] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${claimSql}`,
    [now, now, 512, 64, [], [], ''],
  );
  const pages = lines[0]?.['QUERY PLAN'][0]?.Plan;
  assert.ok(pages);
  const read = pages['Shared Hit Blocks'] + pages['Shared Read Blocks'];
  assert.ok(read > 0 && read < 20, `${read} pages`);
});

test('behind one endpoint with thousands due, claims go round all the others, a stretch at a time', async () => {
  await pool.query('TRUNCATE callbacks, callback_attempts');
  const store = createCallbackStore(pool);
  const start = sampleRow().createdAt;
  const due = (origin: string, dueAt: number, count = 1) =>
    Array.from({ length: count }, (_, index) =>
      sampleRow({
        paymentKey: `${origin} ${index}`,
        origin,
        url: `${origin}/c`,
        dueAt: dueAt + index,
        leaseUntil: null,
      }),
    );
  const others = Array.from({ length: 35 }, (_, index) => `https://${String(index).padStart(2, '0')}.example`);
  await store.enqueue([
    ...due('https://hog.example', start, 1_000),
    ...others.flatMap((origin) => due(origin, start + 5_000)),
  ]);
  const limits = { rows: 10, rowsPerOrigin: 4, oneOfOrigins: ['https://hog.example'], exceptOrigins: [] };
  const turns: string[][] = [];
  for (let claim = 0; claim < 4; claim++)
    turns.push((await store.claimDue(start + 10_000, 30_000, limits)).map((row) => row.origin).toSorted());
  const all = turns.flat();
  assert.deepEqual(all.filter((origin) => origin !== 'https://hog.example').toSorted(), others);
  assert.deepEqual(turns[0], others.slice(0, 10));
  assert.equal(all.length - others.length, 1, 'the hog has its turn as all others have');
  const [again] = await store.claimDue(start + 10_000, 30_000, limits);
  assert.equal(again?.origin, 'https://hog.example', 'and then it begins anew');
});

interface Pages {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Resolves once a session of this database waits for another's row. */
async function waitingForLock(): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await pool.query(sql)).rows.length === 0);
}

interface Walk {
  readonly kind: 'tell' | 'claim' | 'answer' | 'wait';
  readonly final: boolean;
  readonly number: number;
}

const walk: fc.Arbitrary<Walk> = fc.record({
  kind: fc.constantFrom('tell', 'claim', 'answer', 'wait'),
  final: fc.boolean(),
  number: fc.nat(11),
});

test('PostgreSQL and memory do the same, step by step', async () => {
  const walks = fc.asyncProperty(fc.array(walk, { minLength: 10, maxLength: 40 }), async (steps) => {
    await pool.query('TRUNCATE callbacks, callback_attempts');
    const [database, memory] = [createCallbackStore(pool), createMemoryCallbackStore()];
    const counts = new Map<string, number>();
    const flights: CallbackRow[] = [];
    let now = sampleRow().createdAt;
    const both = async (step: (store: CallbackStore) => Promise<readonly CallbackRow[]>) => {
      const order = (rows: readonly CallbackRow[]) =>
        rows.toSorted((a, b) => a.paymentKey.localeCompare(b.paymentKey) || a.callbackNo - b.callbackNo);
      const rows = order(await step(database));
      assert.deepEqual(rows, order(await step(memory)));
      return rows;
    };
    for (const { kind, final, number } of steps) {
      now += 7;
      if (kind === 'wait') now += [1, 2_000, 10_000, 31_000, 61_000][number % 5] ?? 0;
      if (kind === 'tell') {
        const paymentKey = `p${number % 3}`;
        const callbackNo = (counts.get(paymentKey) ?? 0) + 1;
        counts.set(paymentKey, callbackNo);
        const origin = `https://${number % 2}.example`;
        const row = sampleRow({
          paymentKey,
          callbackNo,
          final,
          origin,
          url: `${origin}/`,
          createdAt: now,
          delayMs: number > 9 ? 4_000 : 0,
        });
        flights.push(...(await both((store) => store.enqueue([row]))));
      }
      if (kind === 'claim') {
        const limits = { rows: 100, rowsPerOrigin: 100, oneOfOrigins: [], exceptOrigins: [] };
        flights.push(...(await both((store) => store.claimDue(now, 30_000, limits))));
      }
      const [row] = kind === 'answer' && flights.length > 0 ? flights.splice(number % flights.length, 1) : [];
      if (row) {
        const outcome = {
          kind: final ? 'delivered' : 'timeout',
          status: final ? 200 : null,
          answerStart: null,
        } as const;
        const result = { row, startedAt: now, endedAt: now, latencyMs: 3, outcome };
        flights.push(...(await both((store) => store.recordAttempt(result, 30_000))));
      }
      for (const paymentKey of counts.keys()) {
        await both((store) => store.list({ projectId: 1234, paymentKey }));
        const key = { projectId: 1234, paymentKey };
        assert.deepEqual(await database.attempts(key), await memory.attempts(key));
      }
    }
  });
  await fc.assert(walks, { numRuns: 60 });
});
