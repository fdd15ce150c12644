import { HELD_RECHECK_MS } from '@rocketpay/core/callback/order.ts';
import { enqueueCtes, rowColumns } from './enqueue.ts';

const columnsOf = (alias: string): string => rowColumns.replaceAll(/(\w+)/g, `${alias}.$1`);

/** New rows without a payment's commit around them. */
export const enqueueSql = `
WITH done AS (SELECT DISTINCT project_id, payment_key FROM json_populate_recordset(NULL::callbacks, $1::json)),
${enqueueCtes('$1')}
SELECT project_id, payment_key, callback_no FROM callbacks_ready`;

/** How many times more than it takes a claim reads, so that a few busy endpoints do not hide the others. */
const WINDOW = 8;

/**
 * $1 now, $2 the lease's end, $3 rows in all, $4 rows an origin, $5 origins to leave alone, $6 origins of which one row is
 * enough, $7 the origin behind which a walk begins. Reads the oldest due rows and takes of each origin its oldest, round by
 * round; with nothing due that is one probe of an index. Where few origins own all of what was read, it walks from origin to
 * origin among those that have something due, a stretch at a time, and answers how far it came. Rows are only locked as they
 * are taken. A row behind another is put off, not taken. Rows are marked where they were locked, by ctid: one that moved
 * meanwhile is somebody else's, and the planner's guess at their number cannot make it read the whole table.
 */
export const claimSql = `
WITH RECURSIVE oldest AS MATERIALIZED (
  SELECT ctid AS place, origin, due_at FROM callbacks WHERE due_at <= $1 ORDER BY due_at LIMIT ${WINDOW} * $3::integer),
spread AS MATERIALIZED (
  SELECT place, due_at, round FROM (
    SELECT place, origin, due_at, row_number() OVER (PARTITION BY origin ORDER BY due_at) AS round
    FROM oldest WHERE origin <> ALL ($5::text[])) r
  WHERE round <= CASE WHEN origin = ANY ($6::text[]) THEN 1 ELSE $4::integer END),
crowded AS MATERIALIZED (
  SELECT (SELECT count(*) FROM oldest) >= ${WINDOW} * $3::integer AND (SELECT count(*) FROM spread) < $3::integer AS yes),
origins AS (
  (SELECT origin, due_at, 1 AS step FROM callbacks
   WHERE due_at <= $1 AND origin > $7::text AND (SELECT yes FROM crowded) ORDER BY origin, due_at LIMIT 1)
  UNION ALL
  SELECT n.origin, n.due_at, o.step + 1 FROM origins o CROSS JOIN LATERAL (
    SELECT c.origin, c.due_at FROM callbacks c WHERE c.due_at <= $1 AND c.origin > o.origin
    ORDER BY c.origin, c.due_at LIMIT 1) n
  WHERE o.step < $3::integer),
walked AS MATERIALIZED (
  SELECT d.place, d.due_at, row_number() OVER (PARTITION BY d.origin ORDER BY d.due_at) AS round
  FROM (SELECT origin FROM origins WHERE origin <> ALL ($5::text[]) ORDER BY due_at LIMIT $3::integer) o CROSS JOIN LATERAL (
    SELECT c.ctid AS place, c.origin, c.due_at FROM callbacks c
    WHERE c.origin = o.origin AND c.due_at <= $1
    ORDER BY c.due_at LIMIT CASE WHEN o.origin = ANY ($6::text[]) THEN 1 ELSE $4::integer END) d),
candidates AS MATERIALIZED (
  SELECT place, due_at, round FROM walked
  UNION ALL
  SELECT place, due_at, round FROM spread WHERE NOT (SELECT yes FROM crowded)),
due AS MATERIALIZED (
  SELECT d.* FROM (SELECT place FROM candidates ORDER BY round, due_at) p CROSS JOIN LATERAL (
    SELECT c.ctid AS place, c.project_id, c.payment_key, c.callback_no, c.url FROM callbacks c
    WHERE c.ctid = p.place AND c.due_at <= $1 FOR UPDATE SKIP LOCKED) d
  LIMIT $3::integer),
taken AS MATERIALIZED (
  SELECT t.place, EXISTS (
    SELECT FROM callbacks e
    WHERE e.project_id = t.project_id AND e.payment_key = t.payment_key AND e.callback_no < t.callback_no AND e.url = t.url
      AND (e.state = 'waiting' OR (e.state = 'superseded' AND e.lease_until > $1))) AS held
  FROM due t),
marked AS (
  UPDATE callbacks c SET
    due_at = CASE WHEN t.held THEN $1::timestamptz + interval '${HELD_RECHECK_MS} milliseconds' ELSE $2 END,
    lease_until = CASE WHEN t.held THEN NULL ELSE $2::timestamptz END
  FROM taken t
  WHERE c.ctid = ANY (ARRAY(SELECT place FROM taken)) AND c.ctid = t.place
  RETURNING ${columnsOf('c')}, t.held)
SELECT m.*, w.walked_to
FROM (SELECT CASE WHEN count(*) >= $3::integer THEN max(origin) END AS walked_to FROM origins) w
LEFT JOIN marked m ON NOT m.held`;

