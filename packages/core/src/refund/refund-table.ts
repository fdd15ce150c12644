import type { RefundState } from '../payment/payment.ts';

export type RefundOrder =
  | 'record'
  | 'refund'
  | 'retry'
  | 'look_up'
  | 'look_up_later'
  | 'settle'
  | 'release'
  | 'tell'
  | 'incident';

export type RefundCell =
  | { readonly kind: 'move'; readonly to: RefundState; readonly orders: readonly RefundOrder[] }
  | { readonly kind: 'stay'; readonly orders: readonly RefundOrder[] }
  | { readonly kind: 'ignore' };

const to = (state: RefundState, ...orders: RefundOrder[]): RefundCell => ({ kind: 'move', to: state, orders });
const stay = (...orders: RefundOrder[]): RefundCell => ({ kind: 'stay', orders });
const ignore: RefundCell = { kind: 'ignore' };

type Row = Readonly<Record<RefundState, RefundCell>>;
const row = (sending: RefundCell, succeeded: RefundCell, declined: RefundCell): Row => ({
  sending,
  succeeded,
  declined,
});

/**
 * The life of a refund or a reversal. Its sum is held from the request until the provider's word, or a person's on an open
 * incident: silence never frees it.
 * `settle` turns the held sum into a returned one, `release` frees it.
 */
export const refundTable = {
  refund_in_work: row(stay('record', 'look_up_later'), ignore, ignore),
  refund_done: row(to('succeeded', 'record', 'settle', 'tell'), ignore, stay('incident')),
  refund_denied: row(to('declined', 'record', 'release', 'tell'), stay('incident'), ignore),
  // An earlier call may have given the money back, and this no be the operator's word on the second: ask first.
  refund_repeat_denied: row(stay('look_up'), ignore, ignore),
  reversal_denied: row(stay('record', 'incident', 'look_up_later'), stay('incident'), ignore),
  refund_not_found: row(stay('refund'), ignore, ignore),
  refund_not_sent: row(stay('retry'), ignore, ignore),
  refund_retry_due: row(stay('refund'), ignore, ignore),
  refund_answer_lost: row(stay('look_up'), ignore, ignore),
  refund_answer_suspicious: row(stay('look_up', 'incident'), ignore, ignore),
  refund_lease_expired: row(stay('look_up'), ignore, ignore),
  refund_look_up_unanswered: row(stay('look_up_later'), ignore, ignore),
  refund_odd_notice: row(stay('look_up'), ignore, ignore),
  refund_open_for_a_day: row(stay('incident', 'look_up_later'), ignore, ignore),
  refund_settled_succeeded: row(to('succeeded', 'settle', 'tell'), stay(), ignore),
  refund_settled_declined: row(to('declined', 'release', 'tell'), ignore, stay()),
} as const satisfies Record<string, Row>;

export type RefundRow = keyof typeof refundTable;

/** The cell of an event's variant in a state of a refund. */
export function refundCell(name: RefundRow, state: RefundState): RefundCell {
  return refundTable[name][state];
}
