import { factsOf, isGateCode } from '@rocketpay/core/errors.ts';

/**
 * How a failed call ended.
 *
 * - `refused`: the platform said no; nothing was started.
 * - `unknown`: the answer was lost, so the request may or may not have been taken.
 * - `untrusted`: what arrived is not provably the platform's, so nothing in it may be used.
 */
export type RocketpayOutcome = 'refused' | 'unknown' | 'untrusted';

/**
 * Why a message is not trusted.
 *
 * - `body_parsed`: a middleware read the body before the callback handler could; the message itself may be genuine.
 * - `unreadable`: not JSON, or not an object; `too_large`: more than a callback can be.
 * - `unsigned`, `wrong_signature`: the signature in the body is missing, or fits none of the project's secrets.
 * - `other_project`: signed, but for another project.
 * - `headers_missing`, `wrong_webhook_signature`: the `webhook-…` headers, asked for with `callbackSecret`.
 * - `stale`: `webhook-timestamp` is too far from this machine's clock: a replay, or a clock that is wrong.
 */
export type UntrustedReason =
  | 'body_parsed'
  | 'unreadable'
  | 'too_large'
  | 'unsigned'
  | 'wrong_signature'
  | 'other_project'
  | 'headers_missing'
  | 'wrong_webhook_signature'
  | 'stale';

/** One fault the platform found in a request; `field` is a path such as `payment.amount`. */
export interface ErrorItem {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly constraint?: string;
}

/** May the same thing be tried again: at once, after a while, with another body or number, or not at all. */
export type RetryAdvice = 'yes' | 'later' | 'after-correction' | 'no';

interface RocketpayErrorDetails {
  readonly outcome: RocketpayOutcome;
  readonly retryable: boolean;
  readonly code?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly errors?: readonly ErrorItem[];
  readonly retryAfterMs?: number | undefined;
  readonly reason?: UntrustedReason;
  readonly merchantRefundId?: string;
  readonly cause?: unknown;
}

/**
 * The one error of this client.
 *
 * With `outcome: 'unknown'` never assume failure. If `retryable` is true the same call with the same ids
 * (`paymentId`, `merchantRefundId`) may be sent again: the platform answers it once more and starts nothing twice.
 * If it is false (a code, a resend, a refund to which you gave no id), ask
 * `status` what became of it, or repeat the refund with the error's `merchantRefundId`.
 */
export class RocketpayError extends Error {
  readonly outcome: RocketpayOutcome;
  /** The platform's code, a string of digits; undefined when the platform did not say. */
  readonly code: string | undefined;
  readonly httpStatus: number | undefined;
  /** The field of the first fault, when the platform named one. */
  readonly field: string | undefined;
  readonly errors: readonly ErrorItem[];
  /** Whether the very same call may be sent again. */
  readonly retryable: boolean;
  /** How long the platform asked to wait first, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Set when `outcome` is `untrusted`. */
  readonly reason: UntrustedReason | undefined;
  /** Of a refund: the id it went out with, also where the client made it. Only with it can the refund be repeated. */
  readonly merchantRefundId: string | undefined;

  constructor(message: string, details: RocketpayErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RocketpayError';
    this.outcome = details.outcome;
    this.code = details.code;
    this.httpStatus = details.httpStatus;
    this.errors = details.errors ?? [];
    this.field = this.errors[0]?.field;
    this.retryable = details.retryable;
    this.retryAfterMs = details.retryAfterMs;
    this.reason = details.reason;
    this.merchantRefundId = details.merchantRefundId;
  }
}

/**
 * A refund's failure, with its id. One whose answer was lost may be repeated under that id alone: a call without one would be
 * another refund.
 */
export function ofRefund(error: RocketpayError, merchantRefundId: string, isGiven: boolean): RocketpayError {
  const { message, outcome, retryable, code, httpStatus, errors, retryAfterMs } = error;
  const mayAgain = retryable && (isGiven || outcome === 'refused');
  const facts = { outcome, code, httpStatus, errors, retryAfterMs, merchantRefundId };
  return new RocketpayError(message, { ...facts, retryable: mayAgain, cause: error.cause ?? error });
}

export function untrusted(reason: UntrustedReason, message: string): RocketpayError {
  return new RocketpayError(message, { outcome: 'untrusted', retryable: false, reason });
}

/** What the registry says of a code, also of one in `operation.code`; undefined for a code that this version does not know. */
export function retryAdvice(code: string): RetryAdvice | undefined {
  return isGateCode(code) ? factsOf(code).retry : undefined;
}

/** Whether a call that was refused with this code may be sent again as it is. */
export function isRetryable(code: string | undefined): boolean {
  const advice = code === undefined ? undefined : retryAdvice(code);
  return advice === 'yes' || advice === 'later';
}
