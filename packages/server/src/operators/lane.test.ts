import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { createManualClock } from '../testing/manual-clock.ts';
import { Lane } from './lane.ts';

async function fill(lane: Lane, use: 'first' | 'later' | 'ask', times: number): Promise<number> {
  let entered = 0;
  for (let time = 0; time < times; time++) if (await lane.enter(use, 0)) entered++;
  return entered;
}

test('first calls have half of the places, questions a quarter, later calls all', async () => {
  const clock = createManualClock();
  assert.equal(await fill(new Lane(8, clock), 'first', 20), 4);
  assert.equal(await fill(new Lane(8, clock), 'ask', 20), 2);
  assert.equal(await fill(new Lane(8, clock), 'later', 20), 8);
  const mixed = new Lane(8, clock);
  assert.equal(await fill(mixed, 'first', 20), 4);
  assert.equal(await fill(mixed, 'ask', 20), 2);
  assert.equal(await fill(mixed, 'later', 20), 2);
});

test('a place that becomes free is a later call’s before a first one’s, in the order they came', async () => {
  const clock = createManualClock();
  const lane = new Lane(2, clock);
  await fill(lane, 'first', 1);
  await fill(lane, 'later', 1);
  const order: string[] = [];
  const wait = (use: 'first' | 'later', name: string) =>
    lane.enter(use, 5_000).then((entered) => order.push(`${name} ${entered}`));
  void wait('first', 'first A');
  void wait('later', 'later B');
  void wait('later', 'later C');
  lane.leave('first');
  await nextTurn();
  assert.deepEqual(order, ['later B true']);
  lane.leave('later');
  lane.leave('later');
  await nextTurn();
  assert.deepEqual(order, ['later B true', 'later C true', 'first A true']);
});

test('who waits long enough goes away without a place, and takes none later', async () => {
  const clock = createManualClock();
  const lane = new Lane(2, clock);
  await fill(lane, 'first', 1);
  const waiting = lane.enter('first', 2_000);
  clock.advance(2_000);
  assert.equal(await waiting, false);
  lane.leave('first');
  assert.equal(await lane.enter('first', 0), true);
});

test('first calls that wait are turned away together, later ones stay', async () => {
  const clock = createManualClock();
  const lane = new Lane(2, clock);
  await fill(lane, 'later', 2);
  const first = lane.enter('first', 5_000);
  const later = lane.enter('later', 5_000);
  lane.turnAwayFirst();
  assert.equal(await first, false);
  lane.leave('later');
  assert.equal(await later, true);
});
