import type { CallbackRow } from '@rocketpay/core/callback/callback.ts';
import { HELD_RECHECK_MS } from '@rocketpay/core/callback/order.ts';

const newColumns = `project_id, payment_key, callback_no, url, origin, body, kind, final, operation_id, created_at, not_before,
  state, attempts, due_at, lease_until`;
export const rowColumns = `${newColumns}, attempts_before, resends, resent_at`;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A row as the statements take it: a JSON object with the table's column names. */
export function callbackColumns(row: CallbackRow): Readonly<Record<string, unknown>> {
  return {
    project_id: row.projectId,
    payment_key: row.paymentKey,
    callback_no: row.callbackNo,
    url: row.url,
    origin: row.origin,
    body: row.body,
    kind: row.kind,
    final: row.final,
    operation_id: row.operationId,
    created_at: iso(row.createdAt),
    not_before: iso(row.notBefore),
    state: row.state,
    attempts: row.attempts,
    due_at: iso(row.dueAt),
    lease_until: iso(row.leaseUntil),
  };
}

/**
 * The part of a commit's statement that takes in new callbacks, in the same commit as the change they tell of. `param` is
 * the placeholder of a JSON array of `callbackColumns`. It reads the CTE `done (project_id, payment_key)`, the payments
 * really committed, and ends with `callbacks_ready (project_id, payment_key, callback_no)`: the rows this process may send
 * at once, under the lease they were prepared with. At most one new callback per payment and URL may come per statement.
 *
 * Cost, with nothing undelivered before: one index look-up and one insert a callback. The look-up is LATERAL so that it
 * stays one whatever the planner's statistics are; it locks what blocks the new row, so that the end of an attempt and the
 * arrival of its successor see each other. The rules are those of core's planEnqueue.
 */
export function enqueueCtes(param: string): string {
  return `
callbacks_fresh AS MATERIALIZED (
  SELECT f.* FROM json_populate_recordset(NULL::callbacks, ${param}::json) f JOIN done USING (project_id, payment_key)
  ORDER BY f.project_id, f.payment_key, f.callback_no),
callbacks_before AS MATERIALIZED (
  SELECT b.*, f.created_at AS now, b.state = 'waiting' AND b.final AS holds,
    CASE WHEN NOT b.final AND b.lease_until > f.created_at THEN b.lease_until END AS flight_until
  FROM callbacks_fresh f CROSS JOIN LATERAL (
    SELECT c.project_id, c.payment_key, c.callback_no, c.url, c.final, c.state, c.lease_until FROM callbacks c
    WHERE c.project_id = f.project_id AND c.payment_key = f.payment_key AND c.callback_no < f.callback_no AND c.url = f.url
      AND (c.state = 'waiting' OR (c.state = 'superseded' AND c.lease_until > f.created_at))
    ORDER BY c.callback_no FOR UPDATE) b),
callbacks_ahead AS MATERIALIZED (
  SELECT project_id, payment_key, url, min(callback_no) FILTER (WHERE holds) AS head_no, max(flight_until) AS flight_until
  FROM callbacks_before GROUP BY project_id, payment_key, url),
callbacks_changed AS (
  UPDATE callbacks c SET followed = true,
    state = CASE WHEN c.final THEN c.state ELSE 'superseded' END,
    due_at = CASE
      WHEN NOT c.final THEN NULL
      WHEN c.callback_no = a.head_no AND (c.lease_until IS NULL OR c.lease_until <= b.now)
        THEN least(c.due_at, greatest(b.now, c.not_before, a.flight_until))
      ELSE c.due_at END
  FROM callbacks_before b JOIN callbacks_ahead a USING (project_id, payment_key, url)
  WHERE c.project_id = b.project_id AND c.payment_key = b.payment_key AND c.callback_no = b.callback_no AND c.state = 'waiting'),
callbacks_added AS (
  INSERT INTO callbacks (${newColumns})
  SELECT f.project_id, f.payment_key, f.callback_no, f.url, f.origin, f.body, f.kind, f.final, f.operation_id, f.created_at,
    f.not_before, f.state, f.attempts,
    CASE
      WHEN a.head_no IS NOT NULL THEN greatest(f.not_before, f.created_at + interval '${HELD_RECHECK_MS} milliseconds')
      WHEN a.flight_until IS NOT NULL THEN greatest(f.not_before, a.flight_until)
      ELSE f.due_at END,
    CASE WHEN a.head_no IS NULL AND a.flight_until IS NULL THEN f.lease_until END
  FROM callbacks_fresh f LEFT JOIN callbacks_ahead a USING (project_id, payment_key, url)
  RETURNING project_id, payment_key, callback_no, lease_until),
callbacks_ready AS (SELECT project_id, payment_key, callback_no FROM callbacks_added WHERE lease_until IS NOT NULL)`;
}
