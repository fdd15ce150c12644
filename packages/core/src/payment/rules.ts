import type { RulesByOperator } from '../operators/operator.ts';

/** Settings the lifecycle depends on; all times in milliseconds. */
export interface LifecycleSettings {
  /** No answer to the first call at the operator by then: one last look-up, then the end. */
  readonly prepareDeadlineMs: number;
  /** How long the merchant may take to send a code; restarted by every accepted and every resent code. */
  readonly clarificationWaitMs: number;
  /** The longest a payment may stay open, its confirmation excepted. */
  readonly thresholdMs: number;
  /** When a new code may be asked for where the operator does not say: its code's life. */
  readonly codeLifeMs: number;
  readonly rules: RulesByOperator;
  readonly confirmIsIdempotent: boolean;
  readonly validateCharges: boolean;
}

/** Our cap on wrong codes, over all resends: PSD2's regulatory technical standards, art. 4(3)(b), allow five. */
export const MAX_WRONG_CODES = 5;
/** Tries after the first decline that the Payment Page offers, and for how long. */
export const PAGE_RETRIES = { allowed: 5, windowMs: 600_000 } as const;
/** Resends a payer may ask for, as the method's description promises. */
export const MAX_RESENDS = 3;
/** A look-up that finds nothing proves nothing before this: the call may still be on its way. */
export const NOT_FOUND_PROOF_MS = 40_000;
export const LAST_LOOK_UP_MS = 5_000;
export const VALIDATING_GRACE_MS = 300_000;
export const OPEN_TOO_LONG_MS = 86_400_000;
export const NOT_SENT_TRIES = 3;
export const NOT_SENT_WINDOW_MS = 15_000;

/** A call's time-out, connecting included. */
export const callTimeoutMs = {
  prepare: 10_000,
  validate: 10_000,
  resend: 10_000,
  confirm: 15_000,
  cancel: 10_000,
  refund: 10_000,
  look_up: 5_000,
  token: 5_000,
} as const;

/** A lease outlasts the call's time-out, so that nobody takes a running call for a dead one. */
export const LEASE_SLACK_MS = 10_000;
/** An ordered look-up that was never made (its process stopped) is made again after this. */
export const LOOK_UP_LEASE_MS = callTimeoutMs.look_up + LEASE_SLACK_MS;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait before look-up number `asked + 1`: 5, 15, 30, 60 s, every 5 min for an hour, then hourly. */
export function lookUpDelayMs(asked: number): number {
  const first = [5_000, 15_000, 30_000, MINUTE_MS][asked];
  if (first !== undefined) return first;
  return asked < 16 ? 5 * MINUTE_MS : HOUR_MS;
}

/** An outage is mostly over by then: some half an hour after the first question. */
const IMPATIENT_QUESTIONS = 34;

/**
 * How long to wait after a question that nobody answered, which taught nothing: as after any, but a minute at most for the
 * first half-hour, so that what an outage has left open is settled soon after it.
 */
export function askAgainDelayMs(asked: number): number {
  return asked < IMPATIENT_QUESTIONS ? Math.min(lookUpDelayMs(asked), MINUTE_MS) : lookUpDelayMs(asked);
}

/** How long to wait before a call that surely was not sent is sent again: 2, 5, 10, … at most 60 s. */
export function retryDelayMs(failures: number): number {
  return [2_000, 5_000, 10_000, 30_000][failures - 1] ?? MINUTE_MS;
}
