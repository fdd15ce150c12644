import { assertFunction, assertObject } from '../arguments.ts';
import { RocketpayError } from '../errors.ts';
import type { CallbackEvent } from './events.ts';
import { MemoryOnceStore, type OnceStore } from './once.ts';
import type { HeadersLike } from './webhook.ts';

/** What a shop does with an event. When it throws, the callback is answered with 500 and comes again. */
export type CallbackHandler<Transaction = undefined> = (
  event: CallbackEvent,
  transaction: Transaction,
) => void | Promise<void>;

export interface HandlingOptions {
  /**
   * Hears of every callback that was not answered with 200. Unless told, what the shop must mend goes to `console.error`,
   * and a message that is not provably the platform's is refused quietly.
   */
  readonly onError?: (error: unknown) => void;
}

export interface StoredHandlingOptions<Transaction> extends HandlingOptions {
  /** Which callbacks were handled; kept in the memory of this process when absent. */
  readonly store: OnceStore<Transaction>;
}

export interface ReceivedCallback {
  /** The body's bytes exactly as they arrived. */
  readonly body: string | Uint8Array | ArrayBuffer;
  readonly headers: HeadersLike;
}

export interface CallbackAnswer {
  readonly status: 200 | 400 | 413 | 500;
  /** For whoever reads the platform's log of callbacks; empty with 200. */
  readonly message: string;
}

/** Takes one callback to its answer, whatever the framework: `read` hands out what arrived. */
export type Receive = (read: () => ReceivedCallback | Promise<ReceivedCallback>) => Promise<CallbackAnswer>;

/** Makes something for a framework out of a shop's handler. */
export interface HandlerMaker<Made> {
  (handler: CallbackHandler, options?: HandlingOptions): Made;
  <Transaction>(handler: CallbackHandler<Transaction>, options: StoredHandlingOptions<Transaction>): Made;
}

type Parse = (received: ReceivedCallback) => CallbackEvent;

/**
 * The makers of every framework come from this one, so that they all answer alike.
 *
 * @throws TypeError, at once and not at the first callback, for a handler or an option that cannot work.
 */
export function makerOf<Made>(parse: Parse, make: (receive: Receive) => Made): HandlerMaker<Made> {
  return <Transaction>(
    handler: CallbackHandler<Transaction>,
    options: HandlingOptions & Partial<StoredHandlingOptions<Transaction>> = {},
  ): Made => {
    assertFunction('The handler of callbacks', handler);
    assertObject('The options of callbacks', options);
    if (options.store !== undefined) assertFunction('store.once', options.store?.once);
    const report = options.onError ?? reportMendable;
    assertFunction('onError', report);
    const run = runnerOf(handler, options.store);
    return make(async (read) => {
      let event: CallbackEvent;
      try {
        event = parse(await read());
      } catch (error) {
        report(error);
        return refusalOf(error);
      }
      try {
        await run(event);
        return { status: 200, message: '' };
      } catch (error) {
        report(error);
        return { status: 500, message: 'The callback was not handled' };
      }
    });
  };
}

/** Without a store there is no transaction, and the type of `HandlerMaker` says so. */
function runnerOf<Transaction>(
  handler: CallbackHandler<Transaction>,
  store: OnceStore<Transaction> | undefined,
): (event: CallbackEvent) => Promise<void> {
  if (store) return (event) => store.once(event.id, async (transaction) => handler(event, transaction));
  const memory = new MemoryOnceStore();
  const plain = handler as CallbackHandler<unknown>;
  return (event) => memory.once(event.id, async () => plain(event, undefined));
}

function refusalOf(error: unknown): CallbackAnswer {
  const reason = error instanceof RocketpayError ? error.reason : undefined;
  if (reason === undefined || reason === 'body_parsed')
    return { status: 500, message: 'The callback could not be read' };
  return { status: reason === 'too_large' ? 413 : 400, message: error instanceof Error ? error.message : '' };
}

function reportMendable(error: unknown): void {
  const isForeign = error instanceof RocketpayError && error.outcome === 'untrusted' && error.reason !== 'body_parsed';
  if (!isForeign) console.error(error);
}
