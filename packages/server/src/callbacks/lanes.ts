/** Attempts at one endpoint at once; each has a connection of its own. */
export const MAX_PER_ENDPOINT = 32;

export interface LaneLimits {
  /** Jobs of one lane that run at once, while its endpoint answers. */
  readonly runningPerLane: number;
  /** Jobs that run at once in all; those that have run for long do not count. */
  readonly running: number;
  /** Jobs of slow lanes that are started at once. */
  readonly slow: number;
  /** Jobs that wait for their turn, in one lane and in all. */
  readonly waitingPerLane: number;
  readonly waiting: number;
  /** A job that runs longer is slow, and so is its lane until a quick one has ended. */
  readonly slowAfterMs: number;
}

export const usualLimits: LaneLimits = {
  runningPerLane: MAX_PER_ENDPOINT,
  running: 512,
  slow: 256,
  waitingPerLane: 2_048,
  waiting: 16_384,
  slowAfterMs: 1_000,
};

/** What the end of a job says of its endpoint: it answered, whatever it said, or it did not; null where it was not asked. */
export type JobEnd = 'answered' | 'silent' | null;

/** A lane begins with so many at once and gets one more with every answer. */
const FIRST_ALLOWANCE = 8;
/** Where the total is used up, every lane may still have so many waiting: nobody is turned away for another's sake. */
const WAITING_ALWAYS = 8;
/** A failing lane's jobs are worth as little memory as its turns. */
const WAITING_WHILE_FAILING = 32;
const MOST_REMEMBERED = 10_000;

interface Lane<Job> {
  readonly name: string;
  readonly waiting: Job[];
  running: number;
  /** How many may run at once: one while the endpoint fails, more with every answer. */
  allowance: number;
  slow: boolean;
}

interface Run<Job> {
  readonly lane: Lane<Job>;
  readonly startedMs: number;
}

/**
 * Runs jobs lane by lane, one lane an endpoint. A lane whose endpoint is silent is cut down to one job at a time until it
 * answers; slow lanes share a part of the places among themselves, and a job that takes long gives its place back to the
 * quick ones. Lanes take turns. What finds no place is turned away.
 */
export class Lanes<Job> {
  readonly #run: (job: Job) => Promise<JobEnd>;
  readonly #limits: LaneLimits;
  readonly #monotonicMs: () => number;
  /** Those with jobs, and idle ones whose endpoint fails, the longest idle first. */
  readonly #lanes = new Map<string, Lane<Job>>();
  readonly #resting = new Set<Lane<Job>>();
  /** Lanes that have a job waiting and may run one more, in the order of their turns. */
  readonly #ready = { quick: new Set<Lane<Job>>(), slow: new Set<Lane<Job>>() };
  /** In the order in which they were started. */
  readonly #quick = new Set<Run<Job>>();
  readonly #slow = new Set<Run<Job>>();
  #waiting = 0;

  /** `run` must not reject. */
  constructor(run: (job: Job) => Promise<JobEnd>, limits: LaneLimits, monotonicMs: () => number) {
    this.#run = run;
    this.#limits = limits;
    this.#monotonicMs = monotonicMs;
  }

