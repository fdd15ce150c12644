import { createHash, createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The header of the strict signature, which binds what the signature in the body leaves open: endpoint, time, repetition. */
export const STRICT_HEADER = 'X-Rocketpay-Signature';
/** How far the time in it may be from the receiver's clock, either way. */
export const STRICT_TOLERANCE_S = 300;

/** What is signed of a request: as it goes over the wire. */
export interface StrictRequest {
  readonly method: string;
  /** With its query, as sent. */
  readonly path: string;
  readonly body: string | Uint8Array;
}

export interface StrictStamp {
  /** Unix time in seconds. */
  readonly t: number;
  /** Never used before with this project: 1 to 128 visible ASCII characters, no comma. */
  readonly nonce: string;
}

/** A well-formed header, which nobody vouches for yet. */
export interface StrictSignature extends StrictStamp {
  /** HMAC-SHA-256, 64 hexadecimal digits in either case. */
  readonly v1: string;
}

const INFO = 'rocketpay-strict-v1';
const headerForm = /^t=(0|[1-9][0-9]{0,11}),n=([!-+\--~]{1,128}),v1=([0-9A-Fa-f]{64})$/;
const nonceForm = /^[!-+\--~]{1,128}$/;

/** The key of the strict signature: HKDF-SHA-256 of the project's secret with an empty salt, 32 bytes. */
export function strictKey(secret: string | KeyObject): KeyObject {
  const base = typeof secret === 'string' ? createSecretKey(Buffer.from(secret, 'utf8')) : secret;
  return createSecretKey(Buffer.from(hkdfSync('sha256', base, Buffer.alloc(0), INFO, 32)));
}

/** The text that is signed: five lines, without a line feed at the end. */
export function strictText({ method, path, body }: StrictRequest, { t, nonce }: StrictStamp): string {
  return [method, path, createHash('sha256').update(body).digest('hex'), String(t), nonce].join('\n');
}

/**
 * The header's value for a request.
 *
 * @throws RangeError when the time is no whole second or the nonce has another form.
 */
export function signStrict(request: StrictRequest, stamp: StrictStamp, key: KeyObject): string {
  if (!Number.isSafeInteger(stamp.t) || stamp.t < 0) throw new RangeError('t is no whole number of seconds');
  if (!nonceForm.test(stamp.nonce))
    throw new RangeError('the nonce is not 1 to 128 visible ASCII characters without a comma');
  return `t=${stamp.t},n=${stamp.nonce},v1=${hmac(request, stamp, key).toString('hex')}`;
}

/** The members of a header's value; null when it has another form. */
export function parseStrictHeader(value: string): StrictSignature | null {
  const [, t, nonce, v1] = headerForm.exec(value) ?? [];
  if (t === undefined || nonce === undefined || v1 === undefined) return null;
  return { t: Number(t), nonce, v1 };
}

/** Whether the signature is that of the request under the key; compared in constant time. The time is not judged here. */
export function verifyStrict(request: StrictRequest, signature: StrictSignature, key: KeyObject): boolean {
  const given = Buffer.from(signature.v1, 'hex');
  return given.length === 32 && timingSafeEqual(hmac(request, signature, key), given);
}

const hmac = (request: StrictRequest, stamp: StrictStamp, key: KeyObject): Buffer =>
  createHmac('sha256', key).update(strictText(request, stamp)).digest();
