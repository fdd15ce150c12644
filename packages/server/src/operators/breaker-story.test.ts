import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../testing/manual-clock.ts';
import { usePool } from '../testing/test-pool.ts';
import { createBreakerStory } from './breaker-story.ts';
import { addStory, openBreakers, readStory } from './story.ts';

const pool = usePool();
const nothing = (): void => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const opened = { from: 'closed', to: 'open', why: 'too_many_failures', failures: 5, calls: 8 } as const;
const kept = { from: 'closed', to: 'open', why: 'too_many_failures' };
const closed = { from: 'half_open', to: 'closed', why: 'probes_passed', failures: 0, calls: 3 } as const;

test('a process that stops is no longer among the open breakers; another’s stay, and so does the story', async () => {
  const clock = createManualClock();
  const one = createBreakerStory({ pool: pool(), by: 'a/1', clock, log });
  const at = clock.now();
  one.tell({ ...opened, operatorId: 'TELE2', at });
  one.tell({ ...opened, operatorId: 'KCELL', at });
  one.tell({ ...closed, operatorId: 'KCELL', at });
  await addStory(pool(), { ...kept, operatorId: 'TELE2', at, subject: 'breaker', by: 'b/2', counts: null });
  await one.stop();
  const told = await readStory(pool(), { operatorId: null, limit: 100 });
  const ours = told
    .filter(({ by }) => by === 'a/1')
    .map(({ operatorId, from, to, why }) => [operatorId, from, to, why]);
  assert.deepEqual(ours, [
    ['TELE2', 'open', 'stopped', 'process_stopped'],
    ['KCELL', 'half_open', 'closed', 'probes_passed'],
    ['KCELL', 'closed', 'open', 'too_many_failures'],
    ['TELE2', 'closed', 'open', 'too_many_failures'],
  ]);
  assert.deepEqual(await openBreakers(pool()), [{ operatorId: 'TELE2', to: 'open', by: 'b/2' }]);
});
