import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from './test-kit/stage.ts';

test('tries follow the documented waits', async (t) => {
  const world = await setStage(t);
  const waits = [1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 300_000];
  world.sink.answers.push(...waits.map(() => 500));
  const purchase = await world.prepare();
  await purchase.pay();
  for (const [failures, wait] of waits.entries()) {
    await world.sink.until(failures + 1);
    await world.settle();
    world.clock.advance(wait - 1);
    await world.settle();
    assert.equal(world.sink.received.length, failures + 1, `before the end of ${wait} ms`);
    world.clock.advance(1);
  }
  await world.sink.until(waits.length + 1);
});
