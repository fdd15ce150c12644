/**
 * The eleven digits of a number as a payer types or pastes it: `8 707 …`, `+7 707 …`, `707 …`, with spaces, dashes or
 * brackets. Any ten digits may follow the 7: whether such a subscriber exists is the operator's word.
 *
 * @returns null when it is no complete number
 */
export function readNumber(typed: string): string | null {
  const digits = typed.replaceAll(/\D/g, '');
  if (digits.length === 10) return `7${digits}`;
  return digits.length === 11 && (digits.startsWith('7') || digits.startsWith('8')) ? `7${digits.slice(1)}` : null;
}

/** What stands after `+7` while a number is typed: at most ten digits. */
export function nationalDigits(typed: string): string {
  const text = typed.trim();
  const digits = text.replaceAll(/\D/g, '');
  const hasTrunk = /^\+\s*7/.test(text) || digits.startsWith('8') || (digits.length > 10 && digits.startsWith('7'));
  return (hasTrunk ? digits.slice(1) : digits).slice(0, 10);
}

/** Groups national digits as numbers are written: `707 123 45 67`. */
export function groupDigits(national: string): string {
  return [national.slice(0, 3), national.slice(3, 6), national.slice(6, 8), national.slice(8)].join(' ').trim();
}

/** True where the numbering plan has mobile subscribers; others may be tried all the same. */
export function isUsualMobile(national: string): boolean {
  return /^7(?:0[0-25-8]|47|6[0-4]|7[15-8])/.test(national);
}