  /** False when there is no place to wait in: the job was not taken. */
  add(name: string, job: Job): boolean {
    const lane = this.#lanes.get(name) ?? { name, waiting: [], running: 0, allowance: this.#first, slow: false };
    if (lane.waiting.length >= this.#waitingLimit(lane)) return false;
    this.#lanes.set(name, lane);
    this.#resting.delete(lane);
    lane.waiting.push(job);
    this.#waiting++;
    this.#settle(lane);
    this.#next();
    return true;
  }

  /** Jobs that could start at once. */
  get room(): number {
    this.#findSlow();
    return this.#limits.running - this.#quick.size;
  }

  /** Lanes that take no more: as many running as they may, or slow ones while those have no place. */
  get full(): string[] {
    const noPlace = this.#slow.size >= this.#limits.slow;
    const isFull = (lane: Lane<Job>) => lane.running >= lane.allowance || (lane.slow && noPlace);
    return [...this.#lanes.values()].filter(isFull).map(({ name }) => name);
  }

  /** Lanes whose endpoint fails and has no job: worth one. */
  get failing(): string[] {
    return [...this.#resting].map(({ name }) => name);
  }

  /** Forgets what waits. */
  clear(): void {
    for (const lane of this.#lanes.values()) {
      lane.waiting.length = 0;
      this.#settle(lane);
    }
    this.#waiting = 0;
  }

  get #first(): number {
    return Math.min(FIRST_ALLOWANCE, this.#limits.runningPerLane);
  }

  #waitingLimit({ allowance }: Lane<Job>): number {
    const { waiting, waitingPerLane } = this.#limits;
    const isFailing = allowance === 1 && this.#first > 1;
    const own = isFailing ? Math.min(WAITING_WHILE_FAILING, waitingPerLane) : waitingPerLane;
    return this.#waiting >= waiting ? Math.min(WAITING_ALWAYS, own) : own;
  }

  #settle(lane: Lane<Job>): void {
    const { quick, slow } = this.#ready;
    const mayRun = lane.waiting.length > 0 && lane.running < lane.allowance;
    const [its, other] = lane.slow ? [slow, quick] : [quick, slow];
    other.delete(lane);
    if (mayRun) its.add(lane);
    else its.delete(lane);
    if (lane.waiting.length === 0 && lane.running === 0) this.#rest(lane);
  }

  /** An idle lane is forgotten, unless its endpoint failed last. */
  #rest(lane: Lane<Job>): void {
    if (lane.allowance >= this.#first && !lane.slow) {
      this.#lanes.delete(lane.name);
      return;
    }
    this.#resting.add(lane);
    if (this.#resting.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#resting;
    if (!oldest) return;
    this.#resting.delete(oldest);
    this.#lanes.delete(oldest.name);
  }

  #next(): void {
    this.#findSlow();
    const { running, slow } = this.#limits;
    const most = running + 2 * slow;
    const isOpen = () => this.#quick.size + this.#slow.size < most;
    for (const lane of this.#ready.quick) {
      if (this.#quick.size >= running || !isOpen()) break;
      this.#start(lane, this.#ready.quick);
    }
    for (const lane of this.#ready.slow) {
      if (this.#slow.size >= slow || !isOpen()) break;
      this.#start(lane, this.#ready.slow);
    }
  }

  #start(lane: Lane<Job>, ready: Set<Lane<Job>>): void {
    const job = lane.waiting.shift();
    // To the end of the line: the others come first.
    ready.delete(lane);
    if (job !== undefined) {
      this.#waiting--;
      lane.running++;
      const run = { lane, startedMs: this.#monotonicMs() };
      (lane.slow ? this.#slow : this.#quick).add(run);
      void this.#run(job).then((end) => this.#ended(run, end));
    }
    this.#settle(lane);
  }

  #ended(run: Run<Job>, end: JobEnd): void {
    const { lane, startedMs } = run;
    lane.running--;
    this.#quick.delete(run);
    this.#slow.delete(run);
    if (end === 'silent') lane.allowance = 1;
    if (end === 'answered') lane.allowance = Math.min(lane.allowance + 1, this.#limits.runningPerLane);
    if (end !== null) lane.slow = this.#monotonicMs() - startedMs > this.#limits.slowAfterMs;
    this.#settle(lane);
    this.#next();
  }

  /** No timer: whoever wants a place looks first which of the running ones have become slow. */
  #findSlow(): void {
    const before = this.#monotonicMs() - this.#limits.slowAfterMs;
    for (const run of this.#quick) {
      if (run.startedMs >= before) return;
      this.#quick.delete(run);
      this.#slow.add(run);
      run.lane.slow = true;
      this.#settle(run.lane);
    }
  }
}
