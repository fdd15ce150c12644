import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { ClarificationReason, SaleCallKind, SaleOperation, SaleState } from '@rocketpay/core/payment/payment.ts';
import { dueAt } from '@rocketpay/core/payment/sale-times.ts';
import {
  knownTime,
  pendingFromRow,
  pendingToRow,
  scheduleFromRow,
  scheduleToRow,
  timeFromRow,
  timeToRow,
  type PendingRow,
  type RowTime,
  type ScheduleRow,
} from './row-parts.ts';

export interface SaleRow extends PendingRow, ScheduleRow {
  operation_no: number;
  operation_id: number;
  request_id: string;
  correlator: string;
  state: SaleState;
  created_at: RowTime;
  changed_at: RowTime;
  decline_reason: DeclineReason | null;
  try_again_until: RowTime;
  account_number: string;
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
    try_again_until: timeToRow(sale.tryAgainUntil),
    account_number: sale.accountNumber,
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
    ...scheduleToRow(sale),
    due_at: timeToRow(dueAt(sale)),
  };
}

/** The sale operation a row holds. */
export function saleFromRow(row: SaleRow): SaleOperation {
  return {
    operationNo: row.operation_no,
    operationId: row.operation_id,
    requestId: row.request_id,
    correlator: row.correlator,
    state: row.state,
    createdAt: knownTime(row.created_at),
    changedAt: knownTime(row.changed_at),
    declineReason: row.decline_reason,
    tryAgainUntil: timeFromRow(row.try_again_until),
    accountNumber: row.account_number,
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
    ...scheduleFromRow(row),
  };
}
