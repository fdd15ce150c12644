import { randomBytes } from 'node:crypto';
import pg from 'pg';

/**
 * A migrated database of its own for one test file, cloned from the template that `npm test` has made.
 *
 * @throws Error when the test was started by itself
 */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { TEST_DATABASE_URL: server, TEST_TEMPLATE: template } = process.env;
  if (!server || !template) {
    throw new Error('This test needs a database: start it by `npm test -- <its path>`.');
  }
  const name = `rocketpay_test_${randomBytes(8).toString('hex')}`;
  await runSql(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runSql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Runs one statement on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
