import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { RefundOperation, RefundState } from '@rocketpay/core/payment/payment.ts';
import { dueAt } from '@rocketpay/core/payment/sale-times.ts';
import {
  knownTime,
  pendingFromRow,
  pendingToRow,
  scheduleFromRow,
  scheduleToRow,
  timeToRow,
  type PendingRow,
  type RowTime,
  type ScheduleRow,
} from './row-parts.ts';

export interface RefundRow extends PendingRow, ScheduleRow {
  operation_no: number;
  operation_id: number;
  kind: RefundOperation['kind'];
  sale_operation_no: number;
  request_id: string;
  correlator: string;
  state: RefundState;
  created_at: RowTime;
  changed_at: RowTime;
  amount_minor: number;
  currency: string;
  merchant_refund_id: string | null;
  request_digest: string;
  description: string | null;
  callback_delay_ms: number;
  callbacks_disabled: boolean;
  provider_payment_id: string;
  provider_refund_id: string | null;
  denied_on_repeat: DeclineReason | null;
  decline_reason: DeclineReason | null;
  attempt: number;
  due_at: RowTime;
}

/** A refund or reversal as its table holds it, without the payment's key. */
export function refundToRow(refund: RefundOperation): RefundRow {
  return {
    operation_no: refund.operationNo,
    operation_id: refund.operationId,
    kind: refund.kind,
    sale_operation_no: refund.saleOperationNo,
    request_id: refund.requestId,
    correlator: refund.correlator,
    state: refund.state,
    created_at: timeToRow(refund.createdAt),
    changed_at: timeToRow(refund.changedAt),
    amount_minor: refund.sum.amountMinor,
    currency: refund.sum.currency,
    merchant_refund_id: refund.merchantRefundId,
    request_digest: refund.requestDigest,
    description: refund.description,
    callback_delay_ms: refund.callbackDelayMs,
    callbacks_disabled: refund.callbacksDisabled,
    provider_payment_id: refund.providerPaymentId,
    provider_refund_id: refund.providerRefundId,
    denied_on_repeat: refund.deniedOnRepeat,
    decline_reason: refund.declineReason,
    attempt: refund.attempt,
    ...pendingToRow(refund.pendingCall),
    ...scheduleToRow(refund),
    due_at: timeToRow(dueAt(refund)),
  };
}

/** The refund or reversal a row holds. */
export function refundFromRow(row: RefundRow): RefundOperation {
  return {
    operationNo: row.operation_no,
    operationId: row.operation_id,
    kind: row.kind,
    saleOperationNo: row.sale_operation_no,
    requestId: row.request_id,
    correlator: row.correlator,
    state: row.state,
    createdAt: knownTime(row.created_at),
    changedAt: knownTime(row.changed_at),
    sum: { amountMinor: row.amount_minor, currency: row.currency },
    merchantRefundId: row.merchant_refund_id,
    requestDigest: row.request_digest,
    description: row.description,
    callbackDelayMs: row.callback_delay_ms,
    callbacksDisabled: row.callbacks_disabled,
    providerPaymentId: row.provider_payment_id,
    providerRefundId: row.provider_refund_id,
    deniedOnRepeat: row.denied_on_repeat,
    declineReason: row.decline_reason,
    attempt: row.attempt,
    pendingCall: pendingFromRow<'refund'>(row),
    ...scheduleFromRow(row),
  };
}
