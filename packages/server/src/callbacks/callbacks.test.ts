import assert from 'node:assert/strict';
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AttemptOutcome, CallbackRow } from '@rocketpay/core/callback/callback.ts';
import type { Clock } from '../clock.ts';
import { createCallbacks } from './callbacks.ts';
import type { CallbackStore } from './callbacks.ts';
import { createMemoryCallbackStore } from './memory-store.ts';

const ok: AttemptOutcome = { kind: 'delivered', status: 200, answerStart: '' };
const down: AttemptOutcome = { kind: 'timeout', status: null, answerStart: null };

interface Request {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  answer(outcome: AttemptOutcome): Promise<void>;
}

/** The room with a clock that is set by hand and a merchant that answers when told to. */
function openRoom({ limits = {}, store = createMemoryCallbackStore() as CallbackStore } = {}) {
  let now = 1_800_000_000_000;
  const sleeps = new Set<{ until: number; wake(): void }>();
  const clock: Clock = {
    now: () => now,
    monotonicMs: () => now - 1_700_000_000_000,
    sleep: (ms, signal) =>
      new Promise((wake) => {
        sleeps.add({ until: now + ms, wake });
        signal?.addEventListener('abort', () => wake());
      }),
  };
  const requests: Request[] = [];
  const keys = new Map([[1234, [createSecretKey(Buffer.from('a key'))]]]);
  const lines: unknown[][] = [];
  const note = (...line: unknown[]) => void lines.push(line);
  const send = (url: string, body: string, headers: Readonly<Record<string, string>>) =>
    new Promise<AttemptOutcome>((resolve) => {
      const answer = async (outcome: AttemptOutcome) => {
        resolve(outcome);
        await nextTurn();
      };
      requests.push({ url, body, headers, answer });
    });
  const log = { debug: note, info: note, warn: note, error: note };
  const callbacks = createCallbacks({
    store,
    send,
    keysOf: async (projectId) => keys.get(projectId) ?? null,
    clock,
    log,
    attemptTimeoutMs: 10_000,
    limits,
  });
  let count = 0;
  return {
    callbacks,
    store,
    requests,
    keys,
    lines,
    bodies: () => requests.map(({ body }) => body),
    pass(ms: number) {
      now += ms;
      for (const sleep of sleeps) if (sleep.until <= now) sleep.wake();
    },
    row: (body: string, choices: { paymentKey?: string; url?: string; final?: boolean; delayMs?: number } = {}) => {
      const {
        paymentKey = 'order-1',
        url = 'https://Shop.example/cb/77012345678',
        final = true,
        delayMs = 0,
      } = choices;
      const kind = final ? 'result' : 'clarification';
      const callbackNo = ++count;
      return callbacks.prepareRow({
        key: { projectId: 1234, paymentKey },
        callbackNo,
        url,
        body,
        kind,
        final,
        operationId: 7,
        now,
        delayMs,
      });
    },
    async tell(...rows: CallbackRow[]) {
      for (const row of rows) callbacks.deliverNow(await store.enqueue([row]));
      await nextTurn();
    },
  };
}

test('a ready callback is sent at once, recorded, and not sent again', async () => {
  const room = openRoom();
  const row = room.row('one');
  await room.tell(row);
  assert.deepEqual(room.bodies(), ['one']);
  await room.requests[0]?.answer(ok);
  assert.equal((await room.store.list(row))[0]?.state, 'delivered');
  room.pass(86_400_000);
  assert.equal(await room.callbacks.sweep(), 0);
});

test('a failed one comes again by schedule, through the sweep, with the same text', async () => {
  const room = openRoom();
  await room.tell(room.row('one'));
  await room.requests[0]?.answer(down);
  room.pass(9_999);
  assert.equal(await room.callbacks.sweep(), 0);
  room.pass(1);
  assert.equal(await room.callbacks.sweep(), 1);
  await nextTurn();
  assert.deepEqual(room.bodies(), ['one', 'one']);
});

test('the end of an attempt sends what it held back', async () => {
  const room = openRoom();
  await room.tell(room.row('paid'), room.row('refunded'));
  assert.deepEqual(room.bodies(), ['paid']);
  await room.requests[0]?.answer(ok);
  assert.deepEqual(room.bodies(), ['paid', 'refunded']);
});

test('a delayed one waits for its time', async () => {
  const room = openRoom();
  await room.tell(room.row('later', { delayMs: 5_000 }));
  assert.equal(await room.callbacks.sweep(), 0);
  room.pass(5_000);
  assert.equal(await room.callbacks.sweep(), 1);
  await nextTurn();
  assert.deepEqual(room.bodies(), ['later']);
});

test('what a process committed and never sent is sent by another when the lease is over', async () => {
  const room = openRoom();
  await room.store.enqueue([room.row('lost')]);
  assert.equal(await room.callbacks.sweep(), 0);
  room.pass(30_000);
  assert.equal(await room.callbacks.sweep(), 1);
  await nextTurn();
  assert.deepEqual(room.bodies(), ['lost']);
});

