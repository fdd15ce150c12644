/** The hashes of HMAC that people take; SHA-512 is the right one. */
export type Hash = 'SHA-512' | 'SHA-256' | 'SHA-384' | 'SHA-1';

const encoder = new TextEncoder();

/** HMAC by the runtime's own WebCrypto, in a browser as in Node: the secret stays where it was typed. */
export async function hmacOf(hash: Hash, secret: string | Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const bytes = typeof secret === 'string' ? encoder.encode(secret) : secret;
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
}

export const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
export const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const bytesOfBase64 = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));

/** How the 64 bytes may be written; the first is right, the words end the sentence "the signature is …". */
export const encodings: readonly { readonly write: (bytes: Uint8Array) => string; readonly words?: string }[] = [
  { write: base64Of },
  { write: hexOf, words: 'in hex instead of base64' },
  { write: (bytes) => hexOf(bytes).toUpperCase(), words: 'in hex instead of base64' },
  { write: (bytes) => btoa(hexOf(bytes)), words: 'base64 of a hex text instead of the raw bytes' },
  { write: (bytes) => base64Of(bytes).replaceAll('=', ''), words: 'without its padding' },
  { write: base64Url, words: 'in base64url instead of base64' },
  { write: (bytes) => base64Url(bytes).replaceAll('=', ''), words: 'in base64url without padding' },
  { write: (bytes) => encodeURIComponent(base64Of(bytes)), words: 'URL-encoded' },
  { write: (bytes) => base64Of(bytes).replaceAll('/', '\\/'), words: 'JSON-escaped' },
  { write: (bytes) => base64Of(bytes).replaceAll('+', ' '), words: 'with spaces where + was' },
];

function base64Url(bytes: Uint8Array): string {
  return base64Of(bytes).replaceAll('+', '-').replaceAll('/', '_');
}
