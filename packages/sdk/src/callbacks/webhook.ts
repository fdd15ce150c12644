import { createHmac, timingSafeEqual } from 'node:crypto';
import { untrusted } from '../errors.ts';

/** Headers as a framework or a gateway hands them out: those of the web, or an object of names, written in any case. */
export type HeadersLike =
  | { get(name: string): string | null }
  | { readonly [name: string]: string | readonly string[] | undefined };

export interface WebhookRules {
  readonly secrets: readonly Buffer[];
  readonly toleranceSeconds: number;
  readonly now: () => number;
}

export interface ProvenWebhook {
  /** Stable over repeats of a callback. */
  readonly id: string;
  readonly sentAt: Date;
}

const PREFIX = 'whsec_';

/**
 * The key in `whsec_` and base64.
 *
 * @throws TypeError when it is anything else.
 */
export function webhookKey(secret: string): Buffer {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const key = Buffer.from(encoded, 'base64');
  if (key.length < 16 || key.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, ''))
    throw new TypeError('callbackSecret must be whsec_ and at least 16 bytes in base64');
  return key;
}

/**
 * What the headers say of a delivery, once one of their signatures fits one of the secrets. See
 * https://www.standardwebhooks.com.
 *
 * @throws RocketpayError with `outcome: 'untrusted'`.
 */
export function proveWebhook(rules: WebhookRules, body: string | Uint8Array, headers: HeadersLike): ProvenWebhook {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    throw untrusted('headers_missing', 'The callback lacks webhook-id, webhook-timestamp or webhook-signature');
  }
  const given = signatures.split(' ').map((one) => Buffer.from(one));
  const fits = rules.secrets.some((key) => {
    const expected = Buffer.from(signature(key, id, timestamp, body));
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
  if (!fits) throw untrusted('wrong_webhook_signature', 'webhook-signature does not fit the callback');
  const sentAtMs = /^\d{1,11}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  const isFresh = Math.abs(rules.now() - sentAtMs) <= rules.toleranceSeconds * 1_000;
  if (!isFresh) {
    const clock = Math.floor(rules.now() / 1_000);
    throw untrusted('stale', `webhook-timestamp ${timestamp} is too far from this machine's clock, ${clock}`);
  }
  return { id, sentAt: new Date(sentAtMs) };
}

/** `v1,` and base64, over the bytes as they came. */
function signature(key: Buffer, id: string, timestamp: string, body: string | Uint8Array): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

function headerOf(headers: HeadersLike, name: string): string | undefined {
  const value = isWebHeaders(headers) ? (headers.get(name) ?? undefined) : namedIn(headers, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A gateway may write a name in capitals; one that comes twice is proven by neither. */
function namedIn(headers: Record<string, unknown>, name: string): unknown {
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? value : []));
  return values.length === 1 ? values[0] : undefined;
}

function isWebHeaders(headers: HeadersLike): headers is { get(name: string): string | null } {
  return typeof headers['get' as keyof HeadersLike] === 'function';
}
