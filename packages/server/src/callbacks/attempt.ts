import type { AttemptOutcome, AttemptOutcomeKind } from '@rocketpay/core/callback/callback.ts';
import { errors } from 'undici';
import type { Dispatcher } from 'undici';
import { BlockedAddressError } from './connector.ts';

const KEPT_BYTES = 512;
const READ_BYTES = 64 * 1024;
/** The status has decided: what follows it is for the record only. */
const BODY_MS = 1_000;

class DeadlineError extends Error {}

/** Failures before anything was sent. */
const connectCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function kindOfError(error: Error): AttemptOutcomeKind {
  if (error instanceof BlockedAddressError) return 'blocked_address';
  if (error instanceof DeadlineError) return 'timeout';
  if (error instanceof errors.UndiciError && error.code === 'UND_ERR_INVALID_ARG') return 'bad_url';
  const code = 'code' in error ? String(error.code) : '';
  if (connectCodes.has(code) || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.startsWith('EPROTO'))
    return 'connect_error';
  return 'connection_lost';
}

function kindOfStatus(status: number): AttemptOutcomeKind {
  if (status === 200) return 'delivered';
  return status >= 300 && status < 400 ? 'redirect' : 'refused_status';
}

/** One attempt as undici drives it: keeps the status and the first bytes, and lets go of an answer that goes on and on. */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #resolve: (outcome: AttemptOutcome) => void;
  readonly #endsAt: number;
  #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | null = null;
  #chunks: Buffer[] = [];
  #kept = 0;
  #read = 0;
  #connected = false;
  #ended = false;

  constructor(timeoutMs: number, resolve: (outcome: AttemptOutcome) => void) {
    this.#resolve = resolve;
    this.#endsAt = performance.now() + timeoutMs;
    this.#timer = this.#endIn(timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#connected = true;
    this.#controller = controller;
    if (this.#ended) controller.abort(new DeadlineError('too slow'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return;
    this.#status = status;
    clearTimeout(this.#timer);
    this.#timer = this.#endIn(Math.min(BODY_MS, this.#endsAt - performance.now()));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#kept < KEPT_BYTES) {
      // A copy: the chunk is a view of the whole read buffer.
      const kept = Buffer.from(chunk.subarray(0, KEPT_BYTES - this.#kept));
      this.#chunks.push(kept);
      this.#kept += kept.length;
    }
    this.#read += chunk.length;
    if (this.#read <= READ_BYTES) return;
    this.#end();
    controller.abort(new Error('answer too long'));
  }

  onResponseEnd(): void {
    this.#end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#end(error);
  }

  #endIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#giveUp(new DeadlineError('too slow')), ms);
  }

  #giveUp(error: Error): void {
    this.#end(error);
    this.#controller?.abort(error);
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    if (this.#status !== null) {
      const answerStart = Buffer.concat(this.#chunks).toString('utf8').replaceAll('\0', '').slice(0, KEPT_BYTES);
      return this.#resolve({ kind: kindOfStatus(this.#status), status: this.#status, answerStart });
    }
    const kind = kindOfError(error ?? new Error('no answer'));
    this.#resolve({
      kind: this.#connected || kind !== 'connection_lost' ? kind : 'connect_error',
      status: null,
      answerStart: null,
    });
  }
}
