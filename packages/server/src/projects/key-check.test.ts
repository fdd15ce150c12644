import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { usePool } from '../testing/test-pool.ts';
import { checkMasterKey } from './key-check.ts';
import { createSecretBox } from './secret-box.ts';

const pool = usePool();
const first = createSecretBox(Buffer.alloc(32, 1));
const other = createSecretBox(Buffer.alloc(32, 2));
const insertProject = (sandbox: boolean) =>
  pool().query(`INSERT INTO projects (project_id, name, sandbox, created_by) VALUES (7, 'P', $1, 'test')`, [sandbox]);

beforeEach(async () => void (await pool().query('TRUNCATE projects, master_key_check CASCADE')));

test('the first key is the database’s; another one is refused once there is a secret to lose', async () => {
  await checkMasterKey(pool(), first);
  await insertProject(false);
  await checkMasterKey(pool(), first);
  await assert.rejects(checkMasterKey(pool(), other), /another master key/);
  await checkMasterKey(pool(), first);
});

test('a database with nothing but a sandbox takes a new key', async () => {
  await checkMasterKey(pool(), first);
  await insertProject(true);
  await checkMasterKey(pool(), other);
  await checkMasterKey(pool(), other);
});
