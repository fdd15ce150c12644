import type { Sum } from '../money.ts';
import type { OperatorId } from '../operators/operator.ts';
import type { DeclineReason } from './decline-reasons.ts';
import type { SaleCallKind } from './payment.ts';

/** Where a finding comes from: the answer of the pending call, a look-up, or a notice (a hint: no id is taken from it). */
export type FindingSource = 'answer' | 'look_up' | 'notice';

/** What the provider says of a payment, in our words. Members it did not give are absent. */
export interface Finding {
  readonly status:
    | 'pending_code'
    | 'reserved'
    | 'in_work'
    | 'charged'
    | 'denied'
    | 'cancelled'
    | 'not_found'
    | 'unclear';
  readonly providerPaymentId?: string;
  readonly authorizationId?: string;
  readonly codeExpiresAt?: number;
  readonly resendAllowedAt?: number;
  readonly resendsLeft?: number;
  readonly wrongCodes?: number;
  readonly operator?: OperatorId;
  readonly sum?: Sum;
  readonly reason?: DeclineReason;
}

/** New facts about the code after a resend. */
export interface CodeFacts {
  readonly authorizationId?: string;
  readonly codeExpiresAt?: number;
  readonly resendAllowedAt?: number;
  readonly resendsLeft?: number;
}

/**
 * Everything that can happen to a sale operation. Events that answer a call carry its attempt number; those of a look-up
 * carry the attempt that was current when it began, so that an answer overtaken by a newer call changes nothing.
 */
export type SaleEvent =
  | {
      readonly type: 'found';
      readonly source: FindingSource;
      readonly finding: Finding;
      readonly attempt: number | null;
    }
  | {
      readonly type: 'call_denied';
      readonly call: SaleCallKind;
      readonly reason: DeclineReason;
      readonly attempt: number;
    }
  | { readonly type: 'code_rejected'; readonly reason: 'wrong' | 'expired'; readonly attempt: number }
  | { readonly type: 'code_resent'; readonly facts: CodeFacts; readonly attempt: number }
  | {
      readonly type: 'resend_refused';
      readonly attempt: number;
      readonly resendAllowedAt?: number;
      readonly resendsLeft?: number;
    }
  /** `isRepeat` as the order said: an earlier call of the kind may have arrived though this one did not. A confirm without it counts as one. */
  | { readonly type: 'not_sent'; readonly call: SaleCallKind; readonly attempt: number; readonly isRepeat?: boolean }
  | {
      readonly type: 'answer_lost';
      readonly call: SaleCallKind;
      readonly attempt: number;
      readonly suspicious: boolean;
    }
  | { readonly type: 'look_up_unanswered' }
  | { readonly type: 'code_submitted'; readonly requestId: string; readonly repeatsLive: boolean }
  | { readonly type: 'resend_requested' }
  | { readonly type: 'given_up' }
  | { readonly type: 'payer_left' }
  | { readonly type: 'tries_over' }
  | { readonly type: 'settled'; readonly as: 'succeeded' | 'declined' }
  /** `attempt`: the first call that was kept back just before it was sent. */
  | { readonly type: 'breaker_open'; readonly attempt?: number }
  | { readonly type: 'lease_expired' }
  | { readonly type: 'deadline_passed' }
  | { readonly type: 'deadline_unanswered' }
  | { readonly type: 'open_for_a_day' }
  | { readonly type: 'retry_due' };
