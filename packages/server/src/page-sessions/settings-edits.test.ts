import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBox } from '../testing/admin.ts';
import { sandbox } from '../testing/gate-bodies.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';
import { createPageEdits, seedSandboxPage } from './page-sessions.ts';

const pool = usePool();

test('the sandbox’s page bears the demo shop’s name from the start, and another that a person gives it for good', async () => {
  await openPlatform(pool());
  await pool().query('DELETE FROM page_settings');
  const edits = createPageEdits(pool(), testBox);
  const name = async (): Promise<unknown> => (await edits.read(sandbox.projectId))?.displayName;
  await seedSandboxPage(pool(), testBox);
  assert.equal(await name(), 'Dala');
  for (const displayName of ['Bereke', null]) {
    await edits.set(sandbox.projectId, { displayName }, 'Aigerim');
    await seedSandboxPage(pool(), testBox);
    assert.equal(await name(), displayName);
  }
});
