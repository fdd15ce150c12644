/**
 * What a payment is found by: ids are unique per project and case-insensitive, so the key is the id in simple case
 * folding. The merchant's own spelling is kept beside it for the wire.
 */
export interface PaymentKey {
  readonly projectId: number;
  readonly paymentKey: string;
}

/** The key as one text, to look things up by. A number holds no line end, so that no two keys give the same. */
export const keyText = ({ projectId, paymentKey: key }: PaymentKey): string => `${projectId}\n${key}`;

/** Where simple case folding (Unicode's CaseFolding.txt, C and S) is not what upper-casing and lower-casing give. */
const exceptions: ReadonlyMap<string, string> = new Map([
  // The dotless ı is a letter of its own, though its upper case is I.
  ['\u0131', '\u0131'],
  ['\u1fd3', '\u0390'],
  ['\u1fe3', '\u03b0'],
  ['\ufb05', '\ufb06'],
]);

/** Cherokee folds to its capitals: the small letters came later. */
const cherokee = /[\u13a0-\u13fd\uab70-\uabbf]/;

/** Folds one code point; a mapping to several code points (`ß` → `SS`) is not a simple one, so the character stays. */
function foldCharacter(character: string): string {
  const exception = exceptions.get(character);
  if (exception !== undefined) return exception;
  const upper = character.toUpperCase();
  const single = [...upper].length === 1 ? upper : character;
  if (cherokee.test(single)) return single;
  const lower = single.toLowerCase();
  return [...lower].length === 1 ? lower : character;
}

/** The key of a merchant's payment id: Unicode simple case folding, character by character, never changing the length in code points. */
export function paymentKey(paymentId: string): string {
  if (/^[\x20-\x7e]*$/.test(paymentId)) return paymentId.toLowerCase();
  return Array.from(paymentId, foldCharacter).join('');
}
