/** How a business reason is said on the wire: CAMARA's status and code, and prose. */
export interface Denial {
  readonly status: number;
  readonly code: string;
  /** The machine-readable word; absent where an operator gives none. */
  readonly denialCode?: string;
  readonly reason: string;
}

const paymentDenied = { status: 403, code: 'CARRIER_BILLING.PAYMENT_DENIED' };
const amount = { status: 422, code: 'CARRIER_BILLING.UNAUTHORIZED_AMOUNT' };
const threshold = { status: 422, code: 'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED' };
const notApplicable = { status: 422, code: 'SERVICE_NOT_APPLICABLE' };
const notFound = { status: 404, code: 'IDENTIFIER_NOT_FOUND' };
const exists = { status: 409, code: 'ALREADY_EXISTS' };
const notEligible = {
  status: 403,
  code: 'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND',
};
const refundDenied = { status: 403, code: 'CARRIER_BILLING_REFUND.REFUND_DENIED' };
const refundAmount = { status: 422, code: 'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT' };

const TABLE = {
  insufficient_balance: { ...paymentDenied, reason: 'The balance is too low' },
  amount_too_small: { ...amount, reason: 'The amount is below the least one' },
  amount_too_large: { ...amount, reason: 'The amount is above the greatest one' },
  limit_day: { ...threshold, reason: "The day's sum is used up" },
  limit_month: { ...threshold, reason: "The month's sum is used up" },
  count_day: { ...threshold, reason: "The day's number of payments is used up" },
  unidentified_cap: { ...threshold, reason: 'Too much for an unidentified subscriber' },
  trust_credit_active: { ...paymentDenied, reason: 'A trust credit is not paid back yet' },
  start_balance_unused: { ...paymentDenied, reason: 'The starting balance is not spent yet' },
  tariff_not_allowed: { ...notApplicable, reason: 'The tariff allows no payments' },
  corporate_line: { ...notApplicable, reason: 'The line belongs to a company' },
  service_barred: { ...notApplicable, reason: 'The subscriber has barred payments' },
  not_registered_mfs: { ...notApplicable, reason: 'Not registered for mobile payments' },
  number_blocked: { ...paymentDenied, reason: 'The number is blocked' },
  unknown_number: { ...notFound, reason: 'No such subscriber' },
  wrong_operator: { ...notFound, reason: 'The number was ported to another operator' },
  another_payment_open: { ...exists, reason: 'Another payment of this subscriber is open' },
  duplicate_5min: { ...exists, reason: 'The same payment was made within five minutes' },
  otp_attempts_exceeded: { ...paymentDenied, reason: 'Too many wrong codes' },
  reservation_expired: { ...paymentDenied, reason: 'The reservation has lapsed' },
  cancelled_by_user: { ...paymentDenied, reason: 'The subscriber has refused' },
  operator_unavailable: { ...paymentDenied, reason: 'No payments are taken now' },
  charge_failed: { ...paymentDenied, reason: 'The balance could not be charged' },
  refund_not_allowed: { ...notEligible, reason: 'This payment cannot be given back' },
  refund_window_over: { ...notEligible, reason: 'The time for refunds is over' },
  refund_failed: { ...refundDenied, reason: 'The balance could not be credited' },
  over_refund: { ...refundAmount, reason: 'More than is left of the payment' },
  merchant_balance: { ...refundDenied, reason: "The merchant's balance is too low" },
} as const satisfies Record<string, Omit<Denial, 'denialCode'>>;

export type DenialCode = keyof typeof TABLE;

/** The denial that `denialCode` names. */
export function denial(denialCode: DenialCode): Denial {
  return { ...TABLE[denialCode], denialCode };
}

/** A reason that no table of the protocol lists. */
export const UNLISTED: Denial = {
  ...paymentDenied,
  denialCode: 'mercury_in_retrograde',
  reason: 'A reason nobody has heard of',
};

/** A denial that gives no reason at all. */
export const SILENT: Denial = { ...paymentDenied, reason: 'Denied' };
