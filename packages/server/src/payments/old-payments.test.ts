import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const folder = new URL('../../migrations/', import.meta.url);

test('a sale written before sales had numbers of their own has the payment’s', async () => {
  const names = (await readdir(folder)).toSorted();
  const client = await pool().connect();
  try {
    await client.query('BEGIN; CREATE SCHEMA old; SET LOCAL search_path = old');
    const run = async (from: string, to: string): Promise<void> => {
      for (const name of names.filter((each) => each >= from && each < to)) {
        await client.query(await readFile(new URL(name, folder), 'utf8'));
      }
    };
    await run('0001', '0010');
    await client.query(`
      INSERT INTO payments VALUES (1234, 'old-1', 'old-1', 1, 'd', now(), now(), 5, 'KZT', NULL, 'c', '77071234567', NULL,
        NULL, NULL, NULL, 0, false, 0, 0, 1, 0, 0, NULL);
      INSERT INTO sale_operations (project_id, payment_key, operation_no, operation_id, request_id, correlator, state, created_at,
        changed_at, candidates, resends_used, wrong_codes, code_submitted, attempt, look_ups, not_sent, incident_raised, overdue_told)
      VALUES (1234, 'old-1', 1, 1, 'r', 'c', 'preparing', now(), now(), '{}', 0, 0, false, 0, 0, 0, false, false)`);
    await run('0010', '9999');
    const { rows } = await client.query(
      'SELECT account_number, try_again_until, retries_allowed FROM sale_operations JOIN payments USING (project_id, payment_key)',
    );
    assert.deepEqual(rows, [{ account_number: '77071234567', try_again_until: null, retries_allowed: null }]);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});
