import type { AttemptOutcomeKind, AttemptResult, CallbackRow } from '@rocketpay/core/callback/callback.ts';
import { standingAfter } from '@rocketpay/core/callback/order.ts';
import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type pg from 'pg';
import { Batcher } from '../db/batch.ts';
import { callbackColumns } from './enqueue.ts';
import { attemptsSql, claimSql, enqueueSql, listSql, recordSql, releaseSql } from './statements.ts';

export interface ClaimLimits {
  readonly rows: number;
  readonly rowsPerOrigin: number;
  /** Origins of which one row is enough. */
  readonly oneOfOrigins: readonly string[];
  /** Origins that take no more at present. */
  readonly exceptOrigins: readonly string[];
}

/** One attempt as it was written down. */
export interface AttemptRecord {
  readonly callbackNo: number;
  readonly attempt: number;
  readonly at: number;
  readonly status: number | null;
  readonly outcome: AttemptOutcomeKind;
  readonly latencyMs: number;
  readonly answerStart: string | null;
}

/** Where callbacks are kept. What it hands out to send is leased, so that nobody else sends it meanwhile. */
export interface CallbackStore {
  /** Takes in new rows, at most one per payment and URL; resolves to those that may be sent at once. Payments do this within their own commit. */
  enqueue(rows: readonly CallbackRow[]): Promise<readonly CallbackRow[]>;
  /** Due rows that nothing holds back, a few of each origin, each leased for `leaseMs`. */
  claimDue(now: number, leaseMs: number, limits: ClaimLimits): Promise<readonly CallbackRow[]>;
  /** Writes an attempt down; resolves to what its end sets free, leased for `leaseMs`. */
  recordAttempt(result: AttemptResult, leaseMs: number): Promise<readonly CallbackRow[]>;
  /** A payment's callbacks, oldest first. */
  list(key: PaymentKey): Promise<readonly CallbackRow[]>;
  attempts(key: PaymentKey): Promise<readonly AttemptRecord[]>;
}

export interface StoredRow {
  readonly project_id: number;
  readonly payment_key: string;
  readonly callback_no: number;
  readonly url: string;
  readonly origin: string;
  readonly body: string;
  readonly kind: CallbackRow['kind'];
  readonly final: boolean;
  readonly operation_id: number;
  readonly created_at: number;
  readonly not_before: number;
  readonly state: CallbackRow['state'];
  readonly attempts: number;
  readonly attempts_before: number;
  readonly resends: number;
  readonly resent_at: number | null;
  readonly due_at: number | null;
  readonly lease_until: number | null;
}
interface ClaimedRow extends StoredRow {
  /** The last origin that was walked to; null when the walk has come to its end, or there was none. */
  readonly walked_to: string | null;
}
type StoredKey = Pick<StoredRow, 'project_id' | 'payment_key' | 'callback_no'>;

interface Ended {
  readonly result: AttemptResult;
  readonly leaseMs: number;
}

export function fromStored(row: StoredRow): CallbackRow {
  return {
    projectId: row.project_id,
    paymentKey: row.payment_key,
    callbackNo: row.callback_no,
    url: row.url,
    origin: row.origin,
    body: row.body,
    kind: row.kind,
    final: row.final,
    operationId: row.operation_id,
    createdAt: row.created_at,
    notBefore: row.not_before,
    state: row.state,
    attempts: row.attempts,
    attemptsBefore: row.attempts_before,
    resends: row.resends,
    resentAt: row.resent_at,
    dueAt: row.due_at,
    leaseUntil: row.lease_until,
  };
}

const storedId = (row: StoredKey): string => `${row.project_id}\n${row.payment_key}\n${row.callback_no}`;
const rowId = (row: CallbackRow): string => `${row.projectId}\n${row.paymentKey}\n${row.callbackNo}`;
const lineId = (row: CallbackRow): string => `${row.projectId}\n${row.paymentKey}\n${row.url}`;

