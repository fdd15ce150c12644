import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lanes, usualLimits, type JobEnd, type LaneLimits } from './lanes.ts';

function openLanes(limits: Partial<LaneLimits>) {
  let now = 0;
  const started: string[] = [];
  const ends = new Map<string, (end: JobEnd) => void>();
  const run = (job: string) =>
    new Promise<JobEnd>((resolve) => {
      started.push(job);
      ends.set(job, resolve);
    });
  const lanes = new Lanes<string>(run, { ...usualLimits, ...limits }, () => now);
  const add = (...some: string[]) => some.map((job) => lanes.add(job[0] ?? '', job));
  const end = async (job: string, how: JobEnd = 'answered') => {
    ends.get(job)?.(how);
    await nextTurn();
  };
  const pass = (ms: number) => void (now += ms);
  /** What has started since this was last asked. */
  let seen = 0;
  const news = () => {
    const fresh = started.slice(seen);
    seen = started.length;
    return fresh;
  };
  return { lanes, started, add, end, pass, news };
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

const jobs = (lane: string, count: number) => Array.from({ length: count }, (_, index) => `${lane}${index + 1}`);

test('a lane begins with eight at once and gets one more with every answer', async () => {
  const { add, end, news } = openLanes({ runningPerLane: 10 });
  add(...jobs('a', 20));
  assert.deepEqual(news(), jobs('a', 8));
  await end('a1');
  assert.deepEqual(news(), ['a9', 'a10']);
  await end('a2');
  assert.deepEqual(news(), ['a11', 'a12']);
  await end('a3');
  assert.deepEqual(news(), ['a13'], 'ten are the most');
});

test('a silent endpoint is cut down to one at a time until it answers', async () => {
  const { lanes, add, end, news } = openLanes({});
  add(...jobs('a', 12));
  news();
  for (const job of jobs('a', 7)) await end(job, 'silent');
  assert.deepEqual(news(), []);
  await end('a8', 'silent');
  assert.deepEqual(news(), ['a9']);
  await end('a9', 'silent');
  assert.deepEqual(news(), ['a10']);
  assert.deepEqual(lanes.full, ['a']);
  await end('a10');
  assert.deepEqual(news(), ['a11', 'a12']);
});

test('a failing lane is remembered while it is idle, and forgotten once it has recovered', async () => {
  const { lanes, add, end, news } = openLanes({});
  add('a1');
  await end('a1', 'silent');
  assert.deepEqual(lanes.failing, ['a']);
  add('a2', 'a3');
  assert.deepEqual(news(), ['a1', 'a2']);
  assert.deepEqual(lanes.failing, []);
  await end('a2');
  for (let no = 3; no < 10; no++) {
    add(`a${no}`);
    await end(`a${no}`);
  }
  assert.deepEqual([lanes.failing, lanes.full], [[], []]);
});

test('what hangs gives its place back, and takes no more than the slow ones’ share', async () => {
  const { lanes, add, end, pass, news } = openLanes({ running: 16, slow: 3 });
  add(...jobs('a', 8), ...jobs('b', 8), ...jobs('c', 2));
  assert.deepEqual([news().length, lanes.room], [16, 0]);
  pass(1_001);
  assert.equal(lanes.room, 16);
  add(...jobs('d', 2), 'a9', 'b9');
  assert.deepEqual(news(), ['c1', 'd1', 'c2', 'd2']);
  assert.deepEqual(lanes.full.toSorted(), ['a', 'b']);
  for (const job of [...jobs('a', 8), ...jobs('b', 5)]) await end(job, 'silent');
  assert.deepEqual(news(), [], 'three hang still');
  await end('b6', 'silent');
  assert.deepEqual(news(), ['a9']);
});

test('a slow lane answers itself out of the slow ones', async () => {
  const { add, end, pass, news } = openLanes({ running: 4, slow: 1 });
  add('a1');
  pass(1_001);
  await end('a1');
  add('a2', 'a3');
  assert.deepEqual(news(), ['a1', 'a2'], 'one slow one at a time');
  await end('a2');
  add('a4');
  assert.deepEqual(news(), ['a3', 'a4']);
});

test('where all that may wait does, every other lane still has a few places', () => {
  const { add } = openLanes({ waitingPerLane: 50, waiting: 50 });
  assert.ok(add(...jobs('a', 58)).every((taken) => taken));
  assert.deepEqual(add('a59'), [false]);
  const others = add(...jobs('b', 17));
  assert.deepEqual([others.slice(0, 16).every((taken) => taken), others[16]], [true, false]);
});

test('health is kept of the last ten thousand failing endpoints', async () => {
  const { lanes, add, end } = openLanes({ running: 20_000 });
  for (let lane = 0; lane <= 10_000; lane++) {
    const job = String.fromCodePoint(0x4e00 + lane);
    add(job);
    void end(job, 'silent');
  }
  await nextTurn();
  assert.equal(lanes.failing.length, 10_000);
  assert.ok(!lanes.failing.includes(String.fromCodePoint(0x4e00)));
});
