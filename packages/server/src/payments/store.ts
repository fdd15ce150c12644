import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Closing, Incident, LoggedEvent } from '@rocketpay/core/payment/decision.ts';
import type { Payment } from '@rocketpay/core/payment/payment.ts';
import type pg from 'pg';
import type { CallbackRow } from '../callbacks/callbacks.ts';
import { callbackColumns, enqueueCtes } from '../callbacks/callbacks.ts';
import { Batcher } from '../db/batch.ts';
import { paymentFromRow, paymentToRow, type PaymentRow } from './payment-row.ts';
import { refundToRow } from './refund-row.ts';
import { saleToRow } from './sale-row.ts';

/** One commit of a payment: its new version with everything that must be written together with it. */
export interface PaymentChange {
  readonly payment: Payment;
  /** Operations that are new or changed; the others are left alone. */
  readonly changedOperations: ReadonlySet<number>;
  readonly log: readonly LoggedEvent[];
  readonly incidents: readonly Incident[];
  /** A person's decision: its operation's incidents are closed, and it is among the changes people made. */
  readonly closing?: Closing;
  readonly callbacks: readonly CallbackRow[];
  /** Documented members of the first request that the lifecycle does not use; only with version 1. */
  readonly request: Readonly<Record<string, unknown>> | null;
}

export type CommitResult =
  | {
      readonly kind: 'committed';
      /** Callbacks this process may send at once. */ readonly readyCallbacks: readonly number[];
    }
  /** Somebody else wrote this version, or the id is taken: nothing was written. */
  | { readonly kind: 'conflict' };

export interface DueOperation extends PaymentKey {
  readonly operationNo: number;
}

/** Where payments are kept. Acknowledged means durable; a change is written whole or not at all. */
export interface PaymentStore {
  commit(change: PaymentChange): Promise<CommitResult>;
  load(key: PaymentKey): Promise<Payment | null>;
  /** Operations somebody must look at by `now`; each is left alone by other claimants for `leaseMs`. */
  claimDue(now: number, limit: number, leaseMs: number): Promise<readonly DueOperation[]>;
  /** The payment that has the sale or refund with this request id. */
  findByRequest(projectId: number, requestId: string): Promise<Payment | null>;
  events(key: PaymentKey): Promise<readonly LoggedEvent[]>;
  incidents(key: PaymentKey): Promise<readonly Incident[]>;
}

const saleColumns = `project_id, payment_key, operation_no, operation_id, request_id, correlator, state, created_at, changed_at,
  decline_reason, try_again_until, account_number, candidates, operator, provider_payment_id, authorization_id, clarification_reason, code_expires_at,
  resend_allowed_at, operator_resends_left, resends_used, wrong_codes, code_submitted, code_request_id, attempt, pending_call,
  pending_attempt, pending_started_at, pending_in_doubt, deadline_at, grace_until, look_up_at, look_ups, retry_at, not_sent,
  not_sent_since, open_since, incident_raised, overdue_told, due_at`;

const refundColumns = `project_id, payment_key, operation_no, operation_id, kind, sale_operation_no, request_id, correlator, state,
  created_at, changed_at, amount_minor, currency, merchant_refund_id, request_digest, description, callback_delay_ms,
  callbacks_disabled, provider_payment_id, provider_refund_id, denied_on_repeat, decline_reason, attempt, pending_call, pending_attempt,
  pending_started_at, pending_in_doubt, look_up_at, look_ups, retry_at, not_sent, not_sent_since, open_since, incident_raised,
  overdue_told, due_at`;

/** Members that never change once an operation is written. */
const fixedColumns = new Set(
  `project_id payment_key operation_no operation_id kind sale_operation_no request_id correlator created_at account_number candidates amount_minor
   currency merchant_refund_id request_digest description callback_delay_ms callbacks_disabled`.split(/\s+/),
);

function upsertChanges(columns: string): string {
  return columns
    .split(/,\s*/)
    .filter((column) => !fixedColumns.has(column))
    .map((column) => `${column} = EXCLUDED.${column}`)
    .join(', ');
}

