import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';

const LIFE_SECONDS = 3600;
const REMEMBERED = 1000;

function equal(left: string, right: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** OAuth2 client credentials: a token is its own end time, signed, so it outlives a restart. */
export class Tokens {
  readonly #key: Buffer;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #known = new Map<string, number>();

  constructor(key: Buffer, settings: Settings, clock: Clock) {
    this.#key = key;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The token's answer, or undefined for a client that is not ours. `basic` is the header. */
  issue(basic: string | undefined): object | undefined {
    const encoded = /^Basic ([\w+/=-]+)$/i.exec(basic ?? '')?.[1];
    const pair = Buffer.from(encoded ?? '', 'base64').toString();
    const colon = pair.indexOf(':');
    const id = equal(formDecoded(pair.slice(0, Math.max(colon, 0))), this.#settings.clientId);
    const secret = equal(formDecoded(pair.slice(colon + 1)), this.#settings.clientSecret);
    if (!id || !secret) return undefined;
    const expiresAt = this.#clock.now() + LIFE_SECONDS * 1000;
    return {
      access_token: `${expiresAt}.${this.#seal(expiresAt)}`,
      token_type: 'bearer',
      expires_in: LIFE_SECONDS,
      scope:
        'carrier-billing:payments:create carrier-billing:payments:read carrier-billing:payments:write ' +
        'carrier-billing-refund:refunds:create carrier-billing-refund:refunds:read',
    };
  }

  /** Whether an Authorization header carries a token of ours that still lives. */
  accepts(authorization: string | undefined): boolean {
    const token = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return false;
    const expiresAt = this.#known.get(token) ?? this.#verify(token);
    return expiresAt !== undefined && this.#clock.now() < expiresAt;
  }

  #verify(token: string): number | undefined {
    const [end = '', seal = ''] = token.split('.');
    if (!/^\d{1,16}$/.test(end) || !equal(seal, this.#seal(Number(end)))) return undefined;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(token, Number(end));
    return Number(end);
  }

  #seal(expiresAt: number): string {
    const { clientId, clientSecret } = this.#settings;
    const text = JSON.stringify([expiresAt, clientId, clientSecret]);
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}

/** RFC 6749 2.3.1: id and secret are form-encoded before they are joined. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
