import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AttemptOutcome } from '@rocketpay/core/callback/callback.ts';
import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { createPool } from '../db/pool.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { createCallbacks, createCallbackStore } from './callbacks.ts';

const PAYMENTS = 60;
const TELLS = 6;
const startedAt = Date.now();

/** Twenty times faster than the wall, so that leases and schedules come to their end within the test. */
const fastClock: Clock = {
  ...systemClock,
  now: () => startedAt + Math.round((Date.now() - startedAt) * 20),
  monotonicMs: () => performance.now() * 20,
};

interface Message {
  readonly payment: number;
  readonly no: number;
  readonly final: boolean;
}

test(
  'two processes on one database: every final callback arrives, none overtakes another',
  { timeout: 60_000 },
  async (t) => {
    const database = await createTestDatabase();
    const pool = createPool({ databaseUrl: database.url, maxConnections: 8, onError: () => undefined });
    t.after(async () => {
      await pool.end();
      await database.drop();
    });
    const newest = new Map<number, number>();
    const acknowledged = new Set<string>();
    const refused = new Set<string>();
    const faults: string[] = [];

    async function send(_url: string, body: string): Promise<AttemptOutcome> {
      const { payment, no, final } = JSON.parse(body) as Message;
      if (no < (newest.get(payment) ?? 0) && !acknowledged.has(body))
        faults.push(`${body} after ${newest.get(payment)}`);
      newest.set(payment, Math.max(no, newest.get(payment) ?? 0));
      for (let turn = 0; turn < no % 3; turn++) await nextTurn();
      // One message in three is not acknowledged at first.
      if ((payment + no) % 3 === 0 && !refused.has(body)) {
        refused.add(body);
        return { kind: 'timeout', status: null, answerStart: null };
      }
      if (final) acknowledged.add(body);
      return { kind: 'delivered', status: 200, answerStart: 'ok' };
    }

    const note = (): void => undefined;
    const log = {
      debug: note,
      info: note,
      warn: note,
      error: (...line: unknown[]) => void faults.push(JSON.stringify(line)),
    };
    const openProcess = () => {
      const store = createCallbackStore(pool);
      return [
        store,
        createCallbacks({ store, send, keysOf: async () => [], clock: fastClock, log, attemptTimeoutMs: 10_000 }),
      ] as const;
    };
    const processes = [openProcess(), openProcess()] as const;

    async function tellAll(payment: number): Promise<void> {
      for (let no = 1; no <= TELLS; no++) {
        const final = no === TELLS || no % 2 === 0;
        const [store, room] = processes[(payment + no) % 2] ?? processes[0];
        const row = room.prepareRow({
          key: { projectId: 1, paymentKey: `p${payment}` },
          callbackNo: no,
          url: `https://${payment % 5}.example/`,
          body: JSON.stringify({ payment, no, final } satisfies Message),
          kind: final ? 'result' : 'clarification',
          final,
          operationId: no,
          now: fastClock.now(),
          delayMs: 0,
        });
        room.deliverNow(await store.enqueue([row]));
      }
    }

    const telling = Promise.all(Array.from({ length: PAYMENTS }, (_, payment) => tellAll(payment)));
    const open = `SELECT FROM callbacks WHERE state = 'waiting' LIMIT 1`;
    const sweepAll = () => Promise.all(processes.map(([, room]) => room.sweep()));
    await telling;
    while ((await pool.query(open)).rows.length > 0) await sweepAll();
    await Promise.all(processes.map(([, room]) => room.drain()));

    assert.deepEqual(faults, []);
    assert.equal(acknowledged.size, (PAYMENTS * TELLS) / 2);
    const { rows } = await pool.query<{ state: string }>(`SELECT DISTINCT state FROM callbacks WHERE final`);
    assert.deepEqual(rows, [{ state: 'delivered' }]);
  },
);
