import type { IncomingHttpHeaders } from 'node:http';

/**
 * No script, style or frame but our own and the platform's, and no connection but to us; the referrer stays, or a form's
 * `Origin` would be `null`.
 */
export const pageHeaders = (platform: string): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    `script-src 'self' ${platform}`,
    `style-src 'self' ${platform}`,
    `frame-src ${platform}`,
    "img-src 'self'",
    "connect-src 'self'",
    // Browsers hold a form's redirect to it as well.
    `form-action 'self' ${platform}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
});

/**
 * Whether a form was sent by our own page. A browser always names its origin on a POST; what names none is no browser
 * and carries nobody's authority.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
