import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from './random.ts';
import { Timeline } from './timeline.ts';

const START = 1_000_000;
const newTimeline = (seed = 1): Timeline => new Timeline(START, new Random(seed));
const nothingDue = (): null => null;

test('happenings come in the order of their times, whatever the order they were asked for in', async () => {
  const timeline = newTimeline();
  const random = new Random(5);
  const seen: number[] = [];
  for (let count = 0; count < 500; count++) timeline.after(random.between(0, 1_000), () => seen.push(timeline.now));
  await timeline.run(START + 10_000, nothingDue);
  assert.equal(seen.length, 500);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  assert.equal(timeline.now, START + 10_000);
});

test('asynchronous code runs to its next wait before time goes on', async () => {
  const timeline = newTimeline();
  const seen: string[] = [];
  async function walk(name: string, stepMs: number): Promise<void> {
    for (let step = 1; step <= 3; step++) {
      await timeline.sleep(stepMs);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      seen.push(`${name}${step}@${timeline.now - START}`);
    }
  }
  void walk('a', 10);
  void walk('b', 15);
  await timeline.run(START + 100, nothingDue);
  assert.deepEqual(
    seen.filter((one) => !one.endsWith('@30')),
    ['a1@10', 'b1@15', 'a2@20', 'b3@45'],
  );
  assert.deepEqual(seen.filter((one) => one.endsWith('@30')).toSorted(), ['a3@30', 'b2@30']);
});

test('what happens at one time happens in an order that the seed decides', async () => {
  async function orderOf(seed: number): Promise<string> {
    const timeline = newTimeline(seed);
    let order = '';
    for (const name of 'abcdefgh') timeline.after(10, () => (order += name));
    await timeline.run(START + 10, nothingDue);
    return order;
  }
  assert.equal(await orderOf(3), await orderOf(3));
  assert.notEqual(await orderOf(3), await orderOf(4));
});

test('an idle sleeper skips the turns at which nothing is due, and keeps its beat', async () => {
  const timeline = newTimeline();
  const woken: number[] = [];
  async function sweep(): Promise<void> {
    for (;;) {
      await timeline.sleepIdly(1_000);
      woken.push(timeline.now - START);
    }
  }
  void sweep();
  let dueAt: number | null = START + 86_400_500;
  timeline.after(86_401_500, () => (dueAt = null));
  await timeline.run(START + 200_000_000, () => dueAt);
  assert.deepEqual(woken, [86_401_000]);
});

test('a run can be broken off', async () => {
  const timeline = newTimeline();
  let count = 0;
  for (let at = 1; at <= 10; at++) timeline.after(at, () => (count += 1));
  await timeline.run(START + 100, nothingDue, () => count === 4);
  assert.equal(count, 4);
});
