import type { Random } from './random.ts';

interface Happening {
  readonly at: number;
  /** Drawn from the seed: what happens at the same millisecond happens in an order of its own. */
  readonly order: number;
  readonly run: () => void;
  /** A sweeper's turn that can be put off while nothing is due: how long one turn is. */
  readonly idleMs: number | null;
}

const before = (a: Happening, b: Happening): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * Virtual time: a queue of happenings. Between two of them all real asynchronous code that the first one woke runs to its
 * next wait; nothing in a run waits for real time.
 */
export class Timeline {
  #now: number;
  #count = 0;
  readonly #heap: Happening[] = [];
  readonly #idle: Happening[] = [];
  readonly #random: Random;

  constructor(startAt: number, random: Random) {
    this.#now = startAt;
    this.#random = random;
  }

  /** Epoch milliseconds. */
  get now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): void {
    this.#insert({ at: this.#now + Math.max(0, Math.round(delayMs)), order: this.#order(), run, idleMs: null });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Like `sleep`, but goes on sleeping, turn by turn, while nothing else happens and nothing is due. */
  sleepIdly(turnMs: number): Promise<void> {
    return new Promise((resolve) =>
      this.#idle.push({ at: this.#now + turnMs, order: this.#order(), run: resolve, idleMs: turnMs }),
    );
  }

  /** Lets everything happen until `until` (epoch milliseconds), or until `quiet` holds after a happening. */
  async run(until: number, nextDueAt: () => number | null, quiet: () => boolean = () => false): Promise<void> {
    await settled();
    for (;;) {
      const next = this.#takeNext(until, nextDueAt);
      if (!next) break;
      this.#now = next.at;
      next.run();
      await settled();
      if (quiet()) return;
    }
    this.#now = until;
  }

  #takeNext(until: number, nextDueAt: () => number | null): Happening | null {
    for (;;) {
      const idle = this.#idle.reduce<Happening | null>(
        (least, other) => (!least || before(other, least) ? other : least),
        null,
      );
      const busy = this.#heap[0] ?? null;
      if (busy && busy.at <= until && (!idle || before(busy, idle))) return this.#pop() ?? null;
      if (!idle || idle.at > until) return null;
      this.#idle.splice(this.#idle.indexOf(idle), 1);
      const turnsLeftOut =
        idle.idleMs === null
          ? 0
          : emptyTurns(idle.at, idle.idleMs, Math.min(nextDueAt() ?? until + 1, busy?.at ?? until + 1));
      if (turnsLeftOut === 0) return idle;
      this.#idle.push({ ...idle, at: idle.at + turnsLeftOut * (idle.idleMs ?? 0) });
    }
  }

  #order(): number {
    this.#count += 1;
    return this.#random.between(0, 999) * 1e12 + this.#count;
  }

  #insert(happening: Happening): void {
    const heap = this.#heap;
    let at = heap.push(happening) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || !before(happening, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = happening;
  }

  #pop(): Happening | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const child = right && left && before(right, left) ? right : left;
      if (!child || !before(child, last)) break;
      heap[at] = child;
      at = child === right ? 2 * at + 2 : 2 * at + 1;
    }
    heap[at] = last;
    return first;
  }
}

/** How many whole turns pass before anything is due: a sweep with nothing due changes nothing, so they are left out. */
function emptyTurns(turnAt: number, turnMs: number, awakeAt: number): number {
  return awakeAt <= turnAt ? 0 : Math.ceil((awakeAt - turnAt) / turnMs);
}

/** Runs the microtasks of the last happening, and whatever asks for the end of the turn, to the end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
