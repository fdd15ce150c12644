import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CallbackEvent } from '@rocketpay/sdk';
import type { Order } from './orders.ts';

export interface StoredCallback {
  readonly seq: number;
  readonly paymentId: string;
  readonly receivedAt: number;
  /** How often exactly these bytes came. */
  readonly times: number;
  readonly kind: CallbackEvent['kind'];
  readonly body: string;
}

export interface Store {
  order(paymentId: string): Order | undefined;
  /** Newest first. */
  orders(limit?: number): Order[];
  /** Orders whose status is to be asked for by now. */
  due(now: number, limit: number): Order[];
  save(order: Order): void;
  /** Keeps a callback; false when the same bytes were kept before, which then only counts them. */
  keepCallback(event: CallbackEvent, body: string, now: number): boolean;
  /** In the order of arrival; of one payment, or of all. */
  callbacks(paymentId?: string): StoredCallback[];
  /** The last so many of all, in the order of arrival. */
  newestCallbacks(limit: number): StoredCallback[];
  /** Runs `work` so that all of it is kept or none. */
  together<T>(work: () => T): T;
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS orders (
    payment_id TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    check_at INTEGER,
    facts TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS orders_by_age ON orders (created_at);
  CREATE INDEX IF NOT EXISTS orders_by_check ON orders (check_at) WHERE check_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS callbacks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    digest TEXT NOT NULL UNIQUE,
    payment_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    times INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS callbacks_by_payment ON callbacks (payment_id, seq);
`;

/** Opens, or makes, the orders kept under the data folder. */
export function openStore(dataDir: string): Store {
  const folder = join(dataDir, 'shop');
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'orders.sqlite'));
  db.exec(SCHEMA);
  const one = db.prepare('SELECT facts FROM orders WHERE payment_id = ?');
  const newest = db.prepare('SELECT facts FROM orders ORDER BY created_at DESC, rowid DESC LIMIT ?');
  const due = db.prepare('SELECT facts FROM orders WHERE check_at <= ? ORDER BY check_at LIMIT ?');
  const save = db.prepare(`
    INSERT INTO orders (payment_id, created_at, check_at, facts) VALUES (?, ?, ?, ?)
    ON CONFLICT (payment_id) DO UPDATE SET check_at = excluded.check_at, facts = excluded.facts`);
  const keep = db.prepare(`
    INSERT INTO callbacks (digest, payment_id, kind, body, received_at, times) VALUES (?, ?, ?, ?, ?, 1)
    ON CONFLICT (digest) DO UPDATE SET times = times + 1 RETURNING times`);
  const callbackColumns = 'seq, payment_id AS paymentId, received_at AS receivedAt, times, kind, body';
  const allCallbacks = db.prepare(`SELECT ${callbackColumns} FROM callbacks ORDER BY seq`);
  const newestCallbacks = db.prepare(`SELECT ${callbackColumns} FROM callbacks ORDER BY seq DESC LIMIT ?`);
  const callbacksOf = db.prepare(`SELECT ${callbackColumns} FROM callbacks WHERE payment_id = ? ORDER BY seq`);

  const read = (row: Record<string, unknown>): Order => JSON.parse(String(row['facts']), revive) as Order;

  return {
    order(paymentId) {
      const row = one.get(paymentId);
      return row && read(row);
    },
    orders: (limit = -1) => newest.all(limit).map(read),
    due: (now, limit) => due.all(now, limit).map(read),
    save(order) {
      save.run(order.paymentId, order.createdAt, order.checkAt ?? null, JSON.stringify(order));
    },
    keepCallback(event, body, now) {
      const digest = createHash('sha256').update(body).digest('hex');
      return keep.get(digest, event.payment.id, event.kind, body, now)?.['times'] === 1;
    },
    callbacks(paymentId) {
      const rows = paymentId === undefined ? allCallbacks.all() : callbacksOf.all(paymentId);
      return rows.map(asCallback);
    },
    newestCallbacks: (limit) => newestCallbacks.all(limit).map(asCallback).toReversed(),
    together(work) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => db.close(),
  };
}

const asCallback = (row: Record<string, unknown>): StoredCallback => ({ ...row }) as unknown as StoredCallback;

/** The two moments of a clarification are dates in memory and texts in the file. */
function revive(key: string, value: unknown): unknown {
  return (key === 'expiresAt' || key === 'resendAllowedAt') && typeof value === 'string' ? new Date(value) : value;
}
