import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

const folder = new URL('../../migrations/', import.meta.url);

/** An arbitrary constant: everybody who migrates this product's schema waits for the same lock. */
const LOCK_KEY = 7_261_019;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { number: Number(name.slice(0, 4)), name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Brings the schema forward: every migration once, in order, each in its own transaction. Safe to run from several
 * processes at once. Throws when an applied migration's text has changed since, or the database is newer than the code.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
      number integer CONSTRAINT schema_migrations_pkey PRIMARY KEY,
      name text NOT NULL, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query<{ number: number; digest: string }>(
      'SELECT number, digest FROM schema_migrations',
    );
    const applied = new Map(rows.map((row) => [row.number, row.digest]));
    const migrations = await readMigrations();
    const newest = migrations.at(-1)?.number ?? 0;
    for (const number of applied.keys()) {
      if (number > newest) throw new Error(`the database has migration ${number}, which this version does not know`);
    }
    for (const migration of migrations) {
      const digest = applied.get(migration.number);
      if (digest === undefined) await apply(client, migration);
      else if (digest !== migration.digest)
        throw new Error(`migration ${migration.name} was changed after it was applied`);
    }
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, { number, name, sql, digest }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (number, name, digest) VALUES ($1, $2, $3)', [
      number,
      name,
      digest,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`migration ${name} failed`, { cause: error });
  }
}
