import type { Payment } from '@rocketpay/core/payment/payment.ts';
import { refundFromRow, type RefundRow } from './refund-row.ts';
import { knownTime, timeFromRow, timeToRow, type RowTime } from './row-parts.ts';
import { saleFromRow, type SaleRow } from './sale-row.ts';

export interface PaymentRow {
  project_id: number;
  payment_key: string;
  payment_id: string;
  version: number;
  request_digest: string;
  created_at: RowTime;
  changed_at: RowTime;
  amount_minor: number;
  currency: string;
  description: string | null;
  customer_id: string;
  best_before_at: RowTime;
  callback_url: string | null;
  success_callback_url: string | null;
  decline_callback_url: string | null;
  callback_delay_ms: number;
  callbacks_disabled: boolean;
  retries_allowed: number | null;
  retry_window_ms: number | null;
  refunded_minor: number;
  held_minor: number;
  operation_count: number;
  event_count: number;
  callback_count: number;
  request: Readonly<Record<string, unknown>> | null;
  sales: readonly SaleRow[] | null;
  refunds: readonly RefundRow[] | null;
}

/** A payment as its table holds it; its operations have tables of their own. */
export function paymentToRow(payment: Payment, request: PaymentRow['request']): Omit<PaymentRow, 'sales' | 'refunds'> {
  return {
    project_id: payment.projectId,
    payment_key: payment.paymentKey,
    payment_id: payment.paymentId,
    version: payment.version,
    request_digest: payment.requestDigest,
    created_at: timeToRow(payment.createdAt),
    changed_at: timeToRow(payment.changedAt),
    amount_minor: payment.sum.amountMinor,
    currency: payment.sum.currency,
    description: payment.description,
    customer_id: payment.customerId,
    best_before_at: timeToRow(payment.bestBeforeAt),
    callback_url: payment.callbacks.url,
    success_callback_url: payment.callbacks.successUrl,
    decline_callback_url: payment.callbacks.declineUrl,
    callback_delay_ms: payment.callbacks.delayMs,
    callbacks_disabled: payment.callbacks.disabled,
    retries_allowed: payment.retries?.allowed ?? null,
    retry_window_ms: payment.retries?.windowMs ?? null,
    refunded_minor: payment.refundedMinor,
    held_minor: payment.heldMinor,
    operation_count: payment.operationCount,
    event_count: payment.eventCount,
    callback_count: payment.callbackCount,
    // Told again, never asked for: it needs no column of its own.
    request: payment.merchantData === null ? request : { ...request, merchantData: payment.merchantData },
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The payment a joined row holds. */
export function paymentFromRow(row: PaymentRow): Payment {
  return {
    projectId: row.project_id,
    paymentKey: row.payment_key,
    paymentId: row.payment_id,
    version: row.version,
    requestDigest: row.request_digest,
    createdAt: knownTime(row.created_at),
    changedAt: knownTime(row.changed_at),
    sum: { amountMinor: row.amount_minor, currency: row.currency },
    description: row.description,
    merchantData: textOf(row.request?.['merchantData']),
    customerId: row.customer_id,
    bestBeforeAt: timeFromRow(row.best_before_at),
    callbacks: {
      url: row.callback_url,
      successUrl: row.success_callback_url,
      declineUrl: row.decline_callback_url,
      delayMs: row.callback_delay_ms,
      disabled: row.callbacks_disabled,
    },
    retries:
      row.retries_allowed === null || row.retry_window_ms === null
        ? null
        : { allowed: row.retries_allowed, windowMs: row.retry_window_ms },
    refundedMinor: row.refunded_minor,
    heldMinor: row.held_minor,
    operationCount: row.operation_count,
    eventCount: row.event_count,
    callbackCount: row.callback_count,
    sales: (row.sales ?? []).map(saleFromRow),
    refunds: (row.refunds ?? []).map(refundFromRow),
  };
}
