import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { PrefixTable } from '@rocketpay/core/operators/guess.ts';
import type { Consent, Language, OpenedAs, ProjectLook, ReturnLink } from './surroundings.ts';

/**
 * Everything a payer sees at one moment, as plain data; the renderer adds words and markup and decides nothing. All times
 * are milliseconds since 1970 by the server's clock.
 *
 * The forms post, as `application/x-www-form-urlencoded`, below `basePath`:
 * - `method`: `method` (a code)
 * - `number`: `number` (as typed), `operator` (an id, absent when none is chosen), `consent` (the text's version)
 * - `code`: `code` (as typed), `consent`
 * - `resend`, `change-number`, `try-again`, `leave`: nothing
 * - `language`: `language`, and what the screen's form held (`number`, `operator`), to be kept
 *
 * and each also `version`. Answered by 303 to `basePath`; a request with the header `rocketpay-fragment: 1` by 200 and the
 * fragment of the screen that now is. `GET basePath/screen?version=V` answers 204 while V is shown, else the fragment;
 * `GET basePath/events` streams `event: screen` with the fragment as a JSON string in one `data:` line.
 */
export interface PageModel {
  readonly language: Language;
  readonly languages: readonly Language[];
  readonly project: ProjectLook;
  readonly payment: {
    readonly id: string;
    readonly description: string | null;
    readonly amountMinor: number;
    readonly currency: string;
  };
  /** `/payment/s/<token>`, without a slash at the end. */
  readonly basePath: string;
  readonly opened: OpenedAs;
  /** Differs whenever anything on the screen differs, the language included; `now` alone does not count. */
  readonly version: string;
  readonly now: number;
  /** The merchant's own deadline, shown while the payer can still act. `from`: when the session began. */
  readonly bestBefore: { readonly from: number; readonly at: number } | null;
  readonly returnLink: ReturnLink | null;
  /** Where the page goes by itself instead of showing the result. */
  readonly autoRedirect: { readonly url: string; readonly open: 'iframe' | 'parent' | 'blank' } | null;
  /** The id of the request that began the present operation, told to the host page; null before one is begun. */
  readonly requestId: string | null;
  /** What `payment.success` and `payment.fail` carry to the host page; null before the end. */
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly screen: Screen;
}

export type Screen =
  | MethodsScreen
  | NumberScreen
  | WaitingScreen
  | CodeScreen
  | SuccessScreen
  | DeclineScreen
  | { readonly kind: 'expired' }
  /** The page cannot say at present how the payment stands; it goes on asking. */
  | { readonly kind: 'unavailable' };

export interface MethodsScreen {
  readonly kind: 'methods';
  readonly methods: readonly { readonly code: 'mobile'; readonly unavailable: UnavailableReason | null }[];
  readonly preselected: 'mobile' | null;
}

export interface NumberScreen {
  readonly kind: 'number';
  readonly operators: readonly OperatorChoice[];
  /** What the merchant or the payer chose; null: the guess by prefix, and the payer's free choice. */
  readonly chosen: OperatorId | null;
  /** The merchant enforces `chosen`. */
  readonly locked: boolean;
  /** As the payer typed it, or the merchant's prefill; may be empty. */
  readonly number: string;
  readonly faults: readonly NumberFault[];
  readonly prefixes: PrefixTable;
  readonly consent: Consent;
}

export interface OperatorChoice {
  readonly id: OperatorId;
  readonly unavailable: UnavailableReason | null;
}

export type UnavailableReason =
  | { readonly kind: 'outage' | 'off' | 'day_limit' }
  | { readonly kind: 'below_minimum' | 'above_maximum'; readonly limitMinor: number };

export type NumberFault =
  | 'number_missing'
  | 'number_malformed'
  | 'operator_missing'
  | 'operator_unavailable'
  /** A guard against floods of messages; when it ends is not told. */
  | 'too_often'
  /** The platform could not begin the payment; nothing was sent. */
  | 'not_begun';

/** `code`: until the operator has sent one; `result`: the code is being judged or the money moved; `cancel`: a sale is being withdrawn. */
export interface WaitingScreen {
  readonly kind: 'waiting';
  /** When the wait began; a long one is called so. It alone is no reason to show the screen anew. */
  readonly since: number;
  readonly for: 'code' | 'result' | 'cancel';
}

export interface CodeScreen {
  readonly kind: 'code';
  /** Which code is asked for: differs after a resend and in another operation. */
  readonly request: string;
  /** For example `+7 7•• ••• •• 90`. */
  readonly maskedNumber: string;
  readonly operator: OperatorId | null;
  readonly codeExpiresAt: number;
  readonly resendAllowedAt: number;
  readonly resendsLeft: number;
  /** A resend is under way. */
  readonly resending: boolean;
  readonly attemptsLeft: number;
  /** When the payment ends for want of a code. */
  readonly deadlineAt: number;
  readonly notice: CodeNotice | null;
  readonly mayChangeNumber: boolean;
  readonly consent: Consent;
}

export type CodeNotice =
  | 'code_wrong'
  | 'code_expired'
  | 'code_malformed'
  | 'code_resent'
  | 'resend_failed'
  | 'resend_too_early'
  /** The code was lost on our side: the payer types it again. */
  | 'enter_again';

export interface SuccessScreen {
  readonly kind: 'success';
  readonly at: number;
  readonly maskedNumber: string;
  readonly operator: OperatorId | null;
}

export interface DeclineScreen {
  readonly kind: 'decline';
  readonly reason: PayerReason;
  /** Null: this is the end. Not `ready`: the operator still owes an answer, and the payer may try again once it has come. */
  readonly tryAgain: { readonly left: number; readonly until: number; readonly ready: boolean } | null;
}

/** Why it ended, as far as a payer may know; see `payerReason`. */
export type PayerReason =
  | 'not_accepted'
  | 'no_money'
  | 'limit'
  | 'barred'
  | 'another_payment'
  | 'attempts_spent'
  | 'no_code'
  | 'time_over'
  | 'operator_down'
  | 'given_up'
  | 'failed';

/** What is shown instead of a page that cannot be opened. */
export interface ErrorPageModel {
  readonly language: Language;
  readonly status: number;
  /** `developer`: what is wrong, in English, for who wrote the request; `payer`: something calm. */
  readonly audience: 'developer' | 'payer';
  /** `field` is a parameter's name, or empty. */
  readonly faults: readonly { readonly field: string; readonly message: string }[];
  readonly requestId: string;
}
