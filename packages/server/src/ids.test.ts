import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOperationIds } from './ids.ts';

test('numbers are handed out once, however many ask at the same time', async () => {
  let block = 0;
  const ids = createOperationIds({ nextBlock: async () => 1_000 * ++block, randomName: () => 'name' });
  const taken = await Promise.all(Array.from({ length: 3_500 }, () => ids.take()));
  assert.equal(new Set(taken.map((each) => each.operationId)).size, 3_500);
});

test('what is given back is handed out again', async () => {
  const ids = createOperationIds({ nextBlock: async () => 1_000, randomName: () => 'name' });
  const first = await ids.take();
  ids.giveBack(first);
  assert.equal(await ids.take(), first);
  assert.notEqual((await ids.take()).operationId, first.operationId);
});

test('a lost database is told to the one who needs a number, and is asked again', async () => {
  let broken = true;
  const ids = createOperationIds({
    nextBlock: async () => {
      if (broken) throw new Error('no database');
      return 5_000;
    },
    randomName: () => 'name',
  });
  await assert.rejects(ids.take(), /no database/);
  broken = false;
  assert.equal((await ids.take()).operationId, 5_000);
});
