import type { AttemptOutcomeKind, CallbackRow, CallbackState } from '@rocketpay/core/callback/callback.ts';
import type pg from 'pg';
import { rowColumns } from './enqueue.ts';
import { fromStored, type StoredRow } from './store.ts';

/** Which of a project's callbacks; null does not narrow. Times are epoch milliseconds. */
export interface CallbackFilter {
  readonly projectId: number;
  readonly paymentKey: string | null;
  readonly state: CallbackState | null;
  /** Not made before. */
  readonly since: number | null;
  /** What the last attempt ended with: an HTTP status, an outcome, or `none` for no attempt yet. */
  readonly last: number | AttemptOutcomeKind | 'none' | null;
}

/** Where a page ended; the next one begins behind it. */
export type CallbackCursor = Pick<CallbackRow, 'createdAt' | 'paymentKey' | 'callbackNo'>;

export interface PageOf {
  readonly rows: number;
  readonly order: 'newest' | 'oldest';
  readonly after: CallbackCursor | null;
}

export interface LastAttempt {
  readonly at: number;
  readonly status: number | null;
  readonly outcome: AttemptOutcomeKind;
  readonly latencyMs: number;
}

export interface ListedCallback {
  readonly row: CallbackRow;
  readonly last: LastAttempt | null;
}

export interface CallbackPage {
  readonly callbacks: readonly ListedCallback[];
  /** Null on the last page. */
  readonly next: CallbackCursor | null;
}

interface ListedRow extends StoredRow {
  readonly last_at: number | null;
  readonly last_status: number | null;
  readonly last_outcome: AttemptOutcomeKind | null;
  readonly last_latency_ms: number | null;
}

const place = '(c.created_at, c.payment_key, c.callback_no)';

function lastOf(row: ListedRow): LastAttempt | null {
  if (row.last_at === null || row.last_outcome === null) return null;
  const { last_at: at, last_status: status, last_outcome: outcome, last_latency_ms: latencyMs } = row;
  return { at, status, outcome, latencyMs: latencyMs ?? 0 };
}

/** One page of a project's callbacks, in the order of their making. Only what narrows is in the statement, for its plan's sake. */
export async function listCallbacks(
  pool: pg.Pool,
  filter: CallbackFilter,
  { rows: limit, order, after }: PageOf,
): Promise<CallbackPage> {
  const values: unknown[] = [filter.projectId];
  const param = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ['c.project_id = $1'];
  if (filter.paymentKey !== null) conditions.push(`c.payment_key = ${param(filter.paymentKey)}`);
  if (filter.state !== null) conditions.push(`c.state = ${param(filter.state)}`);
  // By the table's own constraint the same, and the index of what is due holds nothing else.
  if (filter.state === 'waiting') conditions.push('c.due_at IS NOT NULL');
  if (filter.since !== null) conditions.push(`c.created_at >= ${param(new Date(filter.since))}`);
  if (filter.last === 'none') conditions.push('l.at IS NULL');
  else if (typeof filter.last === 'number') conditions.push(`l.status = ${param(filter.last)}`);
  else if (filter.last !== null) conditions.push(`l.outcome = ${param(filter.last)}`);
  if (after) {
    const place0 = [param(new Date(after.createdAt)), param(after.paymentKey), param(after.callbackNo)].join(', ');
    conditions.push(`${place} ${order === 'newest' ? '<' : '>'} (${place0})`);
  }
  const direction = order === 'newest' ? 'DESC' : 'ASC';
  const { rows } = await pool.query<ListedRow>(
    `SELECT ${rowColumns.replaceAll(/(\w+)/g, 'c.$1')}, l.at AS last_at, l.status AS last_status, l.outcome AS last_outcome,
       l.latency_ms AS last_latency_ms
     FROM callbacks c LEFT JOIN callback_attempts l ON l.project_id = c.project_id AND l.payment_key = c.payment_key
       AND l.callback_no = c.callback_no AND l.attempt = c.attempts
     WHERE ${conditions.join(' AND ')}
     ORDER BY c.created_at ${direction}, c.payment_key ${direction}, c.callback_no ${direction} LIMIT ${param(limit + 1)}`,
    values,
  );
  const callbacks = rows.slice(0, limit).map((row) => ({ row: fromStored(row), last: lastOf(row) }));
  const end = rows.length > limit ? callbacks.at(-1)?.row : undefined;
  return {
    callbacks,
    next: end ? { createdAt: end.createdAt, paymentKey: end.paymentKey, callbackNo: end.callbackNo } : null,
  };
}
