/**
 * How a failed call ended.
 *
 * - `refused`: the platform said no; nothing was started.
 * - `unknown`: the answer was lost, so the request may or may not have been taken.
 * - `untrusted`: what arrived is not provably the platform's, so nothing in it may be used.
 */
export type RocketpayOutcome = 'refused' | 'unknown' | 'untrusted';

/** One fault the platform found in a request; `field` is a path such as `payment.amount`. */
export interface ErrorItem {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly constraint?: string;
}

export interface RocketpayErrorDetails {
  readonly outcome: RocketpayOutcome;
  readonly retryable: boolean;
  readonly code?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly errors?: readonly ErrorItem[];
  readonly cause?: unknown;
}

/**
 * The one error of this client.
 *
 * With `outcome: 'unknown'` never assume failure. If `retryable` is true the same call with the same ids
 * (`paymentId`, `merchantRefundId`) may be sent again: the platform answers it once more and starts nothing twice.
 * If it is false (a code, a resend), ask `status` what became of it.
 */
export class RocketpayError extends Error {
  readonly outcome: RocketpayOutcome;
  /** The platform's code, a string of digits; undefined when the platform did not say. */
  readonly code: string | undefined;
  readonly httpStatus: number | undefined;
  /** The field of the first fault, when the platform named one. */
  readonly field: string | undefined;
  readonly errors: readonly ErrorItem[];
  readonly retryable: boolean;

  constructor(message: string, details: RocketpayErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RocketpayError';
    this.outcome = details.outcome;
    this.code = details.code;
    this.httpStatus = details.httpStatus;
    this.errors = details.errors ?? [];
    this.field = this.errors[0]?.field;
    this.retryable = details.retryable;
  }
}

export function untrusted(message: string): RocketpayError {
  return new RocketpayError(message, { outcome: 'untrusted', retryable: false });
}
