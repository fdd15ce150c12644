import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AttemptOutcomeKind, CallbackRow } from '@rocketpay/core/callback/callback.ts';
import { HELD_RECHECK_MS } from '@rocketpay/core/callback/order.ts';
import type { CallbackStore } from './store.ts';

const START = 1_800_000_000_000;
const LEASE_MS = 30_000;
const all = { rows: 100, rowsPerOrigin: 100, oneOfOrigins: [], exceptOrigins: [] };

type Choices = Partial<CallbackRow> & { delayMs?: number };

/** A new row, prepared as the room prepares them: final, and ready to be sent unless delayed. */
export function sampleRow({ delayMs = 0, createdAt = START, ...choices }: Choices = {}): CallbackRow {
  const notBefore = createdAt + delayMs;
  const leaseUntil = delayMs > 0 ? null : createdAt + LEASE_MS;
  return {
    projectId: 1234,
    paymentKey: 'order-1',
    callbackNo: 1,
    url: 'https://shop.example/callback',
    origin: 'https://shop.example',
    body: '{"payment":{"id":"Заказ \\u0001 1"}}',
    kind: 'result',
    final: true,
    operationId: 3_818_000_010_999,
    createdAt,
    notBefore,
    state: 'waiting',
    attempts: 0,
    attemptsBefore: 0,
    resends: 0,
    resentAt: null,
    dueAt: leaseUntil ?? notBefore,
    leaseUntil,
    ...choices,
  };
}

const asking = { kind: 'clarification', final: false } as const;

function ended(row: CallbackRow, kind: AttemptOutcomeKind, endedAt: number) {
  const status = kind === 'delivered' ? 200 : kind === 'refused_status' ? 500 : null;
  return {
    row,
    startedAt: endedAt - 40,
    endedAt,
    latencyMs: 40,
    outcome: { kind, status, answerStart: status && 'ok' },
  } as const;
}

