import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batcher } from './batch.ts';

test('items that arrive together share one run and get their own results', async () => {
  const runs: number[][] = [];
  const batcher = new Batcher<number, number>({
    run: async (items) => {
      runs.push([...items]);
      return items.map((item) => item * 2);
    },
    maxItems: 100,
    maxConcurrent: 1,
  });
  assert.deepEqual(await Promise.all([1, 2, 3].map((item) => batcher.add(item))), [2, 4, 6]);
  assert.deepEqual(runs, [[1, 2, 3]]);
});

test('what arrives while a batch runs forms the next one, and no batch exceeds its limit', async () => {
  const gate = Promise.withResolvers<void>();
  const sizes: number[] = [];
  const batcher = new Batcher<number, number>({
    run: async (items) => {
      sizes.push(items.length);
      if (sizes.length === 1) await gate.promise;
      return [...items];
    },
    maxItems: 3,
    maxConcurrent: 1,
  });
  const first = batcher.add(0);
  await new Promise(setImmediate);
  const later = [1, 2, 3, 4].map((item) => batcher.add(item));
  gate.resolve();
  assert.deepEqual(await Promise.all([first, ...later]), [0, 1, 2, 3, 4]);
  assert.deepEqual(sizes, [1, 3, 1]);
});

test('a bad member fails alone', async () => {
  const batcher = new Batcher<number, number>({
    run: async (items) => {
      if (items.includes(13)) throw new Error('bad member');
      return [...items];
    },
    maxItems: 100,
    maxConcurrent: 1,
  });
  const results = await Promise.allSettled([1, 13, 2].map((item) => batcher.add(item)));
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});