test('an endpoint that hangs keeps its own callbacks waiting and nobody else’s', async () => {
  const room = openRoom({ limits: { runningPerLane: 2 } });
  const names = ['1', '2', '3', '4', '5'];
  await room.tell(
    ...names.map((paymentKey) => room.row(`hang ${paymentKey}`, { paymentKey, url: 'https://hang.example/' })),
  );
  await room.tell(room.row('fine', { paymentKey: '6', url: 'https://fine.example/' }));
  assert.deepEqual(room.bodies(), ['hang 1', 'hang 2', 'fine']);
  await room.requests[2]?.answer(down);
  room.pass(30_000);
  assert.equal(await room.callbacks.sweep(), 1, 'the hanging endpoint is not even asked for');
  await nextTurn();
  assert.deepEqual(room.bodies(), ['hang 1', 'hang 2', 'fine', 'fine']);
});

test('one that had to wait too long for its turn is left to the table, lest it outlast its lease', async () => {
  const room = openRoom({ limits: { runningPerLane: 1 } });
  await room.tell(room.row('first', { paymentKey: 'a' }), room.row('second', { paymentKey: 'b' }));
  room.pass(10_001);
  await room.requests[0]?.answer(down);
  assert.deepEqual(room.bodies(), ['first']);
  room.pass(19_999);
  assert.equal(await room.callbacks.sweep(), 1, 'one is enough to ask an endpoint that was silent');
  await nextTurn();
  await room.requests[1]?.answer(ok);
  assert.equal(await room.callbacks.sweep(), 1);
});

test('a sweep claims no more than there is room for', async () => {
  const room = openRoom({ limits: { running: 2 } });
  await room.store.enqueue(['a', 'b', 'c'].map((paymentKey) => room.row(paymentKey, { paymentKey })));
  room.pass(30_000);
  assert.deepEqual([await room.callbacks.sweep(), await room.callbacks.sweep()], [2, 0]);
});

test('a result that can not be written is sent again when the lease is over', async () => {
  const memory = createMemoryCallbackStore();
  const room = openRoom({ store: { ...memory, recordAttempt: () => Promise.reject(new Error('database down')) } });
  await room.tell(room.row('one'));
  await room.requests[0]?.answer(ok);
  assert.match(JSON.stringify(room.lines), /not recorded/);
  room.pass(30_000);
  assert.equal(await room.callbacks.sweep(), 1);
});

test('draining sends nothing new and ends with the last attempt', async () => {
  const room = openRoom({ limits: { runningPerLane: 1 } });
  await room.tell(room.row('running', { paymentKey: 'a' }), room.row('waiting', { paymentKey: 'b' }));
  let drained = false;
  const end = room.callbacks.drain().then(() => (drained = true));
  await nextTurn();
  assert.equal(drained, false);
  await room.requests[0]?.answer(ok);
  await end;
  room.pass(60_000);
  await room.tell(room.row('too late', { paymentKey: 'c' }));
  assert.equal(await room.callbacks.sweep(), 0);
  assert.deepEqual(room.bodies(), ['running']);
});

test('draining waits no longer than an attempt may take', async () => {
  const room = openRoom();
  await room.tell(room.row('hangs'));
  const end = room.callbacks.drain();
  room.pass(10_000);
  await end;
});

test('every attempt carries the same id, its own time, and a signature for each of the project’s keys', async () => {
  const room = openRoom();
  const oldKey = createSecretKey(Buffer.from('old'));
  await room.tell(room.row('{"a":1}'));
  await room.requests[0]?.answer(down);
  room.keys.set(1234, [createSecretKey(Buffer.from('new')), oldKey]);
  room.pass(10_000);
  await room.callbacks.sweep();
  await nextTurn();
  const [first, second] = room.requests.map(({ headers }) => headers);
  assert.ok(first && second);
  assert.equal(first['webhook-id'], second['webhook-id']);
  assert.deepEqual([first['webhook-timestamp'], second['webhook-timestamp']], ['1800000000', '1800000010']);
  const hmac = (key: KeyObject, at: number) =>
    `v1,${createHmac('sha256', key).update(`${first['webhook-id']}.${at}.{"a":1}`).digest('base64')}`;
  const [newKey] = room.keys.get(1234) ?? [];
  assert.ok(newKey);
  assert.equal(second['webhook-signature'], `${hmac(newKey, 1_800_000_010)} ${hmac(oldKey, 1_800_000_010)}`);
});

test('callbacks of a project that cannot be used here wait, told once, and go when it can', async () => {
  const room = openRoom();
  const keys = room.keys.get(1234) ?? [];
  room.keys.clear();
  await room.tell(room.row('one', { paymentKey: 'a' }), room.row('two', { paymentKey: 'b' }));
  assert.deepEqual(room.bodies(), []);
  assert.deepEqual(
    room.lines.map(([about]) => about),
    [{ projectId: 1234 }],
  );
  room.keys.set(1234, keys);
  room.pass(30_000);
  await room.callbacks.sweep();
  await nextTurn();
  assert.deepEqual(room.bodies(), ['one', 'two']);
  assert.deepEqual(
    (await room.store.list({ projectId: 1234, paymentKey: 'a' })).map(({ attempts }) => attempts),
    [0],
  );
});

test('a failure is logged without path, body or payment', async () => {
  const room = openRoom();
  await room.tell(room.row('{"secret":"body"}'));
  await room.requests[0]?.answer({ kind: 'refused_status', status: 503, answerStart: 'private words' });
  assert.deepEqual(room.lines, [
    [
      {
        projectId: 1234,
        operationId: 7,
        callbackNo: 1,
        endpoint: 'https://shop.example',
        attempt: 1,
        outcome: 'refused_status',
        status: 503,
        latencyMs: 0,
      },
      'callback not acknowledged',
    ],
  ]);
});
