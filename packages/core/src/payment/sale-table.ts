import type { SaleState } from './payment.ts';

/** What must follow from a change, carried out only after its commit. */
export type SaleOrder =
  | 'record'
  | 'restart_wait'
  | 'tell'
  | 'prepare'
  | 'validate'
  | 'resend'
  | 'confirm'
  | 'cancel'
  | 'retry'
  | 'look_up'
  | 'look_up_later'
  | 'last_look_up'
  | 'give_back_resend'
  | 'clear_cancel'
  | 'reverse'
  | 'end_tries'
  | 'incident'
  | 'close_incident';

export type SaleCell =
  | { readonly kind: 'move'; readonly to: SaleState; readonly orders: readonly SaleOrder[] }
  | { readonly kind: 'stay'; readonly orders: readonly SaleOrder[] }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'refuse' };

const to = (state: SaleState, ...orders: SaleOrder[]): SaleCell => ({ kind: 'move', to: state, orders });
const stay = (...orders: SaleOrder[]): SaleCell => ({ kind: 'stay', orders });
const ignore: SaleCell = { kind: 'ignore' };
const refuse: SaleCell = { kind: 'refuse' };

type Row = Readonly<Record<SaleState, SaleCell>>;

const row = (
  preparing: SaleCell,
  awaiting_code: SaleCell,
  validating: SaleCell,
  confirming: SaleCell,
  succeeded: SaleCell,
  declined: SaleCell,
): Row => ({ preparing, awaiting_code, validating, confirming, succeeded, declined });

/**
 * The life of a sale operation: what each event does in each state. Amounts, attempts and times have picked the event's
 * variant before the table is asked (see `classify`). "Asked and not answered" is no state: preparing, validating and
 * confirming all mean it.
 */
