import type pg from 'pg';
import { inTransaction } from '../db/transaction.ts';
import type { PageTokens } from './tokens.ts';

/** Codes that the page may have sent within the window; 0: as many as there are. */
export interface PageLimits {
  readonly windowMs: number;
  readonly perNumber: number;
  readonly perAddress: number;
  readonly perProject: number;
}

export interface Start {
  readonly projectId: number;
  readonly accountNumber: string;
  readonly address: string;
}

export interface PageGuard {
  /** Counts a first code to a number; null, or how long to wait before trying again, in milliseconds. */
  admit(start: Start, now: number): Promise<number | null>;
  forget(now: number): Promise<void>;
}

/** An arbitrary constant: the first half of the locks under which starts are counted. */
const LOCK_SPACE = 7_261_020;

/** The newest start but so many, within the window: while there is one, that many have been made. */
const fullSince = (column: string, value: string, limit: string): string =>
  `(SELECT at FROM page_starts WHERE ${column} = ${value} AND at > $4 AND ${limit} > 0
      ORDER BY at DESC OFFSET greatest(${limit} - 1, 0) LIMIT 1)`;

const countSql = `SELECT greatest(
    ${fullSince('number_hash', '$1', '$5::integer')},
    ${fullSince('address_hash', '$2', '$6::integer')},
    ${fullSince('project_id', '$3', '$7::integer')}) AS since`;

/**
 * Keeps the page from being used to flood a number with messages: each start of a sale is counted by number, address and
 * project. Resends are not: the operator's own limit of three governs them.
 */
export function createPageGuard(pool: pg.Pool, tokens: PageTokens, limits: PageLimits): PageGuard {
  const { perNumber, perAddress, perProject, windowMs } = limits;
  const isOn = perNumber > 0 || perAddress > 0 || perProject > 0;

  return {
    async admit({ projectId, accountNumber, address }, now) {
      if (!isOn) return null;
      const numberHash = tokens.hidden('number', accountNumber);
      const addressHash = tokens.hidden('address', address);
      const since = await inTransaction(pool, async (client) => {
        // One number is counted by one at a time, in every process: two at once could both find room for one.
        await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, numberHash]);
        const { rows } = await client.query<{ since: number | null }>({
          name: 'page-starts.count',
          text: countSql,
          values: [numberHash, addressHash, projectId, new Date(now - windowMs), perNumber, perAddress, perProject],
        });
        const full = rows[0]?.since ?? null;
        if (full === null) {
          await client.query({
            name: 'page-starts.add',
            text: 'INSERT INTO page_starts (at, project_id, number_hash, address_hash) VALUES ($1, $2, $3, $4)',
            values: [new Date(now), projectId, numberHash, addressHash],
          });
        }
        return full;
      });
      return since === null ? null : Math.max(1_000, since + windowMs - now);
    },
    async forget(now) {
      await pool.query('DELETE FROM page_starts WHERE at < $1', [new Date(now - windowMs)]);
    },
  };
}
