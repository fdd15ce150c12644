import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { migrate } from './migrate.ts';
import { createTestDatabase } from './test-database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;
let wanted: string[];

const columns = async (): Promise<string[]> =>
  (
    await client.query<{ name: string }>(
      `SELECT table_name || '.' || column_name || ' ' || data_type AS name FROM information_schema.columns
       WHERE table_schema = 'public' ORDER BY 1`,
    )
  ).rows.map(({ name }) => name);
const applied = async (): Promise<number[]> =>
  (await client.query<{ number: number }>('SELECT number FROM schema_migrations ORDER BY number')).rows.map(
    ({ number }) => number,
  );

before(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  wanted = await columns();
  assert.ok(wanted.length > 50);
});
after(async () => {
  await client.end();
  await database.drop();
});
beforeEach(async () => void (await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')));

test('an empty database gets the whole schema, and a second run changes nothing', async () => {
  await migrate(database.url);
  assert.deepEqual(await columns(), wanted);
  const numbers = await applied();
  assert.ok(numbers.length >= 3);
  await client.query(`INSERT INTO projects (project_id, name, created_by) VALUES (1, 'a', 'c')`);
  await migrate(database.url);
  assert.deepEqual(await applied(), numbers);
  assert.equal((await client.query('SELECT FROM projects')).rowCount, 1);
});

test('several processes that start at once migrate once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
  assert.deepEqual(await columns(), wanted);
});

test('a migration changed after it was applied is refused by name', async () => {
  await migrate(database.url);
  await client.query(`UPDATE schema_migrations SET digest = 'another' WHERE number = 2`);
  await assert.rejects(migrate(database.url), /0002_payments\.sql was changed/);
});

test('a database newer than the code is refused and left alone', async () => {
  await migrate(database.url);
  await client.query(`INSERT INTO schema_migrations (number, name, digest) VALUES (9000, '9000_future.sql', 'x')`);
  await client.query('DELETE FROM schema_migrations WHERE number = 1');
  await assert.rejects(migrate(database.url), /migration 9000/);
  assert.ok(!(await applied()).includes(1));
});

test('a migration that fails leaves nothing of itself, and is done when its obstacle is gone', async () => {
  await client.query('CREATE TABLE refund_operations ()');
  await assert.rejects(migrate(database.url), /0002_payments\.sql failed/);
  assert.deepEqual(await applied(), [1]);
  assert.ok(!(await columns()).some((name) => name.startsWith('sale_operations.')));
  await client.query('DROP TABLE refund_operations');
  await migrate(database.url);
  assert.deepEqual(await columns(), wanted);
});
