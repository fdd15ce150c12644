/** An amount of money: integer minor units of a currency (100000 KZT is 1000.00 tenge). */
export interface Sum {
  readonly amountMinor: number;
  readonly currency: string;
}

/** The largest amount Gate takes in one request, in minor units. */
export const MAX_AMOUNT_MINOR = 10_000_000_000_000;

/** True for a positive safe integer of minor units within Gate's range. */
export function isAmountMinor(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= MAX_AMOUNT_MINOR;
}
