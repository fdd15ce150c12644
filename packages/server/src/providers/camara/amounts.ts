import { currencies, isCurrency } from '@rocketpay/core/currency.ts';
import { isAmountMinor, type Sum } from '@rocketpay/core/money.ts';

/** CAMARA's amounts are multiples of 0.001. */
const MAX_DECIMALS = 3;

/**
 * A sum as CAMARA's number of major units; null where it is no amount of ours or needs more than three decimals. The digits
 * are shifted, not divided, and a number of at most 15 digits prints again as it was read, so JSON carries it exactly.
 */
export function majorAmount({ amountMinor, currency }: Sum): number | null {
  const exponent = currencies[currency]?.exponent;
  if (exponent === undefined || !isAmountMinor(amountMinor)) return null;
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  const fraction = digits.slice(point).replace(/0+$/, '');
  return fraction.length > MAX_DECIMALS ? null : Number(`${digits.slice(0, point)}.${fraction}`);
}

/** The sum behind CAMARA's number and currency; null where it does not divide into minor units or is out of our range. */
export function sumOf(amount: unknown, currency: unknown): Sum | null {
  if (typeof amount !== 'number' || typeof currency !== 'string' || !isCurrency(currency)) return null;
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(String(amount));
  const exponent = currencies[currency]?.exponent;
  if (!parts || exponent === undefined) return null;
  const [, whole = '', fraction = ''] = parts;
  if (fraction.length > exponent) return null;
  const amountMinor = Number(whole + fraction.padEnd(exponent, '0'));
  return isAmountMinor(amountMinor) ? { amountMinor, currency } : null;
}