/**
 * $1 the results, $2 their number: without it the planner expects enough of them to read the whole table. Writes down each attempt that counts and the row's new standing, by core's applyAttempt; answers the rows
 * that have ended with a newer one behind them.
 */
export const recordSql = `
WITH results AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS r (project_id bigint, payment_key text, callback_no integer, attempts integer,
    lease_until timestamptz, at timestamptz, status integer, outcome text, latency_ms integer, answer_start text, state text,
    due_at timestamptz) LIMIT $2),
recorded AS (
  UPDATE callbacks c SET attempts = c.attempts + 1, lease_until = NULL,
    state = CASE WHEN c.state = 'waiting' OR r.state = 'delivered' THEN r.state ELSE c.state END,
    due_at = CASE WHEN c.state = 'waiting' THEN r.due_at END
  FROM results r
  WHERE c.project_id = r.project_id AND c.payment_key = r.payment_key AND c.callback_no = r.callback_no
    AND c.state IN ('waiting', 'superseded')
    AND (r.state = 'delivered' OR (c.attempts = r.attempts AND c.lease_until = r.lease_until))
  RETURNING c.project_id, c.payment_key, c.callback_no, c.attempts, c.state, c.followed),
written AS (
  INSERT INTO callback_attempts (project_id, payment_key, callback_no, attempt, at, status, outcome, latency_ms, answer_start)
  SELECT project_id, payment_key, callback_no, c.attempts, r.at, r.status, r.outcome, r.latency_ms, r.answer_start
  FROM recorded c JOIN results r USING (project_id, payment_key, callback_no))
SELECT project_id, payment_key, callback_no FROM recorded WHERE followed AND state <> 'waiting'`;

/**
 * $1 payments and URLs whose attempt has ended, $2 now, $3 the lease's end, $4 their number: core's planRelease. A statement of its own,
 * after the recording: only then is a successor visible that was committed while the recording waited for its lock.
 */
export const releaseSql = `
WITH heads AS MATERIALIZED (
  SELECT h.* FROM (
    SELECT * FROM json_to_recordset($1::json) AS r (project_id bigint, payment_key text, url text) LIMIT $4) e CROSS JOIN LATERAL (
    SELECT c.project_id, c.payment_key, c.callback_no, c.url, c.attempts, c.attempts_before, c.lease_until FROM callbacks c
    WHERE c.project_id = e.project_id AND c.payment_key = e.payment_key AND c.url = e.url AND c.state = 'waiting'
    ORDER BY c.callback_no LIMIT 1 FOR UPDATE) h),
released AS (
  UPDATE callbacks c SET
    due_at = CASE WHEN c.not_before <= $2 THEN $3 ELSE c.not_before END,
    lease_until = CASE WHEN c.not_before <= $2 THEN $3::timestamptz END
  FROM heads h
  WHERE c.project_id = h.project_id AND c.payment_key = h.payment_key AND c.callback_no = h.callback_no
    AND h.attempts = h.attempts_before AND (h.lease_until IS NULL OR h.lease_until <= $2)
    AND NOT EXISTS (
      SELECT FROM callbacks e
      WHERE e.project_id = h.project_id AND e.payment_key = h.payment_key AND e.callback_no < h.callback_no AND e.url = h.url
        AND e.state = 'superseded' AND e.lease_until > $2)
  RETURNING ${columnsOf('c')})
SELECT ${rowColumns} FROM released WHERE lease_until IS NOT NULL`;

export const listSql = `SELECT ${rowColumns} FROM callbacks WHERE project_id = $1 AND payment_key = $2 ORDER BY callback_no`;

export const attemptsSql = `
SELECT callback_no AS "callbackNo", attempt, at, status, outcome, latency_ms AS "latencyMs", answer_start AS "answerStart"
FROM callback_attempts WHERE project_id = $1 AND payment_key = $2 ORDER BY callback_no, attempt`;
