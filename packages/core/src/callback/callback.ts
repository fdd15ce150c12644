import type { PaymentKey } from '../payment-key.ts';

export type CallbackKind = 'clarification' | 'result';
export const callbackStates = ['waiting', 'delivered', 'superseded', 'exhausted'] as const;
export type CallbackState = (typeof callbackStates)[number];

/** A message to the merchant, rendered and signed once; the row is the job. Times are epoch milliseconds. */
export interface CallbackRow extends PaymentKey {
  /** From 1 on, per payment; later numbers are newer. */
  readonly callbackNo: number;
  readonly url: string;
  /** Scheme, host and port of the URL: what connections and fairness are counted by. */
  readonly origin: string;
  /** The exact text that is sent, every time. */
  readonly body: string;
  readonly kind: CallbackKind;
  /** A final one is never superseded. */
  readonly final: boolean;
  readonly operationId: number;
  readonly createdAt: number;
  /** The first attempt is not made before this; later than `createdAt` when the merchant asked for a delay. */
  readonly notBefore: number;
  readonly state: CallbackState;
  /** Attempts that have ended. */
  readonly attempts: number;
  /** Those made before it was last sent again by hand: the schedule counts from there. */
  readonly attemptsBefore: number;
  /** How often it was sent again by hand, and when last. */
  readonly resends: number;
  readonly resentAt: number | null;
  /** The earliest time by which somebody must look at it again; null exactly when it waits no more. */
  readonly dueAt: number | null;
  /** Until then an attempt may be on its way. */
  readonly leaseUntil: number | null;
}

export const attemptOutcomes = [
  'delivered',
  'refused_status',
  'redirect',
  'timeout',
  'connect_error',
  'connection_lost',
  'blocked_address',
  'bad_url',
] as const;
export type AttemptOutcomeKind = (typeof attemptOutcomes)[number];

/** What became of one attempt. Only `delivered`, an HTTP 200, acknowledges. */
export interface AttemptOutcome {
  readonly kind: AttemptOutcomeKind;
  /** Null when no HTTP answer came. */
  readonly status: number | null;
  /** The first bytes of the answer, as text; null when there was none. */
  readonly answerStart: string | null;
}

/** An attempt that has ended, with the claim it was made under. */
export interface AttemptResult {
  readonly row: CallbackRow;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly latencyMs: number;
  readonly outcome: AttemptOutcome;
}
