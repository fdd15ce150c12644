import { Pool, type Dispatcher } from 'undici';
import type { Trouble } from './port.ts';

/** A provider's longest answer; ours are a few KB. */
const MAX_ANSWER_BYTES = 256 * 1024;

export interface LineOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly monotonicMs: () => number;
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
  /** Reads an answer's text, and throws where it cannot; JSON unless told. */
  readonly parse?: (text: string) => unknown;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body?: string;
  /** For the whole call: waiting for a connection, connecting, sending, and the last byte of the answer. */
  readonly timeoutMs: number;
  /** Past this monotonic moment nothing may be written to the socket any more. */
  readonly deadlineMonotonicMs?: number;
}

/**
 * What became of an HTTP call. `body` is the parsed text, null where there is none; an error's unreadable body is null too,
 * since its status says enough. `why` never quotes what went over the wire.
 */
export type HttpAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'not_sent'; readonly why: string; readonly trouble?: Trouble }
  | { readonly kind: 'in_doubt'; readonly why: string; readonly trouble?: Trouble };

/** Keep-alive connections to one provider. `call` never rejects and never outlasts its time-out. */
export interface ProviderLine {
  call(call: HttpCall): Promise<HttpAnswer>;
  /** Waits for the calls under way; later ones are not sent. */
  close(): Promise<void>;
}

/** Opens a bounded pool of connections to a provider's origin. */
export function openProviderLine(options: LineOptions): ProviderLine {
  const { origin, monotonicMs, connections = 128, connectTimeoutMs = 3_000, parse = JSON.parse } = options;
  const pool = new Pool(origin, {
    connections,
    connectTimeout: connectTimeoutMs,
    pipelining: 1,
    // One call a connection: what a failure means is only known for the call that was alone on its socket.
    allowH2: false,
    maxResponseSize: MAX_ANSWER_BYTES,
    // One timer a call covers the queue, the connection and a dripping body; undici's own see neither of the three.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    call: (call) =>
      new Promise((resolve) => {
        const { method, path, body, headers } = call;
        const exchange = new Exchange(call, monotonicMs, parse, resolve);
        pool.dispatch({ method, path, headers: headers as string[], ...(body !== undefined && { body }) }, exchange);
      }),
    close: () => pool.close(),
  };
}

/** Thrown to keep an unwanted call off its socket: unlike an abort it leaves the connection to others. */
const unwanted = new Error('unwanted');

/** One call's life. undici tells of the start just before it writes: until then the call is surely not sent. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #monotonicMs: () => number;
  readonly #parse: (text: string) => unknown;
  readonly #deadlineMonotonicMs: number;
  readonly #timer: NodeJS.Timeout;
  #resolve: ((answer: HttpAnswer) => void) | null;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  readonly #chunks: Buffer[] = [];

  constructor(
    call: HttpCall,
    monotonicMs: () => number,
    parse: (text: string) => unknown,
    resolve: (answer: HttpAnswer) => void,
  ) {
    this.#monotonicMs = monotonicMs;
    this.#parse = parse;
    this.#deadlineMonotonicMs = call.deadlineMonotonicMs ?? Infinity;
    this.#resolve = resolve;
    this.#timer = setTimeout(() => this.#timedOut(), call.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#monotonicMs() > this.#deadlineMonotonicMs) this.#settle({ kind: 'not_sent', why: 'too late to send' });
    if (this.#resolve === null) throw unwanted;
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first, ...more] = this.#chunks;
    const text = first ? (more.length === 0 ? first : Buffer.concat(this.#chunks)).toString() : '';
    this.#settle(readAnswer(this.#status, text, this.#parse));
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
    this.#settle(
      this.#controller === null
        ? { kind: 'not_sent', why: `no connection (${code})`, trouble: 'no_connection' }
        : { kind: 'in_doubt', why: `connection lost (${code})`, trouble: 'no_answer' },
    );
  }

  #timedOut(): void {
    const controller = this.#controller;
    this.#settle(
      controller === null
        ? { kind: 'not_sent', why: 'no connection in time', trouble: 'no_connection' }
        : { kind: 'in_doubt', why: 'no whole answer in time', trouble: 'no_answer' },
    );
    controller?.abort(unwanted);
  }

  #settle(answer: HttpAnswer): void {
    clearTimeout(this.#timer);
    this.#resolve?.(answer);
    this.#resolve = null;
  }
}

function readAnswer(status: number, text: string, parse: (text: string) => unknown): HttpAnswer {
  if (text === '') return { kind: 'answered', status, body: null };
  try {
    return { kind: 'answered', status, body: parse(text) };
  } catch {
    if (status < 300) return { kind: 'in_doubt', why: `answer ${status} cannot be read` };
    return { kind: 'answered', status, body: null };
  }
}
