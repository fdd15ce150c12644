import { after, before } from 'node:test';
import type pg from 'pg';
import { createPool } from '../db/pool.ts';
import { createTestDatabase } from '../db/test-database.ts';

/** A database for the tests of one file, made before the first of them and dropped after the last. */
export function usePool(): () => pg.Pool {
  let pool: pg.Pool | undefined;
  let drop: (() => Promise<void>) | undefined;
  before(async () => {
    const database = await createTestDatabase();
    drop = database.drop;
    pool = createPool({ databaseUrl: database.url, maxConnections: 4, onError: () => undefined });
  });
  after(async () => {
    await pool?.end();
    await drop?.();
  });
  return () => {
    if (!pool) throw new Error('the database is made before the first test, not before');
    return pool;
  };
}
