import { statfsSync } from 'node:fs';
import pg from 'pg';

const durableSettings = ['fsync', 'synchronous_commit', 'full_page_writes'] as const;
const tmpfsType = 0x01021994;

export type DatabaseCounters = { readonly walBytes: number; readonly transactions: number };

/**
 * Speed without durability is not measured.
 *
 * @throws Error that names what would not survive a power cut
 */
export async function assertDurable(databaseUrl: string, dataDir: string): Promise<void> {
  if (process.platform === 'linux' && statfsSync(dataDir).type === tmpfsType) {
    throw new Error(`${dataDir} lies in memory: nothing there is durable. Set TMPDIR to a folder on a disk.`);
  }
  const off: string[] = [];
  await withClient(databaseUrl, async (client) => {
    for (const name of durableSettings) {
      const value = await show(client, name);
      if (value !== 'on') off.push(`${name} is ${value}`);
    }
  });
  if (off.length > 0) throw new Error(`PostgreSQL is not durable, so its speed says nothing: ${off.join(', ')}.`);
}

export async function countSucceeded(databaseUrl: string): Promise<number> {
  const found = await withClient(databaseUrl, (client) =>
    client.query<{ count: string }>("SELECT count(*) FROM sale_operations WHERE state = 'succeeded'"),
  );
  return Number(found.rows[0]?.count);
}

export async function readCounters(databaseUrl: string): Promise<DatabaseCounters> {
  const found = await withClient(databaseUrl, (client) =>
    client.query<{ wal: string; transactions: string }>(
      `SELECT pg_current_wal_lsn() - '0/0'::pg_lsn AS wal, xact_commit AS transactions
       FROM pg_stat_database WHERE datname = current_database()`,
    ),
  );
  return { walBytes: Number(found.rows[0]?.wal), transactions: Number(found.rows[0]?.transactions) };
}

/** A process of the server that serves one of our sessions; its parent is the server itself. */
export async function sessionPid(databaseUrl: string): Promise<{ pid: number; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const found = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return { pid: found.rows[0]?.pid ?? 0, close: () => client.end() };
}

async function show(client: pg.Client, setting: string): Promise<string> {
  const found = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [setting]);
  return found.rows[0]?.value ?? 'unknown';
}

async function withClient<Result>(databaseUrl: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
