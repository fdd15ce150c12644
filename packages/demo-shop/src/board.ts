import type { ServerResponse } from 'node:http';
import type { Order } from './orders.ts';
import { cardId, orderCard } from './page/order-card.ts';
import type { Html } from './page/html.ts';
import { logEntry, logEntryId } from './page/log-entry.ts';
import type { Store, StoredCallback } from './store.ts';

const SHOWN = 50;
const CALLBACKS_SHOWN = 30;
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;

export interface Card {
  readonly id: string;
  readonly html: string;
}

/** The orders and callbacks as they are shown, and the pages that watch them. */
export class Board {
  readonly #store: Store;
  readonly #simulatorUrl: string;
  readonly #watchers = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(store: Store, simulatorUrl: string) {
    this.#store = store;
    this.#simulatorUrl = simulatorUrl;
    this.#heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  cards(): Html[] {
    return this.#store.orders(SHOWN).map((order) => this.#draw(order));
  }

  /** The newest callbacks, the last one last. */
  entries(): Html[] {
    return this.#store.newestCallbacks(CALLBACKS_SHOWN).map(logEntry);
  }

  card(order: Order): Card {
    return { id: cardId(order.paymentId), html: this.#draw(order).source };
  }

  /** All that is shown, newest first, with the time it is now here: countdowns must not trust the reader's clock. */
  snapshot(): { readonly now: string; readonly cards: readonly Card[]; readonly entries: readonly Card[] } {
    return {
      now: new Date().toISOString(),
      cards: this.#store.orders(SHOWN).map((order) => this.card(order)),
      entries: this.#store.newestCallbacks(CALLBACKS_SHOWN).map(entryCard),
    };
  }

  /** Streams every change to one page until it goes away. */
  watch(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: ${RECONNECT_MS}\n${eventText('all', this.snapshot())}`);
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
  }

  show(order: Order): void {
    if (this.#watchers.size > 0) this.#write(eventText('card', this.card(order)));
  }

  tell(callback: StoredCallback): void {
    if (this.#watchers.size > 0) this.#write(eventText('entry', entryCard(callback)));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const watcher of this.#watchers) watcher.end();
    this.#watchers.clear();
  }

  #draw(order: Order): Html {
    return orderCard(order, { simulatorUrl: this.#simulatorUrl, callbacks: this.#store.callbacks(order.paymentId) });
  }

  #write(text: string): void {
    for (const watcher of this.#watchers) watcher.write(text);
  }
}

const entryCard = (callback: StoredCallback): Card => ({ id: logEntryId(callback), html: logEntry(callback).source });

const eventText = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
