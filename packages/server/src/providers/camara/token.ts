import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { HttpAnswer, ProviderLine } from '../call.ts';
import type { Trouble } from '../port.ts';
import { membersOf } from './members.ts';

export interface TokenOptions {
  readonly line: Pick<ProviderLine, 'call'>;
  readonly path: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs: number;
}

/** An access token by OAuth2 client credentials (RFC 6749, 4.4), shared by all calls to a provider. */
export interface TokenKeeper {
  /** The token at hand, null when there is none; one that is soon over is renewed meanwhile. */
  current(): string | null;
  /** A new token, one request for all who wait; null when none can be got. Bounded by the token's time-out. */
  renew(): Promise<string | null>;
  /** Why there is no token: the token service is ill; undefined where it answered, or was not asked yet. */
  trouble(): Trouble | undefined;
  /** Forgets a token the provider refused and asks for the next one; a token already replaced changes nothing. */
  refused(token: string): void;
}

/** RFC 6749 lets `expires_in` be left out. */
const UNSTATED_LIFE_S = 300;
const LONGEST_LIFE_S = 86_400;
const RENEW_AHEAD_MS = 60_000;
/** A dead token endpoint is not asked by every waiting call in turn. */
const PAUSE_AFTER_FAILURE_MS = 500;

interface HeldToken {
  readonly text: string;
  readonly renewAtMs: number;
  readonly endsAtMs: number;
}

export function createTokenKeeper(options: TokenOptions): TokenKeeper {
  const { line, path, clientId, clientSecret, clock, log, timeoutMs } = options;
  const credentials = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
  const headers = [
    ['authorization', `Basic ${credentials}`],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['accept', 'application/json'],
  ].flat();
  let held: HeldToken | null = null;
  let renewing: Promise<string | null> | null = null;
  let pausedUntilMs = -Infinity;
  let trouble: Trouble | undefined;

  async function request(): Promise<string | null> {
    const body = 'grant_type=client_credentials';
    const askedAtMs = clock.monotonicMs();
    const answer = await line.call({ method: 'POST', path, headers, body, timeoutMs });
    trouble = troubleOf(answer);
    const issued = answer.kind === 'answered' && answer.status === 200 ? readToken(answer.body) : null;
    if (issued === null) {
      const why = answer.kind === 'answered' ? `answer ${answer.status}` : answer.why;
      log.warn({ why }, 'no token from the provider');
      pausedUntilMs = clock.monotonicMs() + PAUSE_AFTER_FAILURE_MS;
      return null;
    }
    const renewAtMs = askedAtMs + issued.lifeMs - Math.min(RENEW_AHEAD_MS, issued.lifeMs / 5);
    held = { text: issued.text, renewAtMs, endsAtMs: askedAtMs + issued.lifeMs };
    return held.text;
  }

  function renew(): Promise<string | null> {
    if (renewing) return renewing;
    if (clock.monotonicMs() < pausedUntilMs) return Promise.resolve(null);
    renewing = request().finally(() => {
      renewing = null;
    });
    return renewing;
  }

  return {
    current() {
      if (!held) return null;
      const nowMs = clock.monotonicMs();
      if (nowMs >= held.endsAtMs) return null;
      if (nowMs >= held.renewAtMs) void renew();
      return held.text;
    },
    renew,
    trouble: () => trouble,
    refused(token) {
      if (held?.text !== token) return;
      held = null;
      void renew();
    },
  };
}

function troubleOf(answer: HttpAnswer): Trouble | undefined {
  if (answer.kind !== 'answered') return answer.trouble;
  return answer.status >= 500 ? 'server_error' : undefined;
}

function readToken(body: unknown): { readonly text: string; readonly lifeMs: number } | null {
  const { access_token: text, token_type: type, expires_in: stated } = membersOf(body);
  if (typeof text !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(text)) return null;
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') return null;
  const lifeS = typeof stated === 'number' && stated > 0 ? Math.min(stated, LONGEST_LIFE_S) : UNSTATED_LIFE_S;
  return { text, lifeMs: lifeS * 1_000 };
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they are joined. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
