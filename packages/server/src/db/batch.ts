export interface BatchSettings<Item, Result> {
  /** Carries all items out in one statement; one result an item, in order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly maxItems: number;
  /** Statements on their way at once; what arrives meanwhile forms the next batch. */
  readonly maxConcurrent: number;
}

interface Member<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: items that arrive together share one statement, one round trip and one flush to disk, while each caller
 * sees only its own. A failed batch is run again one by one, so that a bad member never fails the others.
 */
export class Batcher<Item, Result> {
  readonly #settings: BatchSettings<Item, Result>;
  #waiting: Member<Item, Result>[] = [];
  #running = 0;
  #scheduled = false;

  constructor(settings: BatchSettings<Item, Result>) {
    this.#settings = settings;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Waits for the end of the turn, so that everything this turn brings goes into one batch. */
  #schedule(): void {
    if (this.#scheduled || this.#running >= this.#settings.maxConcurrent) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#waiting.length === 0 || this.#running >= this.#settings.maxConcurrent) return;
    const members = this.#waiting.splice(0, this.#settings.maxItems);
    this.#running++;
    void this.#run(members).finally(() => {
      this.#running--;
      if (this.#waiting.length > 0) this.#schedule();
    });
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #run(members: readonly Member<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#settings.run(members.map((member) => member.item));
      members.forEach((member, index) => member.resolve(results[index] as Result));
    } catch (error) {
      const [only, ...others] = members;
      if (only && others.length === 0) return only.reject(error);
      for (const member of members) await this.#run([member]);
    }
  }
}