export const saleTable = {
  // The provider waits for a code.
  code_requested: row(
    to('awaiting_code', 'record', 'restart_wait', 'tell'),
    stay('record'),
    stay('record'),
    ignore,
    ignore,
    stay('record', 'cancel'),
  ),
  code_requested_notice: row(stay('look_up'), ignore, ignore, ignore, ignore, stay('look_up')),
  still_pending: row(
    to('awaiting_code', 'record', 'restart_wait', 'tell'),
    stay('record'),
    to('awaiting_code', 'record', 'tell'),
    stay('look_up_later', 'incident'),
    ignore,
    stay('record', 'cancel'),
  ),
  still_pending_late: row(
    to('declined', 'record', 'cancel', 'tell'),
    to('declined', 'record', 'cancel', 'tell'),
    to('declined', 'record', 'cancel', 'tell'),
    stay('look_up_later', 'incident'),
    ignore,
    stay('record', 'cancel'),
  ),

  // The payer and the merchant.
  code_submitted: row(refuse, to('validating', 'restart_wait', 'validate'), refuse, refuse, refuse, refuse),
  code_rejected: row(ignore, ignore, to('awaiting_code', 'record', 'tell'), ignore, ignore, ignore),
  attempts_spent: row(ignore, ignore, to('declined', 'cancel', 'tell'), ignore, ignore, ignore),
  resend_requested: row(refuse, stay('resend'), refuse, refuse, refuse, refuse),
  code_resent: row(ignore, stay('record', 'restart_wait', 'tell'), stay('record'), ignore, ignore, ignore),
  resend_refused: row(ignore, stay('record', 'give_back_resend', 'tell'), ignore, ignore, ignore, ignore),
  resend_lost: row(ignore, stay('record', 'give_back_resend', 'tell'), ignore, ignore, ignore, ignore),
  given_up: row(refuse, to('declined', 'cancel', 'tell'), refuse, refuse, refuse, refuse),
  payer_left: row(refuse, to('declined', 'cancel', 'tell'), refuse, refuse, refuse, stay('end_tries')),
  tries_over: row(ignore, ignore, ignore, ignore, ignore, stay('end_tries')),
  settled_succeeded: row(
    refuse,
    refuse,
    to('succeeded', 'tell', 'close_incident'),
    to('succeeded', 'tell', 'close_incident'),
    stay('close_incident'),
    stay('close_incident'),
  ),
  settled_declined: row(
    refuse,
    refuse,
    to('declined', 'tell', 'close_incident'),
    to('declined', 'tell', 'close_incident'),
    stay('close_incident'),
    stay('close_incident'),
  ),

  // Our rules.
  refused_by_rules: row(to('declined', 'tell'), ignore, ignore, ignore, ignore, ignore),
  breaker_open: row(to('declined', 'tell'), ignore, ignore, ignore, ignore, ignore),
  rules_broken_by_answer: row(
    to('declined', 'record', 'cancel', 'tell'),
    ignore,
    ignore,
    ignore,
    ignore,
    stay('record', 'cancel'),
  ),

  // The money is set aside.
  reserved: row(
    to('confirming', 'record', 'confirm'),
    stay('look_up'),
    to('confirming', 'record', 'confirm'),
    ignore,
    ignore,
    stay('record', 'cancel'),
  ),
  reserved_notice: row(stay('look_up'), stay('look_up'), to('confirming', 'confirm'), ignore, ignore, stay('look_up')),
  reserved_found: row(
    to('confirming', 'record', 'confirm'),
    to('confirming', 'record', 'confirm'),
    to('confirming', 'record', 'confirm'),
    stay('record', 'confirm'),
    stay('incident'),
    stay('record', 'cancel'),
  ),
  reserved_unasked: row(
    to('confirming', 'record', 'confirm'),
    stay('record', 'cancel', 'incident'),
    to('confirming', 'record', 'confirm'),
    stay('record', 'look_up_later'),
    stay('incident'),
    stay('record', 'cancel'),
  ),
  in_work: row(
    stay('record', 'look_up_later'),
    stay('look_up_later'),
    stay('look_up_later'),
    stay('look_up_later'),
    ignore,
    stay('record', 'look_up_later'),
  ),
  open_for_a_day: row(
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    ignore,
    stay('incident', 'look_up_later'),
  ),

  // The provider's last word.
  charged: row(
    to('succeeded', 'record', 'tell', 'incident'),
    to('succeeded', 'record', 'tell', 'incident'),
    to('succeeded', 'record', 'tell'),
    to('succeeded', 'record', 'tell'),
    ignore,
    stay('record', 'clear_cancel', 'reverse', 'incident'),
  ),
  charged_again: row(
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('reverse', 'incident'),
    stay('reverse', 'incident', 'look_up_later'),
  ),
  charged_other_amount: row(
    stay('record', 'incident', 'look_up_later'),
    stay('record', 'incident', 'look_up_later'),
    stay('record', 'incident', 'look_up_later'),
    stay('record', 'incident', 'look_up_later'),
    stay('incident'),
    stay('record', 'clear_cancel', 'reverse', 'incident'),
  ),
  denied: row(
    to('declined', 'record', 'tell'),
    to('declined', 'record', 'tell'),
    to('declined', 'record', 'tell'),
    to('declined', 'record', 'tell'),
    stay('incident'),
    stay('clear_cancel'),
  ),
  denied_to_cancel: row(
    to('declined', 'cancel', 'tell'),
    to('declined', 'cancel', 'tell'),
    to('declined', 'cancel', 'tell'),
    to('declined', 'cancel', 'tell'),
    stay('incident'),
    stay('cancel'),
  ),
  cancelled: row(
    to('declined', 'record', 'tell'),
    to('declined', 'record', 'tell'),
    to('declined', 'record', 'tell'),
    to('declined', 'record', 'tell'),
    stay('incident'),
    stay('clear_cancel'),
  ),
  not_found: row(
    stay('prepare'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident'),
    stay('clear_cancel'),
  ),
  not_found_late: row(
    to('declined', 'cancel', 'tell'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident', 'look_up_later'),
    stay('incident'),
    stay('clear_cancel'),
  ),
  odd_notice: row(stay('look_up'), stay('look_up'), stay('look_up'), stay('look_up'), stay('look_up'), stay('look_up')),

  // Silence is not an answer.
  not_sent: row(stay('retry'), stay('retry'), stay('retry'), stay('retry'), ignore, stay('retry')),
  not_sent_spent: row(
    to('declined', 'tell'),
    stay('give_back_resend', 'tell'),
    to('awaiting_code', 'tell'),
    ignore,
    ignore,
    ignore,
  ),
  // In awaiting_code a retry is a resend's: a cancel is ordered anew by what the look-up finds.
  cancel_not_sent: row(ignore, stay('look_up_later'), ignore, ignore, ignore, stay('retry')),
  retry_due: row(stay('prepare'), stay('resend'), stay('validate'), stay('confirm'), ignore, stay('cancel')),
  answer_lost: row(stay('look_up'), stay('look_up'), stay('look_up'), stay('look_up'), ignore, stay('look_up')),
  answer_suspicious: row(
    stay('look_up', 'incident'),
    stay('look_up', 'incident'),
    stay('look_up', 'incident'),
    stay('look_up', 'incident'),
    ignore,
    stay('look_up', 'incident'),
  ),
  lease_expired: row(stay('look_up'), stay('look_up'), stay('look_up'), stay('look_up'), ignore, stay('look_up')),
  look_up_unanswered: row(
    stay('look_up_later'),
    stay('look_up_later'),
    stay('look_up_later'),
    stay('look_up_later'),
    stay('look_up_later'),
    stay('look_up_later'),
  ),
  deadline_passed: row(
    stay('last_look_up'),
    to('declined', 'cancel', 'tell'),
    stay('last_look_up'),
    stay('look_up'),
    ignore,
    ignore,
  ),
  deadline_unanswered: row(
    to('declined', 'record', 'cancel', 'tell'),
    to('declined', 'cancel', 'tell'),
    to('declined', 'cancel', 'tell'),
    stay('look_up'),
    ignore,
    ignore,
  ),
} as const satisfies Record<string, Row>;

export type SaleRow = keyof typeof saleTable;

/** The cell of an event's variant in a state. */
export function saleCell(name: SaleRow, state: SaleState): SaleCell {
  return saleTable[name][state];
}

/** What a merchant, the page or the Dashboard may do to a sale in this state, by the table itself. */
export function can(action: 'code_submitted' | 'resend_requested' | 'given_up', state: SaleState): boolean {
  return saleCell(action, state).kind !== 'refuse';
}
