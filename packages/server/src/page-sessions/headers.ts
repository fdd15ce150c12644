import { randomBytes } from 'node:crypto';
import type { OpenedAs } from '@rocketpay/payment-page/surroundings.ts';
import { TRUSTED_TYPES_POLICY } from '@rocketpay/payment-page/trusted-types.ts';

/** A value of one answer alone: 128 bits. */
export const newNonce = (): string => randomBytes(16).toString('base64');

/** What a browser may do with a page of ours: run our one script, draw our one style, talk to us, and nothing else. */
export function pageHeaders(
  nonce: string,
  opened: OpenedAs,
  framingOrigins: readonly string[],
): Readonly<Record<string, string>> {
  const ancestors = opened === 'tab' || framingOrigins.length === 0 ? "'none'" : framingOrigins.join(' ');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors}`,
    "require-trusted-types-for 'script'",
    `trusted-types ${TRUSTED_TYPES_POLICY}`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy':
      'otp-credentials=(self), camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
    'x-robots-tag': 'noindex',
    ...(ancestors === "'none'" && { 'x-frame-options': 'DENY' }),
  };
}

/** A source for `frame-ancestors`: scheme, host (with a star for all its subdomains), and perhaps a port or a star for all. */
export const isFramingOrigin = (text: string): boolean =>
  /^https?:\/\/(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::(?:\d{1,5}|\*))?$/.test(text);
