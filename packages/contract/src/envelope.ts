import type { GateCode } from '@rocketpay/core/errors.ts';
import type { ClarificationReason } from '@rocketpay/core/payment/payment.ts';
import { renderClarificationFields, type ClarificationForm } from './clarification-fields.ts';
import { formatMoment, formatMomentFrom } from './moment.ts';

export const paymentStatuses = [
  'processing',
  'awaiting clarification',
  'awaiting customer',
  'success',
  'decline',
  'partially refunded',
  'refunded',
] as const;
export const operationStatuses = ['processing', 'awaiting clarification', 'success', 'decline'] as const;

export type { ClarificationReason };

export type PaymentStatus = (typeof paymentStatuses)[number];
export type OperationStatus = (typeof operationStatuses)[number];

export type SumView = { readonly amountMinor: number; readonly currency: string };

/** Times in all views are epoch milliseconds; the wire keeps whole seconds. */
export type PaymentView = {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly changedAt: number;
  /** Asked for, less what was refunded. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly description?: string | undefined;
  /** Of the Payment Page's link, where the merchant gave it. */
  readonly merchantData?: string | undefined;
  readonly newAttempts?: NewAttemptsView | undefined;
};

/** Whether a payer whose attempt was declined may try again on the Payment Page, and for how long. */
export type NewAttemptsView = { readonly available: true; readonly timeoutMs: number } | { readonly available: false };

export type OperationView = {
  readonly id: number;
  readonly type: 'sale' | 'refund';
  readonly status: OperationStatus;
  readonly changedAt: number;
  readonly createdAt: number;
  readonly requestId: string;
  readonly initial: SumView;
  readonly converted: SumView;
  readonly code: GateCode;
  readonly message: string;
  /** `paymentId` is empty until the operator answered. */
  readonly provider: { readonly id: number; readonly paymentId: string };
};

/** `type` is the operator's id, empty until it is known. */
export type AccountView = { readonly number: string; readonly type: string };

/** Present while a code is awaited. What is not known is left out. */
export type ClarificationView = {
  readonly reason: ClarificationReason;
  readonly form: ClarificationForm;
  readonly attemptsLeft?: number | undefined;
  readonly expiresAt?: number | undefined;
  readonly resendAllowedAt?: number | undefined;
  readonly resendsLeft?: number | undefined;
};

export const renderPayment = (payment: PaymentView) => ({
  id: payment.id,
  type: 'purchase',
  status: payment.status,
  date: formatMoment(payment.changedAt),
  method: 'mobile',
  sum: renderSum(payment),
  description: payment.description ?? '',
  ...(payment.merchantData !== undefined && { merchant_data: payment.merchantData }),
  ...(payment.newAttempts && renderNewAttempts(payment.newAttempts)),
});

/** Whole seconds, never more than are left. */
const renderNewAttempts = (attempts: NewAttemptsView) => ({
  is_new_attempts_available: attempts.available,
  ...(attempts.available && { attempts_timeout: Math.floor(attempts.timeoutMs / 1_000) }),
});

export const renderOperation = (operation: OperationView) => ({
  id: operation.id,
  type: operation.type,
  status: operation.status,
  date: formatMoment(operation.changedAt),
  created_date: formatMoment(operation.createdAt),
  request_id: operation.requestId,
  sum_initial: renderSum(operation.initial),
  sum_converted: renderSum(operation.converted),
  code: operation.code,
  message: operation.message,
  provider: { id: operation.provider.id, payment_id: operation.provider.paymentId, auth_code: '' },
});

const renderSum = (sum: SumView) => ({ amount: sum.amountMinor, currency: sum.currency });

/** The two root members that ask for a code: the family's own, and ours that says why and how long. */
export const renderClarification = (view: ClarificationView) => ({
  clarification_fields: renderClarificationFields(view.form, view.reason),
  clarification_info: {
    reason: view.reason,
    ...(view.attemptsLeft !== undefined && { attempts_left: view.attemptsLeft }),
    ...(view.expiresAt !== undefined && { expires_at: formatMoment(view.expiresAt) }),
    ...(view.resendAllowedAt !== undefined && { resend_allowed_at: formatMomentFrom(view.resendAllowedAt) }),
    ...(view.resendsLeft !== undefined && { resends_left: view.resendsLeft }),
  },
});
