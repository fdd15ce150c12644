import type { Clock } from './clock.ts';
import type { Store } from './store.ts';

/** However wrong the armed time may be, somebody looks this often. */
const LONGEST_SLEEP_MS = 60_000;
const BATCH = 200;

interface Work {
  /** Does up to `limit` pieces of due work; answers how many. */
  run(limit: number): number;
}

/** One timer for everything that falls due: charges, lapses, refunds, notices. */
export class Sweep {
  readonly #store: Store;
  readonly #clock: Clock;
  #works: readonly Work[] = [];
  #armedAt = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => undefined;
  #running = false;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  start(works: readonly Work[]): void {
    this.#works = works;
    this.#running = true;
    this.#arm(this.#clock.now());
  }

  stop(): void {
    this.#running = false;
    this.#disarm();
  }

  /** Something falls due at `atMs`. */
  wake(atMs: number): void {
    if (this.#running && atMs < this.#armedAt) this.#arm(atMs);
  }

  #arm(atMs: number): void {
    this.#disarm();
    this.#armedAt = atMs;
    this.#disarm = this.#clock.after(Math.max(atMs - this.#clock.now(), 0), () => this.#sweep());
  }

  #sweep(): void {
    this.#armedAt = Number.POSITIVE_INFINITY;
    const full = this.#works.map((work) => work.run(BATCH) === BATCH).includes(true);
    const now = this.#clock.now();
    this.#arm(full ? now : this.#store.nextDueAt(now + LONGEST_SLEEP_MS));
  }
}
