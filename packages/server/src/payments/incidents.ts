import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type pg from 'pg';
import { recordChange } from '../changes/changes.ts';
import { inTransaction } from '../db/transaction.ts';

/** An incident with what a person needs to look into it. Times are epoch milliseconds. */
export interface IncidentRow {
  readonly projectId: number;
  readonly paymentKey: string;
  readonly paymentId: string;
  readonly operationNo: number;
  readonly kind: string;
  readonly at: number;
  readonly detail: string;
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  readonly closedNote: string | null;
  readonly operation: 'sale' | 'refund' | 'reversal';
  readonly state: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly operator: string | null;
  /** What the operator knows it by. */
  readonly providerId: string | null;
}

export interface IncidentsFilter {
  readonly projectId: number | null;
  readonly paymentKey?: string;
  /** Also those that are closed. */
  readonly closed: boolean;
  readonly limit: number;
}

export type ClosedIncident =
  | { readonly kind: 'closed' }
  | { readonly kind: 'missing' | 'closed_already' | 'operation_is_open' };

export interface Incidents {
  /** Oldest first: what has waited longest comes first. */
  list(filter: IncidentsFilter): Promise<readonly IncidentRow[]>;
  /**
   * Closes one incident, with who and why; the payment stays as it is. One of a sale, refund or reversal that is
   * still open is not closed so: it would be out of sight, with somebody's money in doubt.
   */
  close(
    key: PaymentKey,
    incident: { readonly operationNo: number; readonly kind: string; readonly by: string; readonly note: string },
  ): Promise<ClosedIncident>;
}

const listSql = `
SELECT i.project_id AS "projectId", i.payment_key AS "paymentKey", p.payment_id AS "paymentId", i.operation_no AS "operationNo",
  i.kind, i.at, i.detail, i.closed_at AS "closedAt", i.closed_by AS "closedBy", i.closed_note AS "closedNote",
  coalesce(r.kind, 'sale') AS operation, coalesce(s.state, r.state) AS state,
  coalesce(r.amount_minor, p.amount_minor) AS "amountMinor", p.currency, s.operator,
  coalesce(s.provider_payment_id, r.provider_refund_id, r.provider_payment_id) AS "providerId"
FROM incidents i
JOIN payments p USING (project_id, payment_key)
LEFT JOIN sale_operations s USING (project_id, payment_key, operation_no)
LEFT JOIN refund_operations r USING (project_id, payment_key, operation_no)
WHERE ($2 OR i.closed_at IS NULL) AND ($1::bigint IS NULL OR i.project_id = $1) AND ($3::text IS NULL OR i.payment_key = $3)
ORDER BY i.at, i.project_id, i.payment_key, i.operation_no, i.kind LIMIT $4`;

const findSql = `
SELECT i.closed_at AS "closedAt", coalesce(s.state, r.state) AS state FROM incidents i
LEFT JOIN sale_operations s USING (project_id, payment_key, operation_no)
LEFT JOIN refund_operations r USING (project_id, payment_key, operation_no)
WHERE project_id = $1 AND payment_key = $2 AND operation_no = $3 AND i.kind = $4 FOR UPDATE OF i`;

const closeSql = `
UPDATE incidents SET closed_at = now(), closed_by = $5, closed_note = $6
WHERE project_id = $1 AND payment_key = $2 AND operation_no = $3 AND kind = $4`;

const ended = ['succeeded', 'declined'];

/** Incidents on PostgreSQL, for the people who deal with them. */
export function createIncidents(pool: pg.Pool): Incidents {
  return {
    async list({ projectId, paymentKey, closed, limit }) {
      return (await pool.query<IncidentRow>(listSql, [projectId, closed, paymentKey ?? null, limit])).rows;
    },
    close({ projectId, paymentKey }, { operationNo, kind, by, note }) {
      const values = [projectId, paymentKey, operationNo, kind];
      return inTransaction(pool, async (client): Promise<ClosedIncident> => {
        const { rows } = await client.query<{ closedAt: number | null; state: string | null }>(findSql, values);
        const [found] = rows;
        if (!found) return { kind: 'missing' };
        if (found.closedAt !== null) return { kind: 'closed_already' };
        if (found.state !== null && !ended.includes(found.state)) return { kind: 'operation_is_open' };
        await client.query(closeSql, [...values, by, note]);
        const subject = `${paymentKey} ${operationNo}`;
        await recordChange(client, { by, projectId, action: 'incident close', subject, new: { kind, note } });
        return { kind: 'closed' };
      });
    },
  };
}
