import type pg from 'pg';
import { runCommand, UsageError } from '../admin/admin.ts';
import type { AdminContext } from '../admin/command.ts';
import { createAddressRule } from '../callbacks/callbacks.ts';
import { createIncidents } from '../payments/payments.ts';
import { createProjectEdits, createProjects, createProjectStore, createSecretBox } from '../projects/projects.ts';
import { createManualClock } from './manual-clock.ts';

/** The key that the test platform's secrets are sealed with. */
export const testBox = createSecretBox(Buffer.alloc(32, 3));

export interface TestAdmin {
  /** What a command prints; what it says of a wrong call comes after `refused: `. */
  (...args: string[]): Promise<string>;
  /** The same command's answer for a script. */
  json<Answer>(...args: string[]): Promise<Answer>;
}

/** The admin command over a test's database, by Aigerim. */
export function openAdmin(pool: pg.Pool, more: Partial<AdminContext> = {}): TestAdmin {
  const clock = more.clock ?? createManualClock();
  const projects = createProjects({ store: createProjectStore(pool), box: testBox, clock, production: false });
  const context = {
    clock,
    pool,
    box: testBox,
    projects,
    edits: createProjectEdits(pool, testBox),
    mayCallBack: createAddressRule([]),
    progress: () => undefined,
    incidents: createIncidents(pool),
    payments: () => Promise.reject(new Error('this test has no payments room')),
    ...more,
  };
  const run = async (...args: string[]): Promise<string> => {
    const named = args.includes('--by') ? args : [...args, '--by', 'Aigerim'];
    try {
      return await runCommand(named, ({ by }, use) => use({ by, ...context }));
    } catch (error) {
      if (error instanceof UsageError) return `refused: ${error.message}`;
      throw error;
    }
  };
  const json = async <Answer>(...args: string[]): Promise<Answer> => JSON.parse(await run(...args, '--json')) as Answer;
  return Object.assign(run, { json });
}
