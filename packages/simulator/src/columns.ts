import type { PaymentRow, RefundRow } from './rows.ts';

/** Written once, when the payment is made. */
export const PAYMENT_FIXED = [
  'id',
  'correlator',
  'reference',
  'phone',
  'operator',
  'amount_minor',
  'currency',
  'description',
  'created_at',
  'sink',
  'sink_token',
  'sink_token_expires_at',
] as const satisfies readonly (keyof PaymentRow)[];

/** Written at every change. */
export const PAYMENT_CHANGING = [
  'charged_minor',
  'status',
  'paid_at',
  'denial_code',
  'denial_reason',
  'authorization_id',
  'code_digest',
  'code_expires_at',
  'next_resend_at',
  'attempts_left',
  'wrong_attempts',
  'resends_left',
  'reservation_expires_at',
  'due',
  'due_at',
] as const satisfies readonly (keyof PaymentRow)[];

export const REFUND_COLUMNS = [
  'id',
  'payment_id',
  'correlator',
  'reference',
  'type',
  'amount_minor',
  'description',
  'reason',
  'status',
  'created_at',
  'refunded_at',
  'sink',
  'sink_token',
  'sink_token_expires_at',
  'denial_code',
  'denial_reason',
  'due_at',
] as const satisfies readonly (keyof RefundRow)[];

export function insertInto(table: string, columns: readonly string[]): string {
  const marks = columns.map(() => '?').join(', ');
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`;
}
