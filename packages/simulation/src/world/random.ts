/** Seeded numbers; every draw of a run comes from one of these, so that a seed is a whole run. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A stream of its own, so that one more draw in one place does not shift all the others. */
  fork(name: string): Random {
    let mixed = this.#draw();
    for (const character of name) mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193);
    return new Random(mixed);
  }

  /** mulberry32: 32 bits of state are plenty for runs of a few million draws. */
  #draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor((this.#draw() / 0x1_0000_0000) * (high - low + 1));
  }

  /** True in `share` of all cases, 0 to 1. */
  chance(share: number): boolean {
    return this.#draw() / 0x1_0000_0000 < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** One of the names, each as likely as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries<number>(weights) as [Name, number][];
    let left = (this.#draw() / 0x1_0000_0000) * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    return this.pick(entries)[0];
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.#draw().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }
}
