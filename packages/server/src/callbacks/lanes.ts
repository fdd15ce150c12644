/** Attempts at one endpoint at once; each has a connection of its own. */
export const MAX_PER_ENDPOINT = 32;

export interface LaneLimits {
  /** Jobs of one lane that run at once. */
  readonly runningPerLane: number;
  /** Jobs that run at once in all. */
  readonly running: number;
  /** Jobs that wait for their turn, in one lane. */
  readonly waitingPerLane: number;
}

interface Lane<Job> {
  readonly name: string;
  running: number;
  readonly waiting: Job[];
}

/**
 * Runs jobs lane by lane, one lane an endpoint: a slow endpoint fills its own lane and no other, and where the total is the
 * limit the lanes take turns. What finds no place is turned away.
 */
export class Lanes<Job> {
  readonly #run: (job: Job) => Promise<void>;
  readonly #limits: LaneLimits;
  readonly #lanes = new Map<string, Lane<Job>>();
  /** Lanes that have a job waiting and room to run it, in the order of their turns. */
  readonly #ready = new Set<Lane<Job>>();
  #running = 0;

  /** `run` must not reject. */
  constructor(run: (job: Job) => Promise<void>, limits: LaneLimits) {
    this.#run = run;
    this.#limits = limits;
  }

  /** False when the lane is full: the job was not taken. */
  add(name: string, job: Job): boolean {
    const lane = this.#lanes.get(name) ?? { name, running: 0, waiting: [] };
    if (lane.waiting.length >= this.#limits.waitingPerLane) return false;
    this.#lanes.set(name, lane);
    lane.waiting.push(job);
    this.#settle(lane);
    this.#next();
    return true;
  }

  /** Jobs that could start at once. */
  get room(): number {
    return this.#limits.running - this.#running;
  }

  /** Lanes with nothing left to give: as many running as they may. */
  get full(): string[] {
    const { runningPerLane } = this.#limits;
    return [...this.#lanes.values()].filter((lane) => lane.running >= runningPerLane).map((lane) => lane.name);
  }

  /** Forgets what waits. */
  clear(): void {
    for (const lane of this.#lanes.values()) {
      lane.waiting.length = 0;
      this.#settle(lane);
    }
  }

  #settle(lane: Lane<Job>): void {
    if (lane.waiting.length > 0 && lane.running < this.#limits.runningPerLane) this.#ready.add(lane);
    else this.#ready.delete(lane);
    if (lane.waiting.length === 0 && lane.running === 0) this.#lanes.delete(lane.name);
  }

  #next(): void {
    for (const lane of this.#ready) {
      if (this.#running >= this.#limits.running) return;
      const job = lane.waiting.shift();
      // To the end of the line: the others come first.
      this.#ready.delete(lane);
      if (job !== undefined) this.#start(lane, job);
      this.#settle(lane);
    }
  }

  #start(lane: Lane<Job>, job: Job): void {
    lane.running++;
    this.#running++;
    void this.#run(job).finally(() => {
      lane.running--;
      this.#running--;
      this.#settle(lane);
      this.#next();
    });
  }
}
