import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyedLock } from './keyed-lock.ts';

test('tasks of one key run one after the other in order, also after one that failed', async () => {
  const locks = new KeyedLock();
  const story: string[] = [];
  const task =
    (name: string, fails = false) =>
    async () => {
      story.push(`${name} starts`);
      await new Promise(setImmediate);
      story.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const results = await Promise.allSettled([
    locks.run('k', task('a', true)),
    locks.run('k', task('b')),
    locks.run('k', task('c')),
  ]);
  assert.deepEqual(story, ['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  assert.deepEqual(
    results.map((result) => result.status),
    ['rejected', 'fulfilled', 'fulfilled'],
  );
});

test('another key does not wait', async () => {
  const locks = new KeyedLock();
  const never = Promise.withResolvers<void>();
  void locks.run('slow', () => never.promise);
  assert.equal(await locks.run('quick', async () => 'done'), 'done');
  never.resolve();
});
