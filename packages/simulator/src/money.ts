/** The operators of Kazakhstan charge in tenge; one tenge is a hundred tiyn. */
export const CURRENCY = 'KZT';
const MINOR_DIGITS = 2;

/**
 * Tiyn from the source digits of a JSON number of tenge, exactly. Undefined for what is no
 * positive amount or finer than a tiyn. Beyond the safe integers it saturates, so that the
 * ordinary limit refuses it.
 */
export function minorFromDigits(digits: string): number | undefined {
  const parts = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(digits);
  if (parts === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = parts;
  const all = whole + fraction;
  const point = whole.length + Number(exponent) + MINOR_DIGITS;
  const kept = point <= 0 ? '' : all.slice(0, point).padEnd(point, '0');
  const lost = point <= 0 ? all : all.slice(point);
  if (/[1-9]/.test(lost)) return undefined;
  const minor = Number(kept || '0');
  return minor === 0 ? undefined : Math.min(minor, Number.MAX_SAFE_INTEGER);
}

/** Tenge as a JSON number; exact up to 2^53 tiyn, since shortest round-trip digits are printed. */
export function majorFromMinor(minor: number): number {
  return minor / 10 ** MINOR_DIGITS;
}

/** `100000` is `1000,00 KZT`, as a text message spells it. */
export function spell(amountMinor: number): string {
  const digits = String(amountMinor).padStart(MINOR_DIGITS + 1, '0');
  return `${digits.slice(0, -MINOR_DIGITS)},${digits.slice(-MINOR_DIGITS)} ${CURRENCY}`;
}
