import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { PayerReason } from './model.ts';

const reasons = {
  insufficient_balance: 'no_money',
  amount_too_small: 'limit',
  amount_too_large: 'limit',
  limit_day: 'limit',
  limit_month: 'limit',
  count_day: 'limit',
  unidentified_cap: 'limit',
  trust_credit_active: 'barred',
  start_balance_unused: 'barred',
  tariff_not_allowed: 'barred',
  corporate_line: 'barred',
  service_barred: 'barred',
  not_registered_mfs: 'barred',
  number_blocked: 'barred',
  unknown_number: 'not_accepted',
  wrong_operator: 'not_accepted',
  not_a_mobile_number: 'not_accepted',
  another_payment_open: 'another_payment',
  duplicate_5min: 'another_payment',
  otp_attempts_exceeded: 'attempts_spent',
  attempts_spent: 'attempts_spent',
  reservation_expired: 'time_over',
  cancelled_by_user: 'given_up',
  cancelled_at_operator: 'given_up',
  given_up: 'given_up',
  no_code_in_time: 'no_code',
  threshold: 'time_over',
  best_before: 'time_over',
  operator_unavailable: 'operator_down',
  operator_unreachable: 'operator_down',
  operator_disabled: 'operator_down',
  breaker_open: 'operator_down',
  first_call_unanswered: 'operator_down',
  charge_failed: 'failed',
  refund_not_allowed: 'failed',
  refund_window_over: 'failed',
  refund_failed: 'failed',
  over_refund: 'failed',
  merchant_balance: 'failed',
  settled_by_person: 'failed',
  unknown_reason: 'not_accepted',
  no_reason: 'not_accepted',
} as const satisfies Record<DeclineReason, PayerReason>;

/** Words that would tell a stranger something about the number he typed: that it exists, has no money, is barred. */
const personal: readonly PayerReason[] = ['no_money', 'limit', 'barred', 'another_payment'];

/**
 * What a payer is told of a decline.
 *
 * @param isProven whether a code was accepted: only then is the reader known to hold the number, and may know about it
 */
export function payerReason(reason: DeclineReason, isProven: boolean): PayerReason {
  const told = reasons[reason];
  return !isProven && personal.includes(told) ? 'not_accepted' : told;
}