/** What a batch of changes has, beside payments, sales and events; a part it has not costs the statement nothing. */
interface CommitShape {
  readonly refunds: boolean;
  readonly incidents: boolean;
  readonly closings: boolean;
  readonly callbacks: boolean;
}

/**
 * One statement for any number of payments: new ones are inserted unless their id is taken, known ones are updated unless
 * their version has moved on, and only what belongs to those really written follows. Rows are found LATERAL, key by key:
 * a plan made while the tables were small can never read the whole of them.
 */
function commitSql({ refunds, incidents, closings, callbacks }: CommitShape): string {
  return `
WITH input AS MATERIALIZED (SELECT * FROM json_populate_recordset(NULL::payments, $1::json)),
created AS (
  INSERT INTO payments SELECT * FROM input WHERE version = 1
  ON CONFLICT ON CONSTRAINT payments_pkey DO NOTHING
  RETURNING project_id, payment_key),
updated AS (
  UPDATE payments p SET version = i.version, changed_at = i.changed_at, refunded_minor = i.refunded_minor,
    held_minor = i.held_minor, operation_count = i.operation_count, event_count = i.event_count, callback_count = i.callback_count
  FROM input i CROSS JOIN LATERAL (
    SELECT x.ctid AS place FROM payments x
    WHERE i.version > 1 AND x.project_id = i.project_id AND x.payment_key = i.payment_key AND x.version = i.version - 1
    LIMIT 1 FOR UPDATE) found
  WHERE p.ctid = found.place
  RETURNING p.project_id, p.payment_key),
done AS (SELECT * FROM created UNION ALL SELECT * FROM updated),
sales AS (
  INSERT INTO sale_operations (${saleColumns})
  SELECT ${saleColumns} FROM json_populate_recordset(NULL::sale_operations, $2::json) JOIN done USING (project_id, payment_key)
  ON CONFLICT ON CONSTRAINT sale_operations_pkey DO UPDATE SET ${upsertChanges(saleColumns)}),
${refunds ? refundsCte : ''}
${incidents ? incidentsCte : ''}
${closings ? closingsCte : ''}
${callbacks ? `${enqueueCtes('$6')},` : ''}
story AS (
  INSERT INTO payment_events (project_id, payment_key, event_no, operation_no, at, name, detail)
  SELECT project_id, payment_key, event_no, operation_no, at, name, detail
  FROM json_populate_recordset(NULL::payment_events, $3::json) JOIN done USING (project_id, payment_key))
SELECT d.project_id, d.payment_key, ${callbacks ? readyCallbacks : 'NULL'} AS ready
FROM done d WHERE $4::json IS NOT NULL AND $5::json IS NOT NULL AND $6::json IS NOT NULL${closings ? ' AND $7::json IS NOT NULL' : ''}`;
}

const refundsCte = `refunds AS (
  INSERT INTO refund_operations (${refundColumns})
  SELECT ${refundColumns} FROM json_populate_recordset(NULL::refund_operations, $4::json) JOIN done USING (project_id, payment_key)
  ON CONFLICT ON CONSTRAINT refund_operations_pkey DO UPDATE SET ${upsertChanges(refundColumns)}),`;

const incidentsCte = `raised AS (
  INSERT INTO incidents (project_id, payment_key, operation_no, kind, at, detail)
  SELECT project_id, payment_key, operation_no, kind, at, detail
  FROM json_populate_recordset(NULL::incidents, $5::json) JOIN done USING (project_id, payment_key)
  ON CONFLICT ON CONSTRAINT incidents_pkey DO UPDATE
    SET at = EXCLUDED.at, detail = EXCLUDED.detail, closed_at = NULL, closed_by = NULL, closed_note = NULL
    WHERE incidents.closed_at IS NOT NULL),`;

