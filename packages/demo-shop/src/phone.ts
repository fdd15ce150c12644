/** The digits of a typed number in Gate's form; a local `8…` becomes `7…`. Undefined when it cannot be a number. */
export function parsePhone(typed: string): string | undefined {
  const digits = typed.replace(/[\s()+.-]/g, '');
  if (!/^\d{4,24}$/.test(digits)) return undefined;
  return digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
}

/** `+7 ••• ••• •• 67`: enough to tell two orders apart, not enough to call. */
export function maskPhone(digits: string): string {
  if (digits.length < 4) return '••••';
  const tail = digits.slice(-2);
  return digits.length === 11 && digits.startsWith('7')
    ? `+7 ••• ••• •• ${tail}`
    : `${'•'.repeat(digits.length - 2)}${tail}`;
}

/** `+7 701 123 45 67`, as the owner of the phone writes it. */
export function formatPhone(digits: string): string {
  const [, code, prefix, first, second, third] = /^(7)(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(digits) ?? [];
  return code === undefined ? `+${digits}` : `+${code} ${prefix} ${first} ${second} ${third}`;
}
