import { setTimeout as wait } from 'node:timers/promises';
import { RocketpayError, type ErrorItem } from './errors.ts';
import { isJsonObject, objectsAt, textAt, type JsonObject } from './reading.ts';
import { plainJson } from './signing.ts';

export interface GateOptions {
  readonly baseUrl: URL;
  readonly timeoutMs: number;
  readonly retryDelaysMs: readonly number[];
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal | undefined;
}

export interface GateAnswer {
  readonly httpStatus: number;
  readonly text: string;
  readonly value: unknown;
}

/** `repeatable` calls are those the platform answers the same way when the same body comes again. */
export type Repeat = 'repeatable' | 'once';

const LARGEST_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * Sends one signed body; a repeatable call whose answer is lost is sent again, byte for byte.
 *
 * @throws RocketpayError `refused` for an answer that says no, `unknown` when no answer could be had.
 */
export async function callGate(options: GateOptions, path: string, body: string, repeat: Repeat): Promise<GateAnswer> {
  const delaysMs = repeat === 'repeatable' ? options.retryDelaysMs : [];
  let lost: RocketpayError | undefined;
  for (const delayMs of [0, ...delaysMs]) {
    if (lost !== undefined) await pause(delayMs, options.signal);
    if (lost !== undefined && options.signal?.aborted) break;
    try {
      return await send(options, path, body, repeat);
    } catch (error) {
      if (!(error instanceof RocketpayError)) throw error;
      if (error.outcome === 'refused') throw lost === undefined ? error : doubtful(error, repeat);
      lost = error;
    }
  }
  throw lost ?? new TypeError('unreachable');
}

/** Waits, though never longer than until the signal. */
async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(delayMs, undefined, signal && { signal }).catch(() => undefined);
}

/** An earlier try may have been taken although a later one was refused, for example by a gateway in between. */
function doubtful(refused: RocketpayError, repeat: Repeat): RocketpayError {
  return new RocketpayError(refused.message, {
    outcome: 'unknown',
    retryable: repeat === 'repeatable',
    code: refused.code,
    httpStatus: refused.httpStatus,
    errors: refused.errors,
    cause: refused,
  });
}

async function send(options: GateOptions, path: string, body: string, repeat: Repeat): Promise<GateAnswer> {
  const retryable = repeat === 'repeatable';
  let httpStatus: number;
  let text: string;
  try {
    const response = await options.fetch(new URL(path, options.baseUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      // A redirect would carry the signed body to a host nobody configured.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(options.timeoutMs), ...(options.signal ? [options.signal] : [])]),
    });
    httpStatus = response.status;
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
      {
        outcome: 'unknown',
        retryable,
        httpStatus,
      },
    );
  }
  const value = plainJson(text);
  if (httpStatus !== 200) throw refusal(path, httpStatus, value);
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

function refusal(path: string, httpStatus: number, value: unknown): RocketpayError {
  const body = isJsonObject(value) ? value : {};
  const errors = readErrors(body);
  const code = textAt(body, 'code') ?? errors[0]?.code;
  const message =
    textAt(body, 'message') ??
    errors[0]?.message ??
    (httpStatus < 400 ? `${path} answered with a redirect; check baseUrl` : `The platform refused ${path}`);
  return new RocketpayError(message, { outcome: 'refused', retryable: httpStatus === 429, code, httpStatus, errors });
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
