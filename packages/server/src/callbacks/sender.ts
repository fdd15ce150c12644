import type { AttemptOutcome } from '@rocketpay/core/callback/callback.ts';
import { Agent } from 'undici';
import { createAddressRule } from './addresses.ts';
import { Attempt } from './attempt.ts';
import { guardedConnector } from './connector.ts';
import { MAX_PER_ENDPOINT } from './lanes.ts';
import { systemNames } from './names.ts';
import type { Resolve } from './names.ts';

/** Makes one attempt. Never throws; whoever calls bounds how many run at once. */
export type SendCallback = (url: string, body: string) => Promise<AttemptOutcome>;

export interface SenderSettings {
  /** CIDR networks to which callbacks may go although they are not public. */
  readonly allowedNetworks: readonly string[];
  /** For the whole attempt, from the name's look-up to the answer's end. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs?: number;
  readonly connectionsPerEndpoint?: number;
}

export interface Sender {
  readonly send: SendCallback;
  /** Ends all connections. */
  close(): Promise<void>;
}

const headers = ['content-type', 'application/json; charset=utf-8', 'user-agent', 'Rocketpay-Callbacks/1'];
const badUrl: AttemptOutcome = { kind: 'bad_url', status: null, answerStart: null };

/** Sends callbacks over HTTP/1.1 with kept-alive connections; follows no redirects. Throws when a setting is no network. */
export function createSender(settings: SenderSettings, resolve: Resolve = systemNames()): Sender {
  const { allowedNetworks, timeoutMs, connectTimeoutMs = 3_000, connectionsPerEndpoint = MAX_PER_ENDPOINT } = settings;
  const agent = new Agent({
    connect: guardedConnector(createAddressRule(allowedNetworks), resolve, connectTimeoutMs),
    connections: connectionsPerEndpoint,
    pipelining: 1,
    // An attempt has one deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  function send(url: string, body: string): Promise<AttemptOutcome> {
    const target = URL.parse(url);
    if (!target || !isSendable(target)) return Promise.resolve(badUrl);
    const { origin, pathname, search } = target;
    return new Promise((done) => {
      const attempt = new Attempt(timeoutMs, done);
      try {
        agent.dispatch({ origin, path: pathname + search, method: 'POST', headers, body }, attempt);
      } catch (error) {
        attempt.onResponseError(null, error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  return { send, close: () => agent.destroy() };
}

function isSendable({ protocol, username, password }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}
