/** Our digits with the country code, in E.164 with its plus. */
export function phoneNumber(digits: string): string {
  return `+${digits}`;
}
