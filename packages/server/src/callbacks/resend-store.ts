import type { CallbackRow } from '@rocketpay/core/callback/callback.ts';
import { planResend, type ResendPlan } from '@rocketpay/core/callback/resend.ts';
import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type pg from 'pg';
import { recordChange } from '../changes/changes.ts';
import { inTransaction } from '../db/transaction.ts';
import { rowColumns } from './enqueue.ts';
import { fromStored, type StoredRow } from './store.ts';

export interface CallbackPlace extends PaymentKey {
  readonly callbackNo: number;
}

export type Resent =
  | { readonly kind: 'resent'; readonly callbackNos: readonly number[] }
  | Extract<ResendPlan, { kind: 'refused' }>
  | { readonly kind: 'missing' };

/** All rows of the callback's payment and URL, locked in the order in which everybody locks them. */
const lineSql = `
SELECT ${rowColumns} FROM callbacks
WHERE project_id = $1 AND payment_key = $2
  AND url = (SELECT url FROM callbacks WHERE project_id = $1 AND payment_key = $2 AND callback_no = $3)
ORDER BY callback_no FOR UPDATE`;

const rearmSql = `
UPDATE callbacks SET state = 'waiting', followed = true, lease_until = NULL, attempts_before = $4, resends = $5, resent_at = $6,
  due_at = $7
WHERE project_id = $1 AND payment_key = $2 AND callback_no = $3`;

const date = (at: number | null): Date | null => (at === null ? null : new Date(at));

/** Sends a callback of a project again, by core's planResend, and writes down who asked for it. */
export function resendCallback(
  pool: pg.Pool,
  { projectId, paymentKey, callbackNo }: CallbackPlace,
  { now, by }: { readonly now: number; readonly by: string },
): Promise<Resent> {
  return inTransaction(pool, async (client): Promise<Resent> => {
    const line = (await client.query<StoredRow>(lineSql, [projectId, paymentKey, callbackNo])).rows.map(fromStored);
    if (line.length === 0) return { kind: 'missing' };
    const plan = planResend(line, callbackNo, now);
    if (plan.kind === 'refused') return plan;
    for (const row of plan.changed) await client.query(rearmSql, valuesOf(row));
    const callbackNos = plan.changed.map((row) => row.callbackNo);
    const subject = `${paymentKey} ${callbackNo}`;
    await recordChange(client, { by, projectId, action: 'callback resend', subject, new: { sent: callbackNos } });
    return { kind: 'resent', callbackNos };
  });
}

function valuesOf(row: CallbackRow): unknown[] {
  const { projectId, paymentKey, callbackNo, attemptsBefore, resends, resentAt, dueAt } = row;
  return [projectId, paymentKey, callbackNo, attemptsBefore, resends, date(resentAt), date(dueAt)];
}
