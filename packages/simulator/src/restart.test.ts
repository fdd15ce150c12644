import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from './test-kit/stage.ts';

test('a charge, a refund and a code that were under way go on after a restart', async (t) => {
  const world = await setStage(t);
  const [charging, waiting, refunding] = [
    await world.prepare('77000000406'),
    await world.prepare(),
    await world.prepare('77000000506'),
  ];
  await refunding.pay();
  await refunding.refund(10, 'r1');
  await charging.validate();
  assert.equal((await charging.confirm()).status, 202);
  assert.equal((await charging.confirm()).status, 202);
  assert.equal((await charging.look())['paymentStatus'], 'processing');
  await world.sink.until(1);
  await world.stop();
  world.clock.advance(5000);
  assert.equal(world.sink.received.length, 1);

  await world.start();
  await world.sink.until(3);
  assert.equal((await charging.look())['paymentStatus'], 'succeeded');
  const kinds = (await world.ledger()).map(({ kind, correlator }) => [kind, correlator]);
  assert.deepEqual(kinds, [
    ['charge', 'correlator-3'],
    ['charge', 'correlator-1'],
    ['refund', 'r1'],
  ]);
  await waiting.pay();
  assert.equal((await waiting.look())['paymentStatus'], 'succeeded');
});

test('a notice is sent again on its schedule, over a restart too, until 204 takes it', async (t) => {
  const world = await setStage(t);
  world.sink.answers.push(500, 404);
  const purchase = await world.prepare();
  await purchase.pay();
  await world.sink.until(1);
  await world.stop();
  await world.start();
  await world.sink.until(2);
  await world.stop();
  await world.start();
  await world.sink.until(3);
  const ids = new Set(world.sink.received.map(({ event }) => event.id));
  assert.equal(ids.size, 1);
  await world.settle();
  await world.stop();
  await world.start();
  const other = await world.prepare('77011234567');
  await other.pay();
  await world.sink.until(4);
  assert.equal(world.sink.received[3]?.event.data['paymentId'], other.id);
});

test('410 ends a notice', async (t) => {
  const world = await setStage(t);
  world.sink.answers.push(410);
  await (await world.prepare()).pay();
  await world.sink.until(1);
  await world.settle();
  await world.stop();
  await world.start();
  await (await world.prepare()).pay();
  await world.sink.until(2);
  assert.notEqual(world.sink.received[0]?.event.id, world.sink.received[1]?.event.id);
});

test('a notice owed for a day is given up', async (t) => {
  const world = await setStage(t);
  world.sink.answers.push(500);
  const purchase = await world.prepare();
  await purchase.pay();
  await world.sink.until(1);
  await world.stop();
  world.clock.advance(86_400_000);
  await world.start();
  await (await world.prepare()).pay();
  await world.sink.until(2);
  assert.notEqual(world.sink.received[1]?.event.data['paymentId'], purchase.id);
});
