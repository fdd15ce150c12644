import type { GateCode } from '../errors.ts';

/** An operator's denials, by the words of the operator link's catalogue, and the code the merchant is told. */
const denialCodes = {
  insufficient_balance: '20105',
  amount_too_small: '20101',
  amount_too_large: '20101',
  limit_day: '20101',
  limit_month: '20101',
  count_day: '20101',
  unidentified_cap: '20101',
  trust_credit_active: '20201',
  start_balance_unused: '20201',
  tariff_not_allowed: '20201',
  corporate_line: '20201',
  service_barred: '20201',
  not_registered_mfs: '20201',
  number_blocked: '20201',
  unknown_number: '20102',
  wrong_operator: '20102',
  another_payment_open: '3613',
  duplicate_5min: '3613',
  otp_attempts_exceeded: '20104',
  reservation_expired: '20301',
  cancelled_by_user: '20301',
  operator_unavailable: '20206',
  charge_failed: '20100',
  refund_not_allowed: '3610',
  refund_window_over: '3610',
  refund_failed: '20100',
  over_refund: '3283',
  merchant_balance: '3028',
  unknown_reason: '20100',
  no_reason: '20000',
} as const satisfies Record<string, GateCode>;

/** Why an operation was declined, in our words, and the code the merchant is told: an operator's denial, or our own end. */
export const declineCodes = {
  ...denialCodes,

  cancelled_at_operator: '20301',
  attempts_spent: '20104',
  no_code_in_time: '603',
  threshold: '603',
  best_before: '603',
  first_call_unanswered: '20602',
  operator_unreachable: '20206',
  operator_disabled: '314',
  breaker_open: '314',
  not_a_mobile_number: '20102',
  given_up: '20301',
  settled_by_person: '20000',
} as const satisfies Record<string, GateCode>;

export type DeclineReason = keyof typeof declineCodes;

/** The reason behind an operator's denial code; a code we do not know is its own reason, and so is none at all. */
export function denialReason(denialCode: string | null): DeclineReason {
  if (denialCode === null || denialCode === '') return 'no_reason';
  return Object.hasOwn(denialCodes, denialCode) ? (denialCode as keyof typeof denialCodes) : 'unknown_reason';
}