/** What every store of callbacks must do. `makeStore` gives an empty one. */
export function callbackStoreSuite(name: string, makeStore: () => Promise<CallbackStore>): void {
  const numbers = (rows: readonly CallbackRow[]) => rows.map((row) => row.callbackNo);
  async function standing(store: CallbackStore) {
    const rows = await store.list(sampleRow());
    return rows.map(({ callbackNo, state, attempts, dueAt, leaseUntil }) => [
      callbackNo,
      state,
      attempts,
      dueAt === null ? null : dueAt - START,
      leaseUntil === null ? null : leaseUntil - START,
    ]);
  }

  describe(`callback store: ${name}`, () => {
    test('a new callback is stored as it was prepared and may be sent at once', async () => {
      const store = await makeStore();
      const row = sampleRow();
      assert.deepEqual(await store.enqueue([row]), [row]);
      assert.deepEqual(await store.list(row), [row]);
      assert.deepEqual(await store.claimDue(START, LEASE_MS, all), []);
    });

    test('callbacks of many payments come in together, each ready by itself', async () => {
      const store = await makeStore();
      const rows = ['a', 'b', 'c'].map((paymentKey) => sampleRow({ paymentKey }));
      assert.deepEqual(await store.enqueue(rows), rows);
    });

    test('a lease that ends without a result makes it due again, for one claimant only', async () => {
      const store = await makeStore();
      await store.enqueue([sampleRow()]);
      const later = START + LEASE_MS;
      assert.deepEqual(await store.claimDue(later - 1, LEASE_MS, all), []);
      const claims = await Promise.all([1, 2, 3].map(() => store.claimDue(later, LEASE_MS, all)));
      assert.deepEqual(claims.flat(), [sampleRow({ dueAt: later + LEASE_MS, leaseUntil: later + LEASE_MS })]);
    });

    test('a delayed one is not ready, and due when its delay is over', async () => {
      const store = await makeStore();
      assert.deepEqual(await store.enqueue([sampleRow({ delayMs: 600_000 })]), []);
      assert.deepEqual(await store.claimDue(START + 599_999, LEASE_MS, all), []);
      assert.deepEqual(numbers(await store.claimDue(START + 600_000, LEASE_MS, all)), [1]);
    });

    test('200 ends it; the attempt is written down', async () => {
      const store = await makeStore();
      const row = sampleRow();
      await store.enqueue([row]);
      assert.deepEqual(await store.recordAttempt(ended(row, 'delivered', START + 50), LEASE_MS), []);
      assert.deepEqual(await standing(store), [[1, 'delivered', 1, null, null]]);
      assert.deepEqual(await store.attempts(row), [
        {
          callbackNo: 1,
          attempt: 1,
          at: START + 10,
          status: 200,
          outcome: 'delivered',
          latencyMs: 40,
          answerStart: 'ok',
        },
      ]);
      assert.deepEqual(await store.claimDue(START + 10 * LEASE_MS, LEASE_MS, all), []);
    });

    test('a failure puts it off by the schedule, and the last one exhausts it', async () => {
      const store = await makeStore();
      await store.enqueue([sampleRow()]);
      let [row] = await store.list(sampleRow());
      let now = START;
      const gaps: number[] = [];
      for (let attempt = 1; attempt <= 120; attempt++) {
        assert.ok(row, `attempt ${attempt} was claimed`);
        await store.recordAttempt(ended(row, 'timeout', now), LEASE_MS);
        const [stored] = await store.list(row);
        if (!stored || stored.dueAt === null) break;
        gaps.push(stored.dueAt - now);
        assert.deepEqual(await store.claimDue(stored.dueAt - 1, LEASE_MS, all), []);
        now = stored.dueAt;
        [row] = await store.claimDue(now, LEASE_MS, all);
      }
      assert.deepEqual([gaps.length, ...gaps.slice(5, 8), gaps.at(-1)], [119, 10_000, 84_049, 85_735, 14_400_000]);
      assert.deepEqual(await standing(store), [[1, 'exhausted', 120, null, null]]);
      assert.equal((await store.attempts(sampleRow())).length, 120);
    });

    test('a newer one supersedes an undelivered intermediate one', async () => {
      const store = await makeStore();
      const first = sampleRow(asking);
      await store.enqueue([first]);
      await store.recordAttempt(ended(first, 'refused_status', START + 50), LEASE_MS);
      const second = sampleRow({ callbackNo: 2, createdAt: START + 1_000 });
      assert.deepEqual(await store.enqueue([second]), [second]);
      assert.deepEqual(await standing(store), [
        [1, 'superseded', 1, null, null],
        [2, 'waiting', 0, 31_000, 31_000],
      ]);
    });

    test('while an attempt of a superseded one is on its way, the newer waits for its end', async () => {
      for (const [outcome, state] of [
        ['refused_status', 'superseded'],
        ['delivered', 'delivered'],
      ] as const) {
        const store = await makeStore();
        const first = sampleRow(asking);
        await store.enqueue([first]);
        assert.deepEqual(await store.enqueue([sampleRow({ callbackNo: 2, createdAt: START + 100 })]), []);
        const freed = await store.recordAttempt(ended(first, outcome, START + 200), LEASE_MS);
        assert.deepEqual(freed, [
          sampleRow({ callbackNo: 2, createdAt: START + 100, dueAt: START + 30_200, leaseUntil: START + 30_200 }),
        ]);
        assert.deepEqual((await standing(store))[0], [1, state, 1, null, null]);
      }
    });

    test('if the sender of a superseded one has died, the newer goes when the lease is over', async () => {
      const store = await makeStore();
      await store.enqueue([sampleRow(asking)]);
      await store.enqueue([sampleRow({ callbackNo: 2, createdAt: START + 100 })]);
      await store.enqueue([sampleRow({ callbackNo: 3, createdAt: START + 200 })]);
      assert.deepEqual(await store.claimDue(START + LEASE_MS - 1, LEASE_MS, all), []);
      assert.deepEqual(numbers(await store.claimDue(START + LEASE_MS, LEASE_MS, all)), [2]);
    });

    test('an undelivered final one holds the newer back and is tried again at once', async () => {
      const store = await makeStore();
      const first = sampleRow();
      await store.enqueue([first]);
      await store.recordAttempt(ended(first, 'timeout', START + 50), LEASE_MS);
      assert.deepEqual(await store.enqueue([sampleRow({ callbackNo: 2, createdAt: START + 1_000 })]), []);
      const [again, ...others] = await store.claimDue(START + 1_000, LEASE_MS, all);
      assert.deepEqual([again?.callbackNo, others], [1, []]);
      assert.ok(again);
      assert.deepEqual(await store.recordAttempt(ended(again, 'timeout', START + 1_100), LEASE_MS), []);
      assert.deepEqual((await standing(store))[0], [1, 'waiting', 2, 11_100, null]);
      const [third] = await store.claimDue(START + 11_100, LEASE_MS, all);
      assert.ok(third);
      assert.deepEqual(numbers(await store.recordAttempt(ended(third, 'delivered', START + 11_200), LEASE_MS)), [2]);
    });

    test('several finals leave in order, and an intermediate one behind them is superseded', async () => {
      const store = await makeStore();
      const first = sampleRow();
      await store.enqueue([first]);
      await store.enqueue([sampleRow({ callbackNo: 2, createdAt: START + 1 })]);
      await store.enqueue([sampleRow({ callbackNo: 3, createdAt: START + 2, ...asking })]);
      await store.enqueue([sampleRow({ callbackNo: 4, createdAt: START + 3 })]);
      const [second] = await store.recordAttempt(ended(first, 'delivered', START + 100), LEASE_MS);
      assert.ok(second);
      assert.equal(second.callbackNo, 2);
      const [fourth] = await store.recordAttempt(ended(second, 'delivered', START + 200), LEASE_MS);
      assert.equal(fourth?.callbackNo, 4);
      assert.deepEqual((await standing(store))[2], [3, 'superseded', 0, null, null]);
    });

    test('a held one whose release was lost is looked at again, and put off while it is still held', async () => {
      const store = await makeStore();
      const first = sampleRow();
      await store.enqueue([first]);
      await store.enqueue([sampleRow({ callbackNo: 2, createdAt: START })]);
      const again = await store.claimDue(START + HELD_RECHECK_MS, LEASE_MS, all);
      assert.deepEqual(numbers(again), [1]);
      assert.deepEqual((await standing(store))[1], [2, 'waiting', 0, 2 * HELD_RECHECK_MS, null]);
    });

    test('the end of the schedule lets the newer go', async () => {
      const store = await makeStore();
      const last = sampleRow({ attempts: 119 });
      await store.enqueue([last]);
      await store.enqueue([sampleRow({ callbackNo: 2, createdAt: START + 1 })]);
      assert.deepEqual(numbers(await store.recordAttempt(ended(last, 'timeout', START + 100), LEASE_MS)), [2]);
      assert.deepEqual((await standing(store))[0], [1, 'exhausted', 120, null, null]);
    });

    test('neither release nor a hurry cuts a delay short', async () => {
      const store = await makeStore();
      const first = sampleRow({ delayMs: 5_000 });
      await store.enqueue([first]);
      await store.enqueue([sampleRow({ callbackNo: 2, createdAt: START + 1, delayMs: 60_000 })]);
      assert.deepEqual(await store.claimDue(START + 4_999, LEASE_MS, all), []);
      const [now] = await store.claimDue(START + 5_000, LEASE_MS, all);
      assert.ok(now);
      assert.deepEqual(await store.recordAttempt(ended(now, 'delivered', START + 5_100), LEASE_MS), []);
      assert.deepEqual((await standing(store))[1], [2, 'waiting', 0, 60_001, null]);
    });

    test('another URL or another payment is another line', async () => {
      const store = await makeStore();
      await store.enqueue([sampleRow()]);
      const others = [
        sampleRow({ callbackNo: 2, url: 'https://shop.example/refused', createdAt: START + 1 }),
        sampleRow({ callbackNo: 2, paymentKey: 'order-2', createdAt: START + 1 }),
        sampleRow({ callbackNo: 2, projectId: 77, createdAt: START + 1 }),
      ];
      assert.deepEqual(await store.enqueue(others), others);
    });

    test('a failure reported under a lease that is over changes nothing; an acknowledgement always counts', async () => {
      const store = await makeStore();
      const row = sampleRow();
      await store.enqueue([row]);
      const [again] = await store.claimDue(START + LEASE_MS, LEASE_MS, all);
      assert.ok(again);
      await store.recordAttempt(ended(row, 'timeout', START + LEASE_MS + 1), LEASE_MS);
      assert.deepEqual(await standing(store), [[1, 'waiting', 0, 2 * LEASE_MS, 2 * LEASE_MS]]);
      await store.recordAttempt(ended(again, 'timeout', START + LEASE_MS + 2), LEASE_MS);
      await store.recordAttempt(ended(again, 'delivered', START + LEASE_MS + 3), LEASE_MS);
      assert.deepEqual(await standing(store), [[1, 'delivered', 2, null, null]]);
      await store.recordAttempt(ended(again, 'timeout', START + LEASE_MS + 4), LEASE_MS);
      assert.deepEqual(await standing(store), [[1, 'delivered', 2, null, null]]);
    });

    const due = (count: number, origin: string, dueAt: number) =>
      Array.from({ length: count }, (_, index) =>
        sampleRow({
          paymentKey: `${origin} ${index}`,
          origin,
          url: `${origin}/c`,
          dueAt: dueAt + index,
          leaseUntil: null,
        }),
      );

    test('one endpoint with many due rows leaves room for the others, and a full one is left alone', async () => {
      const store = await makeStore();
      await store.enqueue([
        ...due(50, 'https://down.example', START),
        ...due(3, 'https://up.example', START + 500),
        ...due(3, 'https://full.example', START),
      ]);
      const limits = { rows: 10, rowsPerOrigin: 8, oneOfOrigins: [], exceptOrigins: ['https://full.example'] };
      const claimed = await store.claimDue(START + 1_000, LEASE_MS, limits);
      const names = claimed.map((row) => row.paymentKey.slice('https://'.length)).toSorted();
      const downs = ['0', '1', '2', '3', '4', '5', '6'].map((index) => `down.example ${index}`);
      assert.deepEqual(names, [...downs, 'up.example 0', 'up.example 1', 'up.example 2']);
      const next = await store.claimDue(START + 1_000, LEASE_MS, { ...limits, exceptOrigins: [] });
      assert.equal(next.filter((row) => row.origin === 'https://full.example').length, 3);
    });

    test('one endpoint with thousands due before all others does not hide them', async () => {
      const store = await makeStore();
      await store.enqueue([
        ...due(400, 'https://m-down.example', START),
        ...['a', 'b', 'y', 'z'].flatMap((shop) => due(2, `https://${shop}.example`, START + 500)),
        ...due(1, 'https://later.example', START + 5_000),
      ]);
      const names = (rows: readonly CallbackRow[]) =>
        rows.map((row) => row.paymentKey.slice('https://'.length)).toSorted();
      const limits = { rows: 10, rowsPerOrigin: 4, oneOfOrigins: [], exceptOrigins: [] };
      const others = ['a.example 0', 'a.example 1', 'b.example 0', 'b.example 1'];
      const more = ['y.example 0', 'y.example 1', 'z.example 0', 'z.example 1'];
      const claimed = await store.claimDue(START + 1_000, LEASE_MS, limits);
      assert.deepEqual(names(claimed), [...others, 'm-down.example 0', 'm-down.example 1', ...more]);
      const full = { ...limits, exceptOrigins: ['https://m-down.example'] };
      assert.deepEqual(names(await store.claimDue(START + 1_001, LEASE_MS, full)), []);
      assert.deepEqual(names(await store.claimDue(START + 5_000, LEASE_MS, full)), ['later.example 0']);
    });
  });
}
