import type { Clock } from '../../clock.ts';
import type { ProviderLine } from '../call.ts';
import type { CallTimeouts } from '../port.ts';
import { readHttpAnswer, type ReadAnswer } from './refusal.ts';
import type { TokenKeeper } from './token.ts';

export interface LinkCall {
  readonly kind: Exclude<keyof CallTimeouts, 'token'>;
  readonly path: string;
  /** Sent as `x-correlator`, so that both sides' logs meet. */
  readonly correlator: string;
  /** A changing call has a body; without one the call is a GET. */
  readonly body?: string;
  readonly sendBeforeMonotonicMs?: number;
  /** Less than the kind's own time-out, where several calls share it. */
  readonly timeoutMs?: number;
}

/** CAMARA's pattern. Any other is refused with the 400 that, on a validation, would pass for a wrong code. */
const X_CORRELATOR = /^[a-zA-Z0-9\-_:;./<>{}]{1,256}$/;

export interface LinkParts {
  readonly line: ProviderLine;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly basePath: string;
  readonly timeouts: CallTimeouts;
}

export type OperatorLink = (call: LinkCall) => Promise<ReadAnswer>;

/** Calls the provider with a token; waiting for one counts towards the call's time-out. */
export function createOperatorLink({ line, tokens, clock, basePath, timeouts }: LinkParts): OperatorLink {
  async function newToken(timeoutMs: number): Promise<{ readonly token: string; readonly leftMs: number } | null> {
    const startedAtMs = clock.monotonicMs();
    const token = await tokens.renew();
    const leftMs = timeoutMs - (clock.monotonicMs() - startedAtMs);
    return token === null || leftMs <= 0 ? null : { token, leftMs };
  }

  return async (call) => {
    const { kind, path, correlator, body, sendBeforeMonotonicMs } = call;
    const timeoutMs = call.timeoutMs ?? timeouts[kind];
    const atHand = tokens.current();
    const access = atHand === null ? await newToken(timeoutMs) : { token: atHand, leftMs: timeoutMs };
    if (!access) {
      const trouble = tokens.trouble();
      return { kind: 'not_sent', why: 'no token', ...(trouble && { trouble }) };
    }
    const headers = ['authorization', `Bearer ${access.token}`, 'accept', 'application/json'];
    if (X_CORRELATOR.test(correlator)) headers.push('x-correlator', correlator);
    if (body !== undefined) headers.push('content-type', 'application/json');
    const answer = await line.call({
      method: body === undefined ? 'GET' : 'POST',
      path: basePath + path,
      headers,
      timeoutMs: access.leftMs,
      ...(body !== undefined && { body }),
      ...(sendBeforeMonotonicMs !== undefined && { deadlineMonotonicMs: sendBeforeMonotonicMs }),
    });
    if (answer.kind === 'answered' && answer.status === 401) tokens.refused(access.token);
    return readHttpAnswer(answer);
  };
}
