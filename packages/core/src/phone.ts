/** A Kazakhstan subscriber's number as Gate takes it: country code 7, ten digits more. Whether it exists is the operator's word. */
export function isKazakhNumber(digits: string): boolean {
  return /^7[0-9]{10}$/.test(digits);
}
