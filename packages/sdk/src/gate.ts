import { setTimeout as wait } from 'node:timers/promises';
import { STRICT_HEADER } from '@rocketpay/contract/strict-signature.ts';
import { isRetryable, RocketpayError, type ErrorItem } from './errors.ts';
import { isJsonObject, objectsAt, textAt, type JsonObject } from './reading.ts';
import { plainJson } from './signing.ts';
import type { StrictCall } from './strict.ts';

export interface GateOptions {
  readonly baseUrl: URL;
  readonly timeoutMs: number;
  readonly retryDelaysMs: readonly number[];
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
}

/**
 * What makes a repeat of a call harmless: it only reads, it bears an id of the merchant's, or nothing but its nonce. The
 * last can be repeated within a call, and never by another call with the same contents.
 */
export type RepeatedBy = 'reading' | 'id' | 'nonce';

/** One signed request; every try of it sends the same bytes. */
export interface GateCall {
  /** Below the base address, without a leading slash. */
  readonly path: string;
  readonly body: string;
  readonly repeatedBy: RepeatedBy;
  readonly strict: StrictCall;
}

export interface GateAnswer {
  readonly httpStatus: number;
  readonly text: string;
  readonly value: unknown;
}

const LARGEST_ANSWER_BYTES = 8 * 1024 * 1024;
/** A platform that asks for a longer wait gets no repeat from here: the caller is told how long. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Sends one call, and again, byte for byte, when its answer was lost or the platform says that it took nothing because it
 * is asked too often (429).
 *
 * @throws RocketpayError `refused` for an answer that says no, `unknown` when no answer could be had.
 */
export async function callGate(options: GateOptions, call: GateCall): Promise<GateAnswer> {
  let wasLost = false;
  for (let tries = 0; ; tries++) {
    try {
      return await send(options, call);
    } catch (error) {
      if (!(error instanceof RocketpayError)) throw error;
      const nothingTaken = error.httpStatus === 429;
      const final = wasLost && error.outcome === 'refused' ? doubtful(error, mayAnother(call)) : error;
      if (error.outcome === 'refused' && !nothingTaken) throw final;
      wasLost ||= error.outcome === 'unknown';

      const delayMs = options.retryDelaysMs[tries];
      const waitMs = Math.max(delayMs ?? 0, error.retryAfterMs ?? 0);
      if (delayMs === undefined || waitMs > LONGEST_WAIT_MS) throw final;
      await pause(waitMs, options.signal);
      if (options.signal?.aborted || (call.repeatedBy === 'nonce' && !call.strict.isSame())) throw final;
    }
  }
}

/** Waits, though never longer than until the signal. */
async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(delayMs, undefined, signal && { signal }).catch(() => undefined);
}

/** Whether the caller may send the same call anew. */
const mayAnother = ({ repeatedBy }: GateCall): boolean => repeatedBy !== 'nonce';

/** An earlier try may have been taken although a later one was refused, for example by a gateway in between. */
function doubtful(refused: RocketpayError, retryable: boolean): RocketpayError {
  return new RocketpayError(refused.message, {
    outcome: 'unknown',
    retryable,
    code: refused.code,
    httpStatus: refused.httpStatus,
    errors: refused.errors,
    retryAfterMs: refused.retryAfterMs,
    cause: refused,
  });
}

async function send(options: GateOptions, call: GateCall): Promise<GateAnswer> {
  const { path, body, strict } = call;
  const retryable = mayAnother(call);
  let httpStatus: number;
  let text: string;
  let retryAfterMs: number | undefined;
  try {
    const response = await options.fetch(new URL(path, options.baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', [STRICT_HEADER]: strict.sign() },
      body,
      // A redirect would carry the signed body to a host nobody configured.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(options.timeoutMs), ...(options.signal ? [options.signal] : [])]),
    });
    httpStatus = response.status;
    retryAfterMs = readRetryAfter(response.headers.get('retry-after'), options.now());
    text = await readLimited(response);
  } catch (cause) {
    const why = options.signal?.aborted ? 'the call was given up' : whyLost(cause, options.timeoutMs);
    throw new RocketpayError(`The platform's answer to ${path} was lost: ${why}`, {
      outcome: 'unknown',
      retryable,
      cause,
    });
  }
  if (httpStatus >= 500) {
    throw new RocketpayError(
      `The platform failed with HTTP ${httpStatus} on ${path}; what became of the request is unknown`,
      { outcome: 'unknown', retryable, httpStatus, retryAfterMs },
    );
  }
  const value = plainJson(text);
  if (httpStatus !== 200) throw refusal(path, httpStatus, value, retryAfterMs);
  if (value === undefined) {
    throw new RocketpayError(`The platform's answer to ${path} is not JSON`, {
      outcome: 'unknown',
      retryable,
      httpStatus,
    });
  }
  return { httpStatus, text, value };
}

function whyLost(cause: unknown, timeoutMs: number): string {
  return cause instanceof DOMException && cause.name === 'TimeoutError'
    ? `no answer within ${timeoutMs} ms`
    : 'the connection failed';
}

/** Whole seconds, or a date of HTTP. */
function readRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  const waitMs = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_ANSWER_BYTES) throw new RangeError('The answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(path: string, httpStatus: number, value: unknown, retryAfterMs: number | undefined): RocketpayError {
  const body = isJsonObject(value) ? value : {};
  const errors = readErrors(body);
  const code = textAt(body, 'code') ?? errors[0]?.code;
  const said = textAt(body, 'message');
  const fault = errors[0]?.message;
  // The platform's word for a whole class of faults, and what is wrong here.
  const told = said !== undefined && fault !== undefined && fault !== said ? `${said}: ${fault}` : (said ?? fault);
  const message =
    told ?? (httpStatus < 400 ? `${path} answered with a redirect; check baseUrl` : `The platform refused ${path}`);
  const retryable = httpStatus === 429 || isRetryable(code);
  return new RocketpayError(message, { outcome: 'refused', retryable, code, httpStatus, errors, retryAfterMs });
}

/** The members of `errors[]`; older answers of the family call the text `description`. */
export function readErrors(body: JsonObject): ErrorItem[] {
  return objectsAt(body, 'errors').map((item) => {
    const field = textAt(item, 'field');
    const constraint = textAt(item, 'constraint');
    return {
      code: textAt(item, 'code') ?? '',
      message: textAt(item, 'message') ?? textAt(item, 'description') ?? '',
      ...(field !== undefined && { field }),
      ...(constraint !== undefined && { constraint }),
    };
  });
}
