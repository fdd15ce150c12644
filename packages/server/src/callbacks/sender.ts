import type { AttemptOutcome } from '@rocketpay/core/callback/callback.ts';
import { createAddressRule } from './addresses.ts';
import { Attempt } from './attempt.ts';
import { Connections } from './connections.ts';
import { guardedConnector } from './connector.ts';
import { MAX_PER_ENDPOINT } from './lanes.ts';
import { systemNames } from './names.ts';
import type { Resolve } from './names.ts';
import { hasForeignPort } from './ports.ts';

/** Makes one attempt, with these headers beside the usual ones. Never throws; whoever calls bounds how many run at once. */
export type SendCallback = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
) => Promise<AttemptOutcome>;

export interface SenderSettings {
  /** CIDR networks to which callbacks may go although they are not public. */
  readonly allowedNetworks: readonly string[];
  /** For the whole attempt, from the name's look-up to the answer's end. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs?: number;
  readonly connectionsPerEndpoint?: number;
  readonly connections?: number;
}

export interface Sender {
  readonly send: (url: string, body: string, headers?: Readonly<Record<string, string>>) => Promise<AttemptOutcome>;
  /** Ends all connections. */
  close(): Promise<void>;
}

const usualHeaders = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Rocketpay-Callbacks/1' };
const badUrl: AttemptOutcome = { kind: 'bad_url', status: null, answerStart: null };
/** A connection that the other side had closed already is lost at once, unless this process or machine stands still. */
const STALE_WITHIN_MS = 3_000;

/** Sends callbacks over HTTP/1.1 with kept-alive connections; follows no redirects. Throws when a setting is no network. */
export function createSender(settings: SenderSettings, resolve: Resolve = systemNames()): Sender {
  const { allowedNetworks, timeoutMs, connectTimeoutMs = 3_000 } = settings;
  const { connectionsPerEndpoint: perEndpoint = MAX_PER_ENDPOINT, connections: total = 1_024 } = settings;
  const connect = guardedConnector(createAddressRule(allowedNetworks), resolve, connectTimeoutMs);
  const connections = new Connections(connect, { perEndpoint, total });

  async function exchange(
    request: Parameters<Connections['dispatch']>[0],
    withinMs: number,
  ): Promise<{ outcome: AttemptOutcome; mayBeStale: boolean }> {
    const { promise, resolve: done } = Promise.withResolvers<AttemptOutcome>();
    const attempt = new Attempt(withinMs, done);
    try {
      const { mayBeStale, end } = connections.dispatch(request, attempt);
      const outcome = await promise;
      end();
      return { outcome, mayBeStale };
    } catch (error) {
      attempt.onResponseError(null, error instanceof Error ? error : new Error(String(error)));
      return { outcome: await promise, mayBeStale: false };
    }
  }

  return {
    async send(url, body, headers = {}) {
      const target = URL.parse(url);
      if (!target || !isSendable(target)) return badUrl;
      const { origin, pathname, search } = target;
      const startedAt = performance.now();
      const request = {
        origin,
        path: pathname + search,
        method: 'POST',
        headers: { ...usualHeaders, ...headers },
        body,
      } as const;
      const { outcome, mayBeStale } = await exchange(request, timeoutMs);
      const tookMs = performance.now() - startedAt;
      // The merchant let go of a kept connection just as it was used: ten seconds until the next attempt are long.
      const isStale = mayBeStale && outcome.kind === 'connection_lost' && tookMs < STALE_WITHIN_MS;
      return isStale ? (await exchange(request, timeoutMs - tookMs)).outcome : outcome;
    },
    close: () => connections.close(),
  };
}

function isSendable(url: URL): boolean {
  const { protocol, username, password } = url;
  const isWeb = protocol === 'http:' || protocol === 'https:';
  return isWeb && username === '' && password === '' && !hasForeignPort(url);
}
