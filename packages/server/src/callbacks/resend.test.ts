import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AttemptOutcome, CallbackRow } from '@rocketpay/core/callback/callback.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { usePool } from '../testing/test-pool.ts';
import {
  createCallbacks,
  createCallbackStore,
  listCallbacks,
  resendCallback,
  type CallbackFilter,
} from './callbacks.ts';
import { sampleRow } from './store.suite.ts';

const pool = usePool();
const noFilter = { paymentKey: null, state: null, since: null, last: null } as const;
const ok: AttemptOutcome = { kind: 'delivered', status: 200, answerStart: 'ok' };
const down: AttemptOutcome = { kind: 'refused_status', status: 503, answerStart: 'busy' };

beforeEach(() => pool().query('DELETE FROM callbacks; DELETE FROM callback_attempts'));

/** A room that sends to a merchant whose answers a test decides, over a clock set by hand. */
function openRoom() {
  const clock = createManualClock();
  const sent: { body: string; id: string }[] = [];
  const answers: AttemptOutcome[] = [];
  const ignore = (): void => undefined;
  const store = createCallbackStore(pool());
  let recording: Promise<unknown> = Promise.resolve();
  const callbacks = createCallbacks({
    store: {
      ...store,
      recordAttempt(...args) {
        const recorded = store.recordAttempt(...args);
        recording = Promise.all([recording, recorded]);
        return recorded;
      },
    },
    send: async (_url, body, headers) => {
      sent.push({ body, id: headers['webhook-id'] ?? '' });
      return answers.shift() ?? ok;
    },
    keysOf: async () => [],
    clock,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    attemptTimeoutMs: 10_000,
  });
  async function settle(): Promise<void> {
    let before: unknown;
    do {
      before = recording;
      for (let turn = 0; turn < 5; turn++) await nextTurn();
      await recording;
    } while (before !== recording);
  }
  return {
    clock,
    sent,
    answers,
    bodies: () => sent.map(({ body }) => body),
    async tell(callbackNo: number, choices: Partial<CallbackRow> = {}) {
      const row = sampleRow({ callbackNo, body: `{"no":${callbackNo}}`, createdAt: clock.now(), ...choices });
      callbacks.deliverNow(await store.enqueue([row]));
      await settle();
    },
    async pass(ms: number) {
      clock.advance(ms);
      while ((await callbacks.sweep()) > 0) await settle();
    },
    resend: (callbackNo: number, projectId = 1234) =>
      resendCallback(pool(), { projectId, paymentKey: 'order-1', callbackNo }, { now: clock.now(), by: 'Dana' }),
    list: () => store.list(sampleRow()),
  };
}

test('a delivered one goes again with the same body and id, is told who asked for it, and ends as delivered', async () => {
  const room = openRoom();
  await room.tell(1);
  assert.deepEqual(await room.resend(1), { kind: 'resent', callbackNos: [1] });
  await room.pass(0);
  assert.equal(room.sent.length, 2);
  assert.deepEqual(room.sent[0], room.sent[1]);
  const [row] = await room.list();
  assert.deepEqual([row?.state, row?.attempts, row?.attemptsBefore, row?.resends], ['delivered', 2, 1, 1]);
  const { rows } = await pool().query(
    'SELECT by, project_id, action, subject, new FROM changes ORDER BY change_no DESC LIMIT 1',
  );
  assert.deepEqual(rows, [
    { by: 'Dana', project_id: 1234, action: 'callback resend', subject: 'order-1 1', new: { sent: [1] } },
  ]);
});

test('an exhausted one gets a whole new schedule', async () => {
  const room = openRoom();
  await room.tell(1, { attempts: 119, leaseUntil: null, dueAt: room.clock.now() });
  room.answers.push(down, down, down);
  await room.pass(0);
  assert.equal((await room.list())[0]?.state, 'exhausted');
  await room.resend(1);
  await room.pass(0);
  await room.pass(10_000);
  await room.pass(10_000);
  const [row] = await room.list();
  assert.deepEqual([row?.state, row?.attempts, room.sent.length], ['delivered', 123, 4]);
});

