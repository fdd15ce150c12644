/**
 * What a payment is found by: ids are unique per project and case-insensitive, so the key is the id in simple case
 * folding. The merchant's own spelling is kept beside it for the wire.
 */
export interface PaymentKey {
  readonly projectId: number;
  readonly paymentKey: string;
}

/** Folds one code point; a mapping to several code points (`ß` → `SS`) is not a simple one, so the character stays. */
function foldCharacter(character: string): string {
  const upper = character.toUpperCase();
  const single = [...upper].length === 1 ? upper : character;
  const lower = single.toLowerCase();
  return [...lower].length === 1 ? lower : character;
}

/** The key of a merchant's payment id: Unicode simple case folding, character by character, never changing the length in code points. */
export function paymentKey(paymentId: string): string {
  if (/^[\x20-\x7e]*$/.test(paymentId)) return paymentId.toLowerCase();
  return Array.from(paymentId, foldCharacter).join('');
}