const closingsCte = `closings AS (
  SELECT c.* FROM json_to_recordset($7::json)
    AS c (project_id bigint, payment_key text, operation_no integer, "as" text, at timestamptz, by text, note text)
  JOIN done USING (project_id, payment_key)),
closed AS (
  UPDATE incidents i SET closed_at = c.at, closed_by = c.by, closed_note = c.note FROM closings c
  WHERE i.project_id = c.project_id AND i.payment_key = c.payment_key AND i.operation_no = c.operation_no AND i.closed_at IS NULL),
told AS (
  INSERT INTO changes (at, by, project_id, action, subject, new)
  SELECT c.at, c.by, c.project_id, 'incident settle', c.payment_key || ' ' || c.operation_no,
    json_build_object('as', c.as, 'note', c.note) FROM closings c),`;

const readyCallbacks = `(SELECT array_agg(r.callback_no) FROM callbacks_ready r
    WHERE r.project_id = d.project_id AND r.payment_key = d.payment_key)`;

const loadSql = `
SELECT p.*,
  (SELECT json_agg(s ORDER BY s.operation_no) FROM sale_operations s
    WHERE s.project_id = p.project_id AND s.payment_key = p.payment_key) AS sales,
  (SELECT json_agg(r ORDER BY r.operation_no) FROM refund_operations r
    WHERE r.project_id = p.project_id AND r.payment_key = p.payment_key) AS refunds
FROM unnest($1::bigint[], $2::text[]) AS k (project_id, payment_key)
CROSS JOIN LATERAL (
  SELECT * FROM payments x WHERE x.project_id = k.project_id AND x.payment_key = k.payment_key LIMIT 1) p`;

const claimSql = (table: 'sale_operations' | 'refund_operations') => `
UPDATE ${table} o SET due_at = $2
FROM (SELECT ctid AS place FROM ${table} WHERE due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
WHERE o.ctid = due.place
RETURNING o.project_id AS "projectId", o.payment_key AS "paymentKey", o.operation_no AS "operationNo"`;

const keyOf = ({ projectId, paymentKey }: PaymentKey) => ({ project_id: projectId, payment_key: paymentKey });
const iso = (at: number): string => new Date(at).toISOString();

function commitParameters(changes: readonly PaymentChange[]): { shape: CommitShape; values: string[] } {
  const payments: unknown[] = [];
  const sales: unknown[] = [];
  const refunds: unknown[] = [];
  const events: unknown[] = [];
  const incidents: unknown[] = [];
  const callbacks: unknown[] = [];
  const closings: unknown[] = [];
  for (const change of changes) {
    const { payment, changedOperations } = change;
    const key = keyOf(payment);
    payments.push(paymentToRow(payment, change.request));
    for (const sale of payment.sales)
      if (changedOperations.has(sale.operationNo)) sales.push({ ...key, ...saleToRow(sale) });
    for (const refund of payment.refunds)
      if (changedOperations.has(refund.operationNo)) refunds.push({ ...key, ...refundToRow(refund) });
    for (const { eventNo, operationNo, at, name, detail } of change.log) {
      events.push({ ...key, event_no: eventNo, operation_no: operationNo, at: iso(at), name, detail });
    }
    for (const { operationNo, kind, at, detail } of change.incidents) {
      incidents.push({ ...key, operation_no: operationNo, kind, at: iso(at), detail });
    }
    const { closing } = change;
    if (closing) closings.push({ ...key, ...closing, operation_no: closing.operationNo, at: iso(closing.at) });
    for (const callback of change.callbacks) callbacks.push(callbackColumns(callback));
  }
  const shape = {
    refunds: refunds.length > 0,
    incidents: incidents.length > 0,
    closings: closings.length > 0,
    callbacks: callbacks.length > 0,
  };
  const rows = [payments, sales, events, refunds, incidents, callbacks, ...(shape.closings ? [closings] : [])];
  const values = rows.map((each) => JSON.stringify(each));
  return { shape, values };
}

const statements = new Map<string, { readonly name: string; readonly text: string }>();

/** The prepared statement of a shape, made once. */
function commitStatement(shape: CommitShape): { readonly name: string; readonly text: string } {
  const parts = Object.entries(shape).filter(([, has]) => has);
  const name = ['payments.commit', ...parts.map(([part]) => part)].join('+');
  const known = statements.get(name);
  if (known) return known;
  const made = { name, text: commitSql(shape) };
  statements.set(name, made);
  return made;
}

