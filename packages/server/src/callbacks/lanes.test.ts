import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lanes } from './lanes.ts';

function openLanes(limits: { runningPerLane: number; running: number; waitingPerLane: number }) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (job: string) =>
    new Promise<void>((resolve) => {
      started.push(job);
      ends.set(job, resolve);
    });
  const lanes = new Lanes<string>(run, limits);
  const add = (...jobs: string[]) => jobs.map((job) => lanes.add(job[0] ?? '', job));
  const end = async (job: string) => {
    ends.get(job)?.();
    await nextTurn();
  };
  return { lanes, started, add, end };
}

test('a lane runs so many at once, the rest in order', async () => {
  const { started, add, end, lanes } = openLanes({ runningPerLane: 2, running: 10, waitingPerLane: 10 });
  add('a1', 'a2', 'a3', 'a4');
  assert.deepEqual(started, ['a1', 'a2']);
  assert.deepEqual(lanes.full, ['a']);
  await end('a2');
  await end('a1');
  assert.deepEqual(started, ['a1', 'a2', 'a3', 'a4']);
});

test('a full lane holds up no other', () => {
  const { started, add, lanes } = openLanes({ runningPerLane: 1, running: 10, waitingPerLane: 10 });
  add('a1', 'a2', 'a3', 'b1', 'c1');
  assert.deepEqual(started, ['a1', 'b1', 'c1']);
  assert.equal(lanes.room, 7);
});

test('where the total is the limit, the lanes take turns', async () => {
  const { started, add, end, lanes } = openLanes({ runningPerLane: 9, running: 1, waitingPerLane: 10 });
  add('a1', 'a2', 'a3', 'b1', 'b2', 'c1');
  assert.equal(lanes.room, 0);
  for (let turn = 0; turn < 6; turn++) await end(started[turn] ?? '');
  assert.deepEqual(started, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  assert.equal(lanes.room, 1);
});

test('what finds no place is turned away; what is cleared never runs', async () => {
  const { started, add, end, lanes } = openLanes({ runningPerLane: 1, running: 9, waitingPerLane: 1 });
  assert.deepEqual(add('a1', 'a2', 'a3', 'b1'), [true, true, false, true]);
  lanes.clear();
  await end('a1');
  add('a4');
  assert.deepEqual(started, ['a1', 'b1', 'a4']);
});
