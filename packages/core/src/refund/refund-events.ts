import type { DeclineReason } from '../payment/decline-reasons.ts';
import type { FindingSource } from '../payment/sale-events.ts';

/** What the provider says of a refund, found by our correlator, never by its amount alone. */
export interface RefundFinding {
  readonly status: 'in_work' | 'succeeded' | 'denied' | 'not_found' | 'unclear';
  readonly providerRefundId?: string;
  readonly reason?: DeclineReason;
}

export type RefundEvent =
  | {
      readonly type: 'refund_found';
      readonly source: FindingSource;
      readonly finding: RefundFinding;
      readonly attempt: number | null;
      /** The answer is to a call that an earlier one may have made already. */
      readonly isRepeat?: boolean;
    }
  | { readonly type: 'not_sent'; readonly call: 'refund'; readonly attempt: number }
  | { readonly type: 'answer_lost'; readonly call: 'refund'; readonly attempt: number; readonly suspicious: boolean }
  | { readonly type: 'look_up_unanswered' }
  | { readonly type: 'lease_expired' }
  | { readonly type: 'open_for_a_day' }
  | { readonly type: 'retry_due' }
  /** A person's recorded decision on an open incident. */
  | { readonly type: 'settled'; readonly as: 'succeeded' | 'declined' };