/** The payments' store on PostgreSQL: commits and loads that arrive together share one statement. */
export function createPaymentStore(pool: pg.Pool): PaymentStore {
  async function commitAll(changes: readonly PaymentChange[]): Promise<readonly CommitResult[]> {
    // One change a payment in a statement: a second one was decided on a version that is about to pass.
    const first = new Map<string, PaymentChange>();
    for (const change of changes) if (!first.has(keyText(change.payment))) first.set(keyText(change.payment), change);
    const sorted = [...first.values()].toSorted((a, b) => (keyText(a.payment) < keyText(b.payment) ? -1 : 1));
    const { shape, values } = commitParameters(sorted);
    const { rows } = await pool.query<{ project_id: number; payment_key: string; ready: number[] | null }>({
      ...commitStatement(shape),
      values,
    });
    const written = new Map(
      rows.map((row) => [keyText({ projectId: row.project_id, paymentKey: row.payment_key }), row.ready ?? []]),
    );
    return changes.map((change) => {
      const ready = first.get(keyText(change.payment)) === change ? written.get(keyText(change.payment)) : undefined;
      return ready ? { kind: 'committed', readyCallbacks: ready } : { kind: 'conflict' };
    });
  }

  async function loadAll(keys: readonly PaymentKey[]): Promise<readonly (Payment | null)[]> {
    const { rows } = await pool.query<PaymentRow>({
      name: 'payments.load',
      text: loadSql,
      values: [keys.map((key) => key.projectId), keys.map((key) => key.paymentKey)],
    });
    const found = new Map(
      rows.map((row) => [keyText({ projectId: row.project_id, paymentKey: row.payment_key }), paymentFromRow(row)]),
    );
    return keys.map((key) => found.get(keyText(key)) ?? null);
  }

  const commits = new Batcher({ run: commitAll, maxItems: 256, maxConcurrent: 2 });
  const loads = new Batcher({ run: loadAll, maxItems: 256, maxConcurrent: 2 });

  return {
    commit: (change) => commits.add(change),
    load: (key) => loads.add(key),
    async findByRequest(projectId, requestId) {
      const { rows } = await pool.query<{ paymentKey: string }>({
        name: 'payments.find-by-request',
        text: `SELECT payment_key AS "paymentKey" FROM sale_operations WHERE project_id = $1 AND request_id = $2
               UNION ALL
               SELECT payment_key FROM refund_operations WHERE project_id = $1 AND request_id = $2 AND kind = 'refund'
               LIMIT 1`,
        values: [projectId, requestId],
      });
      const [found] = rows;
      return found ? loads.add({ projectId, paymentKey: found.paymentKey }) : null;
    },
    async claimDue(now, limit, leaseMs) {
      const values = [new Date(now), new Date(now + leaseMs), limit];
      const sales = await pool.query<DueOperation>({
        name: 'payments.claim-sales',
        text: claimSql('sale_operations'),
        values,
      });
      const refunds = await pool.query<DueOperation>({
        name: 'payments.claim-refunds',
        text: claimSql('refund_operations'),
        values,
      });
      return [...sales.rows, ...refunds.rows];
    },
    async events(key) {
      const { rows } = await pool.query<LoggedEvent>({
        name: 'payments.events',
        text: `SELECT event_no AS "eventNo", operation_no AS "operationNo", at, name, detail FROM payment_events
               WHERE project_id = $1 AND payment_key = $2 ORDER BY event_no`,
        values: [key.projectId, key.paymentKey],
      });
      return rows;
    },
    async incidents(key) {
      const { rows } = await pool.query<Incident>({
        name: 'payments.incidents',
        text: `SELECT operation_no AS "operationNo", kind, at, detail FROM incidents
               WHERE project_id = $1 AND payment_key = $2 ORDER BY at`,
        values: [key.projectId, key.paymentKey],
      });
      return rows;
    },
  };
}
