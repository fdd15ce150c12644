/** A Kazakhstan subscriber's number as Gate takes it: country code 7, ten digits more. Whether it exists is the operator's word. */
export function isKazakhNumber(digits: string): boolean {
  return /^7[0-9]{10}$/.test(digits);
}

/** A number for people and logs: country code and the last two digits stay readable. */
export function maskNumber(digits: string): string {
  if (digits.length <= 4) return '*'.repeat(digits.length);
  return `${digits.slice(0, 2)}${'*'.repeat(digits.length - 4)}${digits.slice(-2)}`;
}
