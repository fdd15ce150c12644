/**
 * Runs the work of each callback once.
 *
 * The contract, for a store of your own:
 *
 * - `once(id, work)` runs `work` unless a work of this id has ended well before, and settles after it.
 * - A work that throws leaves no mark, and `once` throws what it threw: the next delivery tries again.
 * - Two deliveries of one id at the same time, also in two processes, never run both: the second waits for the first, or
 *   throws, so that the platform sends it again.
 * - The mark and what the work wrote become durable together. In a database do both in one transaction and hand it to
 *   the work: `work(transaction)`.
 *
 * Keep marks for eleven days: so long a callback may be repeated.
 */
export interface OnceStore<Transaction = undefined> {
  once(id: string, work: (transaction: Transaction) => Promise<void>): Promise<void>;
}

/**
 * Remembers, in this process alone, the last callbacks that were handled. It forgets with the process, so what a handler
 * does must then stand being done twice.
 */
export class MemoryOnceStore implements OnceStore {
  readonly #done = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #most: number;

  /** Remembers at most so many ids, 10 000 unless told. */
  constructor(most = 10_000) {
    this.#most = most;
  }

  async once(id: string, work: (transaction: undefined) => Promise<void>): Promise<void> {
    if (this.#done.has(id)) return;
    const underWay = this.#running.get(id);
    if (underWay) return underWay;
    const run = work(undefined);
    this.#running.set(id, run);
    try {
      await run;
      this.#remember(id);
    } finally {
      this.#running.delete(id);
    }
  }

  #remember(id: string): void {
    this.#done.add(id);
    if (this.#done.size <= this.#most) return;
    const [oldest] = this.#done;
    if (oldest !== undefined) this.#done.delete(oldest);
  }
}