test('what came later follows in order, also when the first of them fails, and a new one comes last', async () => {
  const room = openRoom();
  for (const callbackNo of [1, 2, 3]) await room.tell(callbackNo);
  room.sent.length = 0;
  room.answers.push(down);
  assert.deepEqual(await room.resend(1), { kind: 'resent', callbackNos: [1, 2, 3] });
  await room.pass(0);
  assert.deepEqual(room.bodies(), ['{"no":1}']);
  await room.tell(4);
  assert.deepEqual(room.bodies(), ['{"no":1}']);
  await room.pass(10_000);
  assert.deepEqual(room.bodies(), ['{"no":1}', '{"no":1}', '{"no":2}', '{"no":3}', '{"no":4}']);
});

test('one that waits is tried at once', async () => {
  const room = openRoom();
  room.answers.push(down);
  await room.tell(1);
  await room.pass(0);
  assert.equal(room.sent.length, 1);
  assert.equal((await room.resend(1)).kind, 'resent');
  await room.pass(0);
  assert.equal(room.sent.length, 2);
});

test('it is refused within a minute, for another project’s callback, and for one that is not there', async () => {
  const room = openRoom();
  await room.tell(1);
  await room.resend(1);
  await room.pass(59_999);
  assert.deepEqual(await room.resend(1), { kind: 'refused', why: 'too_soon', allowedAt: room.clock.now() + 1 });
  assert.deepEqual(await room.resend(2), { kind: 'missing' });
  await pool().query(`INSERT INTO changes (by, action) VALUES ('mark', 'mark')`);
  assert.deepEqual(await room.resend(1, 77), { kind: 'missing' });
  await room.pass(1);
  assert.equal(room.sent.length, 2);
  const { rows } = await pool().query<{ by: string }>('SELECT by FROM changes ORDER BY change_no DESC LIMIT 1');
  assert.equal(rows[0]?.by, 'mark', 'a refusal is no change');
});

test('twenty asked for at once are one', async () => {
  const room = openRoom();
  await room.tell(1);
  const asked = await Promise.all(Array.from({ length: 20 }, () => room.resend(1)));
  assert.equal(asked.filter(({ kind }) => kind === 'resent').length, 1);
  await room.pass(0);
  assert.equal(room.sent.length, 2);
});

test('a list is narrowed, paged in both directions without gaps, and never another project’s', async () => {
  const room = openRoom();
  const start = room.clock.now();
  for (let no = 1; no <= 7; no++) {
    if (no % 3 === 0) room.answers.push(down);
    await room.tell(1, { paymentKey: `order-${no}`, createdAt: start + (no >> 1) });
  }
  await room.tell(1, { projectId: 77, paymentKey: 'order-1' });
  const filter = (choices: Partial<CallbackFilter>) => ({ projectId: 1234, ...noFilter, ...choices });
  async function all(choices: Partial<CallbackFilter>, order: 'newest' | 'oldest' = 'oldest'): Promise<string> {
    const found: string[] = [];
    let after: Awaited<ReturnType<typeof listCallbacks>>['next'] = null;
    do {
      const page: Awaited<ReturnType<typeof listCallbacks>> = await listCallbacks(pool(), filter(choices), {
        rows: 2,
        order,
        after,
      });
      found.push(...page.callbacks.map(({ row }) => row.paymentKey.slice('order-'.length)));
      after = page.next;
    } while (after);
    return found.join(' ');
  }
  assert.equal(await all({}), '1 2 3 4 5 6 7');
  assert.equal(await all({}, 'newest'), '7 6 5 4 3 2 1');
  assert.equal(await all({ since: start + 2 }), '4 5 6 7');
  assert.equal(await all({ state: 'waiting' }), '3 6');
  assert.equal(await all({ state: 'delivered', since: start + 2 }), '4 5 7');
  assert.equal(await all({ last: 503 }), '3 6');
  assert.equal(await all({ last: 'delivered' }), '1 2 4 5 7');
  assert.equal(await all({ last: 'none' }), '');
  assert.equal(await all({ paymentKey: 'order-5' }), '5');
  assert.equal(await all({ projectId: 77 }), '1');
  assert.equal(await all({ projectId: 77, paymentKey: 'order-5' }), '');
  const [first] = (await listCallbacks(pool(), filter({ last: 503 }), { rows: 1, order: 'oldest', after: null }))
    .callbacks;
  assert.deepEqual([first?.last?.status, first?.last?.outcome, first?.row.attempts], [503, 'refused_status', 1]);
});
