import type { Clock } from '../clock.ts';

/** `first` asks for money that nobody has promised yet; `later` goes on with a payment; `ask` changes nothing. */
export type LaneUse = 'first' | 'later' | 'ask';

interface Waiter {
  readonly use: LaneUse;
  readonly end: (entered: boolean) => void;
}

/**
 * The calls one operator may have on their way at a time: half of them for first calls, a quarter for look-ups, all for the
 * rest. Whoever frees a place gives it to a later call before a first one.
 */
export class Lane {
  readonly #most: Readonly<Record<LaneUse, number>>;
  readonly #under: Record<LaneUse, number> = { first: 0, later: 0, ask: 0 };
  readonly #waiting: Waiter[] = [];
  readonly #clock: Clock;

  constructor(mostCalls: number, clock: Clock) {
    this.#most = { first: Math.ceil(mostCalls / 2), ask: Math.ceil(mostCalls / 4), later: mostCalls };
    this.#clock = clock;
  }

  /** Takes a place, waiting for one so long at most; false when there was none. Who got one must `leave`. */
  async enter(use: LaneUse, waitMs: number): Promise<boolean> {
    if (this.#isFree(use)) {
      this.#under[use]++;
      return true;
    }
    if (waitMs <= 0) return false;
    const given = Promise.withResolvers<boolean>();
    const waiter: Waiter = { use, end: given.resolve };
    this.#waiting.push(waiter);
    const ended = new AbortController();
    void this.#clock.sleep(waitMs, ended.signal).then(() => this.#send(waiter, false));
    const entered = await given.promise;
    ended.abort();
    return entered;
  }

  leave(use: LaneUse): void {
    this.#under[use]--;
    for (const next of ['later', 'first'] as const) {
      const waiter = this.#waiting.find((each) => each.use === next);
      if (!waiter || !this.#isFree(next)) continue;
      this.#under[next]++;
      this.#send(waiter, true);
      return;
    }
  }

  /** Sends first calls that wait for a place away: there is nothing to wait for any more. */
  turnAwayFirst(): void {
    for (const waiter of this.#waiting.filter(({ use }) => use === 'first')) this.#send(waiter, false);
  }

  #send(waiter: Waiter, entered: boolean): void {
    const place = this.#waiting.indexOf(waiter);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    waiter.end(entered);
  }

  #isFree(use: LaneUse): boolean {
    const { first, later, ask } = this.#under;
    return this.#under[use] < this.#most[use] && first + later + ask < this.#most.later;
  }
}
