import type { Sum } from '../money.ts';
import type { OperatorId } from '../operators/operator.ts';
import type { DeclineReason } from './decline-reasons.ts';

export const saleStates = ['preparing', 'awaiting_code', 'validating', 'confirming', 'succeeded', 'declined'] as const;
export type SaleState = (typeof saleStates)[number];

export const refundStates = ['sending', 'succeeded', 'declined'] as const;
export type RefundState = (typeof refundStates)[number];

export type SaleCallKind = 'prepare' | 'validate' | 'resend' | 'confirm' | 'cancel';
export type CallKind = SaleCallKind | 'refund';

/** A call that changes something at the provider and is not answered yet. `inDoubt` once its answer was lost. */
export interface PendingCall<Kind extends CallKind = CallKind> {
  readonly kind: Kind;
  /** Grows with every call of the operation, so that an answer to an earlier one is recognised and harmless. */
  readonly attempt: number;
  readonly startedAt: number;
  readonly inDoubt: boolean;
}

export const clarificationReasons = [
  'code_requested',
  'code_wrong',
  'code_expired',
  'code_resent',
  'resend_failed',
  'enter_again',
] as const;
export type ClarificationReason = (typeof clarificationReasons)[number];

/** What drives an operation on by itself; every time is in epoch milliseconds, null when nothing is to come. */
export interface Schedule {
  /** The provider's silence or a look-up finding "in work": when to ask next, and how often it was asked. */
  readonly lookUpAt: number | null;
  readonly lookUps: number;
  /** A call that surely was not sent: when to send it again, and since when it fails. */
  readonly retryAt: number | null;
  readonly notSent: number;
  readonly notSentSince: number | null;
  /** When the operation began to wait for the provider's last word; after a day it becomes an incident. */
  readonly openSince: number | null;
  readonly incidentRaised: boolean;
  /** Set once a day of waiting has been made an incident, whatever other incidents there were. */
  readonly overdueTold: boolean;
}

export interface SaleOperation extends Schedule {
  readonly operationNo: number;
  readonly operationId: number;
  readonly requestId: string;
  /** The idempotency key at the operator, one for the operation's life. */
  readonly correlator: string;
  readonly state: SaleState;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly declineReason: DeclineReason | null;
  /** Set while the payer may try again after this operation's decline; the payment's own decline waits until then. */
  readonly tryAgainUntil: number | null;
  /** Digits with the country code, no plus. */
  readonly accountNumber: string;
  /** Who serves the number: candidates before the operator's answer, then its word. */
  readonly candidates: readonly OperatorId[];
  readonly operator: OperatorId | null;
  readonly providerPaymentId: string | null;
  readonly authorizationId: string | null;
  readonly clarificationReason: ClarificationReason | null;
  readonly codeExpiresAt: number | null;
  readonly resendAllowedAt: number | null;
  /** Resends the operator says are left; null when it does not say. */
  readonly operatorResendsLeft: number | null;
  readonly resendsUsed: number;
  readonly wrongCodes: number;
  readonly codeSubmitted: boolean;
  /** Answer of the code's own request, given again to a repeat of it. */
  readonly codeRequestId: string | null;
  readonly attempt: number;
  readonly pendingCall: PendingCall<SaleCallKind> | null;
  readonly deadlineAt: number | null;
  /** Set once the deadline has passed and one more answer is waited for. */
  readonly graceUntil: number | null;
}

export interface RefundOperation extends Schedule {
  readonly operationNo: number;
  readonly operationId: number;
  /** A reversal gives back a charge that came too late; the merchant does not see it. */
  readonly kind: 'refund' | 'reversal';
  readonly saleOperationNo: number;
  readonly requestId: string;
  readonly correlator: string;
  readonly state: RefundState;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly sum: Sum;
  readonly merchantRefundId: string | null;
  /** SHA-256 of the request's canonical string, hex; tells a repeat from another request. */
  readonly requestDigest: string;
  readonly description: string | null;
  readonly callbackDelayMs: number;
  readonly callbacksDisabled: boolean;
  readonly providerPaymentId: string;
  readonly providerRefundId: string | null;
  /** The operator's no to a repeated call; it counts once asking has found no trace of an earlier one. */
  readonly deniedOnRepeat: DeclineReason | null;
  readonly declineReason: DeclineReason | null;
  readonly attempt: number;
  readonly pendingCall: PendingCall<'refund'> | null;
}

/** Where and how the merchant hears of a payment, as its first request said. */
export interface CallbackChoice {
  readonly url: string | null;
  readonly successUrl: string | null;
  readonly declineUrl: string | null;
  readonly delayMs: number;
  readonly disabled: boolean;
}

/** How often a payer may try again after a decline, and how long, in milliseconds from the first decline on. */
export interface Retries {
  readonly allowed: number;
  readonly windowMs: number;
}

export interface Payment {
  readonly projectId: number;
  readonly paymentKey: string;
  readonly paymentId: string;
  /** Grows with every commit; a writer that read an older one loses. */
  readonly version: number;
  readonly requestDigest: string;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly sum: Sum;
  readonly description: string | null;
  /** The merchant's own words of the Payment Page's link, which callbacks say again. */
  readonly merchantData: string | null;
  readonly customerId: string;
  readonly bestBeforeAt: number | null;
  readonly callbacks: CallbackChoice;
  /** Null where a decline ends the payment, as it does for Gate's. */
  readonly retries: Retries | null;
  /** Returned, and being returned, in the payment's currency; together never more than was paid. */
  readonly refundedMinor: number;
  readonly heldMinor: number;
  readonly operationCount: number;
  readonly eventCount: number;
  readonly callbackCount: number;
  readonly sales: readonly SaleOperation[];
  readonly refunds: readonly RefundOperation[];
}

export type PaymentStatus =
  | 'processing'
  | 'awaiting_code'
  | 'awaiting_payer'
  | 'succeeded'
  | 'declined'
  | 'partially_refunded'
  | 'refunded';

/**
 * Whether the operator has accepted a code, so that whoever typed it is known to hold the number. A code that was typed proves
 * nothing: a denial that comes with the judgement of a wrong one would tell a stranger of somebody else's account.
 */
export const isCodeAccepted = ({ state, codeSubmitted, clarificationReason }: SaleOperation): boolean =>
  state === 'confirming' || state === 'succeeded' || (codeSubmitted && clarificationReason === null);

/** The sale operation that speaks for the payment: the newest one. */
export function currentSale(payment: Payment): SaleOperation {
  const sale = payment.sales.at(-1);
  if (!sale) throw new Error(`payment ${payment.projectId} has no sale operation`);
  return sale;
}

/** What may still be returned, in minor units; 0 unless the payment succeeded. */
export function refundableMinor(payment: Payment): number {
  if (currentSale(payment).state !== 'succeeded') return 0;
  return payment.sum.amountMinor - payment.refundedMinor - payment.heldMinor;
}

/** The payment's status follows from its newest sale and the sum returned; `awaiting_payer` may yet try again. */
export function paymentStatus(payment: Payment): PaymentStatus {
  const { state, tryAgainUntil } = currentSale(payment);
  if (state === 'awaiting_code') return 'awaiting_code';
  if (state === 'declined') return tryAgainUntil === null ? 'declined' : 'awaiting_payer';
  if (state !== 'succeeded') return 'processing';
  if (payment.refundedMinor === 0) return 'succeeded';
  return payment.refundedMinor === payment.sum.amountMinor ? 'refunded' : 'partially_refunded';
}
