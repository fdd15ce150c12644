import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../log.ts';
import { createRefusalLog } from './refusal-log.ts';

test('a flood of refusals is told in a few lines a second, with what was left out', () => {
  const lines: object[] = [];
  const log = { warn: (what: object) => lines.push(what) } as unknown as Log;
  let now = 0;
  const refused = createRefusalLog(log, () => now);
  for (let count = 0; count < 1_000; count++) refused({ projectId: 1 }, 'refused');
  assert.equal(lines.length, 10);
  now = 1_000;
  refused({ projectId: 1 }, 'refused');
  assert.deepEqual(lines.at(-1), { projectId: 1, unloggedBefore: 990 });
});
