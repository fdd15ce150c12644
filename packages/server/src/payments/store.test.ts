import { after, before } from 'node:test';
import type pg from 'pg';
import { createPool } from '../db/pool.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { createPaymentStore } from './store.ts';
import { paymentStoreSuite } from './store.suite.ts';

let pool: pg.Pool;
let drop: () => Promise<void>;

before(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  pool = createPool({ databaseUrl: database.url, maxConnections: 4, onError: () => undefined });
});

after(async () => {
  await pool.end();
  await drop();
});

paymentStoreSuite('PostgreSQL', async () => {
  await pool.query(
    'TRUNCATE payments, sale_operations, refund_operations, payment_events, incidents, callbacks, callback_attempts',
  );
  return createPaymentStore(pool);
});
