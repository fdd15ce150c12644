import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type {
  CallKind,
  ClarificationReason,
  Payment,
  PendingCall,
  RefundOperation,
  RefundState,
  SaleCallKind,
  SaleOperation,
  SaleState,
} from '@rocketpay/core/payment/payment.ts';
import { dueAt } from '@rocketpay/core/payment/sale-times.ts';

/** A time as PostgreSQL's JSON gives it (text) or as the driver does (epoch milliseconds). */
type RowTime = string | number | null;

const timeToRow = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const timeFromRow = (at: RowTime): number | null => (at === null ? null : typeof at === 'number' ? at : Date.parse(at));
const knownTime = (at: RowTime): number => {
  const time = timeFromRow(at);
  if (time === null) throw new Error('a time that is always set is missing in a stored row');
  return time;
};

interface PendingRow {
  pending_call: CallKind | null;
  pending_attempt: number | null;
  pending_started_at: RowTime;
  pending_in_doubt: boolean | null;
}

function pendingToRow(call: PendingCall | null): PendingRow {
  return {
    pending_call: call?.kind ?? null,
    pending_attempt: call?.attempt ?? null,
    pending_started_at: timeToRow(call?.startedAt ?? null),
    pending_in_doubt: call?.inDoubt ?? null,
  };
}

function pendingFromRow<Kind extends CallKind>(row: PendingRow): PendingCall<Kind> | null {
  if (row.pending_call === null) return null;
  return {
    kind: row.pending_call as Kind,
    attempt: row.pending_attempt ?? 0,
    startedAt: knownTime(row.pending_started_at),
    inDoubt: row.pending_in_doubt ?? true,
  };
}

export interface SaleRow extends PendingRow {
  operation_no: number;
  operation_id: number;
  request_id: string;
  correlator: string;
  state: SaleState;
  created_at: RowTime;
  changed_at: RowTime;
  decline_reason: DeclineReason | null;
  candidates: readonly OperatorId[];
  operator: OperatorId | null;
  provider_payment_id: string | null;
  authorization_id: string | null;
  clarification_reason: ClarificationReason | null;
  code_expires_at: RowTime;
  resend_allowed_at: RowTime;
  operator_resends_left: number | null;
  resends_used: number;
  wrong_codes: number;
  code_submitted: boolean;
  code_request_id: string | null;
  attempt: number;
  deadline_at: RowTime;
  grace_until: RowTime;
  look_up_at: RowTime;
  look_ups: number;
  retry_at: RowTime;
  not_sent: number;
  not_sent_since: RowTime;
  open_since: RowTime;
  incident_raised: boolean;
  due_at: RowTime;
}

/** A sale operation as its table holds it, without the payment's key. */
export function saleToRow(sale: SaleOperation): SaleRow {
  return {
    operation_no: sale.operationNo,
    operation_id: sale.operationId,
    request_id: sale.requestId,
    correlator: sale.correlator,
    state: sale.state,
    created_at: timeToRow(sale.createdAt),
    changed_at: timeToRow(sale.changedAt),
    decline_reason: sale.declineReason,
    candidates: sale.candidates,
    operator: sale.operator,
    provider_payment_id: sale.providerPaymentId,
    authorization_id: sale.authorizationId,
    clarification_reason: sale.clarificationReason,
    code_expires_at: timeToRow(sale.codeExpiresAt),
    resend_allowed_at: timeToRow(sale.resendAllowedAt),
    operator_resends_left: sale.operatorResendsLeft,
    resends_used: sale.resendsUsed,
    wrong_codes: sale.wrongCodes,
    code_submitted: sale.codeSubmitted,
    code_request_id: sale.codeRequestId,
    attempt: sale.attempt,
    ...pendingToRow(sale.pendingCall),
    deadline_at: timeToRow(sale.deadlineAt),
    grace_until: timeToRow(sale.graceUntil),
    look_up_at: timeToRow(sale.lookUpAt),
    look_ups: sale.lookUps,
    retry_at: timeToRow(sale.retryAt),
    not_sent: sale.notSent,
    not_sent_since: timeToRow(sale.notSentSince),
    open_since: timeToRow(sale.openSince),
    incident_raised: sale.incidentRaised,
    due_at: timeToRow(dueAt(sale)),
  };
}

