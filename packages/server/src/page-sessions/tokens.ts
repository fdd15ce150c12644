import { createHash, createHmac } from 'node:crypto';
import type { PaymentKey } from '@rocketpay/core/payment-key.ts';

export interface PageTokens {
  /** The token of a link's session: the same link has the same, and nobody without the link can make it. */
  tokenOf(key: PaymentKey, digest: string): string;
  /** What is stored of a value that must be found again and must not be read. */
  hidden(kind: 'number' | 'address', value: string): string;
}

/** `key` is 32 bytes, derived from the master key for this purpose alone. */
export function createPageTokens(key: Buffer): PageTokens {
  const mac = (...parts: readonly (string | number)[]): Buffer =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest();
  return {
    tokenOf: ({ projectId, paymentKey }, digest) => mac('token', projectId, paymentKey, digest).toString('base64url'),
    hidden: (kind, value) => mac(kind, value).toString('base64url'),
  };
}

/** 256 bits in base64url. */
export const tokenForm = /^[A-Za-z0-9_-]{43}$/;

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The digest of a link's text. The first line keeps it apart from those of Gate's requests. */
export const digestOfLink = (text: string): string =>
  createHash('sha256').update('payment page\n').update(text).digest('hex');