function resultColumns(result: AttemptResult): Readonly<Record<string, unknown>> {
  const { row, startedAt, latencyMs, outcome } = result;
  const { state, dueAt } = standingAfter(result);
  return {
    project_id: row.projectId,
    payment_key: row.paymentKey,
    callback_no: row.callbackNo,
    attempts: row.attempts,
    lease_until: row.leaseUntil === null ? null : new Date(row.leaseUntil),
    at: new Date(startedAt),
    status: outcome.status,
    outcome: outcome.kind,
    latency_ms: Math.round(latencyMs),
    answer_start: outcome.answerStart,
    state,
    due_at: dueAt === null ? null : new Date(dueAt),
  };
}

/** The callbacks' store on PostgreSQL: attempts that end together share one statement. */
export function createCallbackStore(pool: pg.Pool): CallbackStore {
  async function recordAll(batch: readonly Ended[]): Promise<readonly (readonly CallbackRow[])[]> {
    // The same order everywhere, so that two statements never wait for each other's rows.
    const sorted = batch.toSorted((a, b) => (rowId(a.result.row) < rowId(b.result.row) ? -1 : 1));
    const { rows } = await pool.query<StoredKey>({
      name: 'callbacks.record',
      text: recordSql,
      values: [JSON.stringify(sorted.map(({ result }) => resultColumns(result))), sorted.length],
    });
    if (rows.length === 0) return batch.map(() => []);
    const followed = new Set(rows.map(storedId));
    const released = await release(sorted.filter(({ result }) => followed.has(rowId(result.row))));
    return batch.map(({ result }) => {
      const line = lineId(result.row);
      const freed = released.get(line) ?? [];
      released.delete(line);
      return freed;
    });
  }

  async function release(ended: readonly Ended[]): Promise<Map<string, readonly CallbackRow[]>> {
    const now = Math.max(...ended.map(({ result }) => result.endedAt));
    const lease = Math.max(...ended.map(({ leaseMs }) => leaseMs));
    const lines = new Map(ended.map(({ result: { row } }) => [lineId(row), row]));
    const { rows } = await pool.query<StoredRow>({
      name: 'callbacks.release',
      text: releaseSql,
      values: [
        JSON.stringify(
          [...lines.values()].map((row) => ({ project_id: row.projectId, payment_key: row.paymentKey, url: row.url })),
        ),
        new Date(now),
        new Date(now + lease),
        lines.size,
      ],
    });
    return new Map(rows.map(fromStored).map((row) => [lineId(row), [row]]));
  }

  /** Where the next walk over the origins begins, so that each has its turn. */
  let walkFrom = '';
  const records = new Batcher({ run: recordAll, maxItems: 256, maxConcurrent: 2 });

  return {
    async enqueue(fresh) {
      const values = [JSON.stringify(fresh.map(callbackColumns))];
      const { rows } = await pool.query<StoredKey>({ name: 'callbacks.enqueue', text: enqueueSql, values });
      const ready = new Set(rows.map(storedId));
      return fresh.filter((row) => ready.has(rowId(row)));
    },
    async claimDue(now, leaseMs, limits) {
      const { rows: limit, rowsPerOrigin, oneOfOrigins, exceptOrigins } = limits;
      const values = [
        new Date(now),
        new Date(now + leaseMs),
        limit,
        rowsPerOrigin,
        exceptOrigins,
        oneOfOrigins,
        walkFrom,
      ];
      const { rows } = await pool.query<ClaimedRow>({ name: 'callbacks.claim', text: claimSql, values });
      walkFrom = rows[0]?.walked_to ?? '';
      return rows.filter((row) => row.origin !== null).map(fromStored);
    },
    recordAttempt: (result, leaseMs) => records.add({ result, leaseMs }),
    async list({ projectId, paymentKey }) {
      const values = [projectId, paymentKey];
      const { rows } = await pool.query<StoredRow>({ name: 'callbacks.list', text: listSql, values });
      return rows.map(fromStored);
    },
    async attempts({ projectId, paymentKey }) {
      const values = [projectId, paymentKey];
      return (await pool.query<AttemptRecord>({ name: 'callbacks.attempts', text: attemptsSql, values })).rows;
    },
  };
}
