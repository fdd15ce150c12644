import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  isSignable,
  joined,
  leavesOf,
  linesOf,
  orders,
  plainString,
  sortLines,
  spellingsOf,
  stringToSign,
} from './canonical.ts';
import type { Line } from './canonical.ts';

export { compareNaturally, isSignable, stringToSign } from './canonical.ts';
export type { SignOrder } from './canonical.ts';

export type Secret = string | KeyObject;

const signatureForm = /^[A-Za-z0-9+/]{86}==$/;

/**
 * A secret that no project has, new in each process. Verify the requests of an unknown project with it, so that they
 * take the same work, and give the same answer, as those with a wrong signature.
 */
export const decoySecret: string = randomBytes(32).toString('base64');

/** 64 bytes in standard base64 with padding: 88 characters. */
export const isSignatureForm = (signature: string): boolean => signatureForm.test(signature);

/** HMAC-SHA-512 over the natural order, in base64. */
export const signMessage = (body: object, secret: Secret): string => hmac(stringToSign(body), secret);

/** A copy of the body with its signature as the last member of the root. */
export function withSignature<Body extends object>(body: Body, secret: Secret): Body & { readonly signature: string } {
  const unsigned: Body & { signature?: unknown } = { ...body };
  delete unsigned.signature;
  return Object.assign(unsigned as Body, { signature: signMessage(body, secret) });
}

/** The signed body as one line of JSON. The body may not have a `signature` yet, and has at least one member. */
export function signedText(body: object, secret: Secret): string {
  return `${JSON.stringify(body).slice(0, -1)},"signature":"${signMessage(body, secret)}"}`;
}

/**
 * Whether the signature is that of the body under any of the four orders, with `:` in a key doubled or not, and a
 * fraction as it was sent or in its shortest form. All that depends on the secret is compared in constant time. A body
 * that is not `isSignable` is verified by nothing.
 */
export function verifyMessage(body: unknown, signature: string, secret: Secret): boolean {
  return findSecret(body, signature, [secret]) === 0;
}

/**
 * The first of these secrets under which `verifyMessage` holds, by its place among them; -1 for none. The work of a no
 * depends on the body and on how many they are.
 */
export function findSecret(body: unknown, signature: string, secrets: readonly Secret[]): number {
  if (typeof body !== 'object' || body === null || !isSignatureForm(signature) || !isSignable(body)) return -1;
  const given = Buffer.from(signature, 'latin1');
  const fitting = (text: string): number =>
    secrets.findIndex((secret) => timingSafeEqual(Buffer.from(hmac(text, secret), 'latin1'), given));

  const plain = plainString(body);
  if (plain !== undefined) return fitting(plain);

  const leaves = leavesOf(body, [], []);
  for (const spelling of spellingsOf(leaves)) {
    const lines = linesOf(leaves, spelling);
    const tried: (readonly Line[])[] = [];
    for (const order of orders) {
      const sorted = sortLines(lines, order);
      if (tried.some((other) => other.every((line, at) => line === sorted[at]))) continue;
      tried.push(sorted);
      const found = fitting(joined(sorted));
      if (found >= 0) return found;
    }
  }
  return -1;
}

const hmac = (text: string, secret: Secret): string => createHmac('sha512', secret).update(text).digest('base64');
