import { createHash, createHmac, type KeyObject } from 'node:crypto';

/** What tells one message from all others; the same at every attempt. */
export interface WebhookIdentity {
  readonly projectId: number;
  readonly paymentKey: string;
  readonly callbackNo: number;
  /** Epoch milliseconds: a platform begun anew numbers its callbacks anew. */
  readonly createdAt: number;
}

/** An id without dots, as Standard Webhooks wants it: 128 bits that follow from the callback's place. */
export function webhookId({ projectId, paymentKey, callbackNo, createdAt }: WebhookIdentity): string {
  const place = JSON.stringify([projectId, paymentKey, callbackNo, createdAt]);
  return `msg_${createHash('sha256').update(place).digest('base64url').slice(0, 22)}`;
}

/**
 * The headers of one attempt by Standard Webhooks 1.0: HMAC-SHA-256 over id, Unix seconds and body, joined by dots. One
 * signature for each key, so that a merchant verifies with either while the secret is rotated; no signature without a key.
 */
export function webhookHeaders(
  id: string,
  body: string,
  atMs: number,
  keys: readonly KeyObject[],
): Readonly<Record<string, string>> {
  const seconds = Math.floor(atMs / 1_000);
  const sign = (key: KeyObject) => createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    ...(keys.length > 0 && { 'webhook-signature': keys.map((key) => `v1,${sign(key)}`).join(' ') }),
  };
}
