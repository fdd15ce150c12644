import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createManualClock } from '../testing/manual-clock.ts';
import { startSweeper } from './sweeper.ts';

function openSweeper(tasks: Readonly<Record<string, () => Promise<unknown>>>) {
  const clock = createManualClock();
  const errors: unknown[][] = [];
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const log = { ...quiet, error: (...line: unknown[]) => void errors.push(line) };
  const stop = startSweeper({ clock, log, everyMs: 250, tasks });
  const pass = async (ms: number): Promise<void> => {
    await nextTurn();
    clock.advance(ms);
    await nextTurn();
  };
  return { stop, pass, errors };
}

test('each task runs at once and then every interval, until it is stopped', async () => {
  let runs = 0;
  const sweeper = openSweeper({ task: async () => runs++ });
  assert.equal(runs, 1);
  await sweeper.pass(249);
  assert.equal(runs, 1);
  await sweeper.pass(1);
  assert.equal(runs, 2);
  await sweeper.stop();
  await sweeper.pass(10_000);
  assert.equal(runs, 2);
});

test('a task that fails is logged, runs again, and holds up no other', async () => {
  const runs = { bad: 0, good: 0 };
  const sweeper = openSweeper({
    bad: async () => {
      runs.bad++;
      throw new Error('the database is away');
    },
    good: async () => runs.good++,
  });
  for (let turn = 0; turn < 3; turn++) await sweeper.pass(250);
  await sweeper.stop();
  assert.deepEqual(runs, { bad: 4, good: 4 });
  assert.equal(sweeper.errors.length, 4);
  assert.match(JSON.stringify(sweeper.errors[0]), /bad/);
});

test('a slow task is not started twice, and holds up no other', async () => {
  const slow = Promise.withResolvers<void>();
  const runs = { slow: 0, quick: 0 };
  const sweeper = openSweeper({
    slow: () => (runs.slow++, slow.promise),
    quick: async () => runs.quick++,
  });
  for (let turn = 0; turn < 3; turn++) await sweeper.pass(250);
  assert.deepEqual(runs, { slow: 1, quick: 4 });
  slow.resolve();
  await sweeper.stop();
});

test('stopping wakes a sleeping loop at once and waits for a running task', async () => {
  const running = Promise.withResolvers<void>();
  const sleeping = openSweeper({ task: async () => undefined });
  await nextTurn();
  await sleeping.stop();
  const busy = openSweeper({ task: () => running.promise });
  let stopped = false;
  const stop = busy.stop().then(() => (stopped = true));
  await nextTurn();
  assert.equal(stopped, false);
  running.resolve();
  await stop;
});
