const NO_BREAK_SPACE = '\u00a0';

/**
 * Minor units from what a person typed: `1500`, `1 500`, `1500,50`. Undefined when it is no amount above zero.
 * Digits are moved, never multiplied, so that no fraction is ever a float.
 */
export function parseAmountMinor(typed: string): number | undefined {
  const match = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(typed.replace(/\s/g, ''));
  if (match === null) return undefined;
  const amountMinor = Number(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);
  return amountMinor > 0 ? amountMinor : undefined;
}

/** `1 500.00 ₸`, with spaces that do not break. */
export function formatAmount(amountMinor: number, currency: string): string {
  const digits = String(amountMinor).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, NO_BREAK_SPACE);
  return `${whole}.${digits.slice(-2)}${NO_BREAK_SPACE}${currency === 'KZT' ? '₸' : currency}`;
}

/** For an input field: `1500.50`, or `1500` when nothing follows the point. */
export function plainAmount(amountMinor: number): string {
  const digits = String(amountMinor).padStart(3, '0');
  const fraction = digits.slice(-2);
  return fraction === '00' ? digits.slice(0, -2) : `${digits.slice(0, -2)}.${fraction}`;
}
