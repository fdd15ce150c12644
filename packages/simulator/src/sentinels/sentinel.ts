import type { Denial, DenialCode } from '../denials.ts';
import type { Operator } from '../operators.ts';

export type Call = 'prepare' | 'look_up' | 'validate' | 'resend' | 'confirm' | 'cancel' | 'refund';

/** What goes wrong with a call on the wire. */
export interface Fault {
  /** Whether the work behind the call is done all the same. */
  readonly done: boolean;
  /**
   * `none` keeps the socket open without an answer, `reset` breaks the connection, `garbage` is 200 with a page that is no
   * JSON; a number is the error status answered.
   */
  readonly answer: 'none' | 'reset' | 'garbage' | 429 | 500 | 502 | 503 | 504;
  /** Only the first so many calls of one payment or correlator; without it, all. */
  readonly times?: number;
}

/** How a sentinel differs from an ordinary subscriber. Times in milliseconds. */
export interface Twist {
  /** The brand that answers, whatever the prefix says. */
  readonly operator?: Operator;
  /** Prepare is refused. */
  readonly refused?: Denial;
  /** Reserved at once, no code is asked for. */
  readonly noCode?: boolean;
  /** Prepare answers `processing`; what follows comes by notice after this time. */
  readonly prepareDelayMs?: number;
  /** The delayed prepare ends denied. */
  readonly preparedDenied?: DenialCode;
  readonly wrongCodesAllowed?: number;
  readonly resendsAllowed?: number;
  readonly codeLifeMs?: number;
  /** A code is taken after its announced life as well. */
  readonly lateCodeTaken?: boolean;
  /** Without it, a new code may be asked for when the old one's life is over. */
  readonly resendAfterMs?: number;
  readonly resendUndelivered?: boolean;
  readonly resendRenewsAuthorization?: boolean;
  readonly reservationLifeMs?: number;
  readonly payerRefusesAfterMs?: number;
  /** Confirm is answered with 403. */
  readonly confirmRefused?: DenialCode;
  /** Confirm is accepted, the charge is denied. */
  readonly chargeDenied?: Denial;
  readonly chargeDelayMs?: number;
  /** The charge is this much less than asked. */
  readonly chargedLessMinor?: number;
  /** Charged this long after the right code, whatever is asked in between; cancel is ignored. */
  readonly chargedAnywayMs?: number;
  /** Cancel is accepted and ignored: charged this long after it. */
  readonly chargedAfterCancelMs?: number;
  readonly notices?: 'none' | 'shuffled';
  /** A refund is refused at once. */
  readonly refundRefused?: DenialCode;
  /** Refunds are accepted as `processing` and end after this time. */
  readonly refundDelayMs?: number;
  /** The delayed refund ends denied. */
  readonly refundDenied?: DenialCode;
  readonly faults?: Readonly<Partial<Record<Call, Fault>>>;
}

/** What a merchant of the platform sees in the end. */
export interface End {
  readonly status: 'success' | 'decline' | 'processing';
  /** The wire code; none while the payment is open. */
  readonly code?: string;
}

export interface Sentinel {
  /** Eleven digits, 77000000000 to 77000009999. */
  readonly number: string;
  readonly name: string;
  readonly happens: string;
  /** The end of a purchase, the right code typed in time. */
  readonly purchase: End;
  /** The end of a refund, where it is not plain success. */
  readonly refund?: End;
  readonly note?: string;
  readonly twist: Twist;
}

export interface Group {
  readonly title: string;
  readonly sentinels: readonly Sentinel[];
}

export const success: End = { status: 'success', code: '0' };

export function decline(code: string): End {
  return { status: 'decline', code };
}

/** Left open: only a person can say how it ends. */
export const open: End = { status: 'processing' };