function saleFromRow(row: SaleRow): SaleOperation {
  return {
    operationNo: row.operation_no,
    operationId: row.operation_id,
    requestId: row.request_id,
    correlator: row.correlator,
    state: row.state,
    createdAt: knownTime(row.created_at),
    changedAt: knownTime(row.changed_at),
    declineReason: row.decline_reason,
    candidates: row.candidates,
    operator: row.operator,
    providerPaymentId: row.provider_payment_id,
    authorizationId: row.authorization_id,
    clarificationReason: row.clarification_reason,
    codeExpiresAt: timeFromRow(row.code_expires_at),
    resendAllowedAt: timeFromRow(row.resend_allowed_at),
    operatorResendsLeft: row.operator_resends_left,
    resendsUsed: row.resends_used,
    wrongCodes: row.wrong_codes,
    codeSubmitted: row.code_submitted,
    codeRequestId: row.code_request_id,
    attempt: row.attempt,
    pendingCall: pendingFromRow<SaleCallKind>(row),
    deadlineAt: timeFromRow(row.deadline_at),
    graceUntil: timeFromRow(row.grace_until),
    lookUpAt: timeFromRow(row.look_up_at),
    lookUps: row.look_ups,
    retryAt: timeFromRow(row.retry_at),
    notSent: row.not_sent,
    notSentSince: timeFromRow(row.not_sent_since),
    openSince: timeFromRow(row.open_since),
    incidentRaised: row.incident_raised,
  };
}

export interface RefundRow extends PendingRow {
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
  decline_reason: DeclineReason | null;
  attempt: number;
  look_up_at: RowTime;
  look_ups: number;
  retry_at: RowTime;
  not_sent: number;
  not_sent_since: RowTime;
  open_since: RowTime;
  incident_raised: boolean;
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
    decline_reason: refund.declineReason,
    attempt: refund.attempt,
    ...pendingToRow(refund.pendingCall),
    look_up_at: timeToRow(refund.lookUpAt),
    look_ups: refund.lookUps,
    retry_at: timeToRow(refund.retryAt),
    not_sent: refund.notSent,
    not_sent_since: timeToRow(refund.notSentSince),
    open_since: timeToRow(refund.openSince),
    incident_raised: refund.incidentRaised,
    due_at: timeToRow(dueAt(refund)),
  };
}

function refundFromRow(row: RefundRow): RefundOperation {
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
    declineReason: row.decline_reason,
    attempt: row.attempt,
    pendingCall: pendingFromRow<'refund'>(row),
    lookUpAt: timeFromRow(row.look_up_at),
    lookUps: row.look_ups,
    retryAt: timeFromRow(row.retry_at),
    notSent: row.not_sent,
    notSentSince: timeFromRow(row.not_sent_since),
    openSince: timeFromRow(row.open_since),
    incidentRaised: row.incident_raised,
  };
}

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
  account_number: string;
  best_before_at: RowTime;
  callback_url: string | null;
  success_callback_url: string | null;
  decline_callback_url: string | null;
  callback_delay_ms: number;
  callbacks_disabled: boolean;
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
    account_number: payment.accountNumber,
    best_before_at: timeToRow(payment.bestBeforeAt),
    callback_url: payment.callbacks.url,
    success_callback_url: payment.callbacks.successUrl,
    decline_callback_url: payment.callbacks.declineUrl,
    callback_delay_ms: payment.callbacks.delayMs,
    callbacks_disabled: payment.callbacks.disabled,
    refunded_minor: payment.refundedMinor,
    held_minor: payment.heldMinor,
    operation_count: payment.operationCount,
    event_count: payment.eventCount,
    callback_count: payment.callbackCount,
    request,
  };
}

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
    customerId: row.customer_id,
    accountNumber: row.account_number,
    bestBeforeAt: timeFromRow(row.best_before_at),
    callbacks: {
      url: row.callback_url,
      successUrl: row.success_callback_url,
      declineUrl: row.decline_callback_url,
      delayMs: row.callback_delay_ms,
      disabled: row.callbacks_disabled,
    },
    refundedMinor: row.refunded_minor,
    heldMinor: row.held_minor,
    operationCount: row.operation_count,
    eventCount: row.event_count,
    callbackCount: row.callback_count,
    sales: (row.sales ?? []).map(saleFromRow),
    refunds: (row.refunds ?? []).map(refundFromRow),
  };
}
