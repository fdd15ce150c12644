import type { Sum } from '@rocketpay/core/money.ts';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { CodeFacts, Finding } from '@rocketpay/core/payment/sale-events.ts';
import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { callTimeoutMs } from '@rocketpay/core/payment/rules.ts';
import type { RefundFinding } from '@rocketpay/core/refund/refund-events.ts';

/** Where the provider may tell us of changes: a URL that carries the payment's key and a token, and a bearer beside it. */
export interface NoticeAddress {
  readonly url: string;
  readonly bearer: string;
}

/** How long each kind of call may take, connecting included. The platform's own are core's; the conformance suite gives shorter ones. */
export type CallTimeouts = Readonly<Record<keyof typeof callTimeoutMs, number>>;

/** What every changing call carries: past this monotonic moment it may no longer be written to the socket (its lease would end first). */
export interface TimedCall {
  readonly sendBeforeMonotonicMs: number;
}

export interface PrepareCall extends TimedCall {
  readonly correlator: string;
  /** The merchant's payment id, for disputes. */
  readonly reference: string;
  /** Digits with the country code, no plus. */
  readonly number: string;
  readonly sum: Sum;
  /** Text for the payer's bill. */
  readonly description: string;
  /** The operators the number may belong to, as far as we know: for a provider that wants to be told. */
  readonly operators: readonly OperatorId[];
  readonly notices: NoticeAddress;
}

export interface PaymentCall extends TimedCall {
  readonly providerPaymentId: string;
  readonly correlator: string;
  readonly number: string;
}

export interface ValidateCall extends TimedCall {
  readonly providerPaymentId: string;
  readonly correlator: string;
  readonly authorizationId: string;
  readonly code: string;
}

export interface RefundCall extends TimedCall {
  readonly providerPaymentId: string;
  readonly correlator: string;
  readonly reference: string;
  readonly sum: Sum;
  readonly reason: string;
  readonly notices: NoticeAddress;
}

/**
 * The provider's service is ill: it could not be reached, did not answer in time, or answered with a 5xx. What its breaker
 * counts; left out wherever the service did answer, whatever it said of the payment.
 */
export type Trouble = 'no_connection' | 'no_answer' | 'server_error';

/** The call surely did not reach the provider (or was turned away unread): it may be sent again blindly. */
export interface NotSent {
  readonly kind: 'not_sent';
  readonly why: string;
  readonly trouble?: Trouble;
}

/** Nobody knows what became of the call; only asking resolves it. `suspicious` marks an answer that should not exist. */
export interface InDoubt {
  readonly kind: 'in_doubt';
  readonly why: string;
  readonly suspicious: boolean;
  readonly trouble?: Trouble;
}

export interface Denied {
  readonly kind: 'denied';
  readonly reason: DeclineReason;
}

export interface Accepted {
  readonly kind: 'accepted';
}

export type PrepareOutcome = { readonly kind: 'found'; readonly finding: Finding } | Denied | NotSent | InDoubt;
export type ValidateOutcome =
  | Accepted
  | { readonly kind: 'code_rejected'; readonly reason: 'wrong' | 'expired' }
  /** The session's authorization id has changed: look up, then ask again. */
  | { readonly kind: 'authorization_changed' }
  | Denied
  | NotSent
  | InDoubt;
export type ResendOutcome =
  | { readonly kind: 'resent'; readonly facts: CodeFacts }
  | { readonly kind: 'resend_refused'; readonly resendAllowedAt?: number; readonly resendsLeft?: number }
  | NotSent
  | InDoubt;
export type ConfirmOutcome = Accepted | Denied | NotSent | InDoubt;
export type CancelOutcome = Accepted | NotSent | InDoubt;
export type RefundOutcome = { readonly kind: 'found'; readonly finding: RefundFinding } | NotSent | InDoubt;
export type LookUpOutcome =
  | { readonly kind: 'found'; readonly finding: Finding }
  | { readonly kind: 'unanswered'; readonly why: string };
export type RefundLookUpOutcome =
  | { readonly kind: 'found'; readonly finding: RefundFinding }
  | { readonly kind: 'unanswered'; readonly why: string };

/** A notice, read: what it says about a sale or about a refund. Nothing in it is believed that we did not know how to check. */
export type Notice =
  | { readonly about: 'sale'; readonly finding: Finding }
  | { readonly about: 'refund'; readonly correlator: string | null; readonly finding: RefundFinding };

/** How a provider sends its notices, where it is not by POST with our bearer and an answer of 204. */
export interface NoticeStyle {
  readonly method: 'GET' | 'POST';
  /** Whether it sends the bearer back. Where it does not, the token in the URL and a signature that `readNotice` checks stand alone. */
  readonly bearer: boolean;
  /** What it wants to hear once a notice is taken in. */
  readonly taken: { readonly status: number; readonly text: string };
}

/**
 * A provider: the service that reaches the operators. Every method resolves; none throws, none outlasts its call's time-out
 * (`callTimeoutMs`). The default of every mapping is `in_doubt`: a provider's silence is never a no.
 */
export interface Provider {
  /** The number merchants see as `provider.id`. */
  readonly id: number;
  /** The path segment of its notices. */
  readonly name: string;
  /** A repeated confirm of the same payment never charges twice. */
  readonly confirmIsIdempotent: boolean;
  /** Validating the code charges at once, so that a validation in doubt may be money. */
  readonly validateCharges: boolean;
  /** `isRepeat`: an earlier prepare with this correlator may have arrived; false where left out. */
  prepare(call: PrepareCall, isRepeat?: boolean): Promise<PrepareOutcome>;
  validate(call: ValidateCall): Promise<ValidateOutcome>;
  resend(call: PaymentCall): Promise<ResendOutcome>;
  confirm(call: PaymentCall, isRepeat: boolean): Promise<ConfirmOutcome>;
  cancel(call: PaymentCall): Promise<CancelOutcome>;
  refund(call: RefundCall): Promise<RefundOutcome>;
  /** Finds a payment by its id where known, else by our correlator. */
  lookUp(by: { readonly providerPaymentId: string | null; readonly correlator: string }): Promise<LookUpOutcome>;
  /** Finds a refund by our correlator in the payment's list of refunds. */
  lookUpRefund(by: { readonly providerPaymentId: string; readonly correlator: string }): Promise<RefundLookUpOutcome>;
  readonly noticeStyle?: NoticeStyle;
  /** Reads a notice, from its body or its query; null when it is not one. */
  readNotice(body: unknown, query: Readonly<Record<string, unknown>>): Notice | null;
  /** True when the provider answers at all; for readiness. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}
