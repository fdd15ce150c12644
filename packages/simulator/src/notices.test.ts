import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import type { Stage } from './test-kit/stage.ts';
import { setStage } from './test-kit/stage.ts';

/** Moves time on until the sink has heard `count` notices; the answer is how far. */
async function waitFor(world: Stage, count: number, stepMs: number): Promise<number> {
  let passed = 0;
  // The refused answer has to reach the simulator before its wait begins.
  while (world.sink.received.length < count) {
    for (let turns = 0; turns < 20; turns += 1) await turn();
    world.clock.advance(stepMs);
    passed += stepMs;
    for (let turns = 0; turns < 20; turns += 1) await turn();
  }
  return passed;
}

test('tries follow the documented waits', async (t) => {
  const world = await setStage(t);
  world.sink.answers.push(500, 500, 500, 500, 500, 500, 500, 500);
  const purchase = await world.prepare();
  await purchase.pay();
  await world.sink.until(1);
  const started = world.clock.now();
  await waitFor(world, 9, 500);
  const least = 1000 + 2000 + 5000 + 10_000 + 30_000 + 60_000 + 300_000 + 300_000;
  const took = world.clock.now() - started;
  assert.ok(took >= least, `${took} ms`);
  assert.ok(took < least * 1.2, `${took} ms`);
});
