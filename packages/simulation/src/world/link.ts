import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

export type Delivered<Reply> =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: 'not_sent' }
  | { readonly kind: 'in_doubt' };

export interface Exchange<Reply> {
  readonly timeoutMs: number;
  /** False when it has become too late to write to the socket. */
  readonly maySend?: () => boolean;
  readonly deliver: () => Reply;
}

interface Outage {
  readonly from: number;
  readonly until: number;
}

const fates = {
  fine: 100,
  slow: 6,
  refused: 3,
  stalled: 2,
  lost: 3,
  answer_lost: 4,
  late: 3,
  doubled: 3,
  broken: 2,
} as const;
const LATEST_MS = 25_000;

/**
 * The line between the platform and the operator. Nothing it holds back arrives later than the platform's proof of "not
 * found" allows for.
 */
export class Link {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #healsAt: number;
  readonly #outages: readonly Outage[];

  constructor(timeline: Timeline, random: Random, healsAt: number, busyMs: number) {
    this.#timeline = timeline;
    this.#random = random;
    this.#healsAt = healsAt;
    this.#outages = Array.from({ length: random.between(0, 3) }, () => {
      const from = timeline.now + random.between(0, busyMs);
      return { from, until: from + random.between(3_000, Math.max(10_000, busyMs / 10)) };
    });
  }

  get healed(): boolean {
    return this.#timeline.now >= this.#healsAt;
  }

  /** True when an answer arrives that nobody can read. */
  garbles(): boolean {
    return !this.healed && this.#random.chance(0.02);
  }

  /** Carries one call to the operator and its answer back, or not. */
  async exchange<Reply>({ timeoutMs, maySend = () => true, deliver }: Exchange<Reply>): Promise<Delivered<Reply>> {
    const fate = this.#fate();
    const startedAt = this.#timeline.now;
    if (fate === 'refused') {
      await this.#timeline.sleep(this.#random.chance(0.5) ? 5 : 3_000);
      return { kind: 'not_sent' };
    }
    if (fate === 'stalled') await this.#timeline.sleep(this.#random.between(1_000, 20_000));
    if (!maySend()) return { kind: 'not_sent' };
    const there =
      fate === 'late' ? this.#random.between(1_000, LATEST_MS) : this.#random.between(5, fate === 'slow' ? 4_000 : 200);
    const back = this.#random.between(5, fate === 'slow' ? 8_000 : 200);
    const reply = this.#arrival(fate, there, deliver);
    const timedOut = this.#timeline
      .sleep(Math.max(0, startedAt + timeoutMs - this.#timeline.now))
      .then(() => 'time-out' as const);
    if (fate === 'lost' || fate === 'answer_lost') {
      await (this.#random.chance(0.5) ? timedOut : this.#timeline.sleep(there + back));
      return { kind: 'in_doubt' };
    }
    const returned = reply.then(async (value) => {
      await this.#timeline.sleep(back);
      return { value };
    });
    const answer = await Promise.race([timedOut, returned]);
    return answer === 'time-out' || fate === 'broken'
      ? { kind: 'in_doubt' }
      : { kind: 'answered', reply: answer.value };
  }

  #arrival<Reply>(fate: keyof typeof fates, there: number, deliver: () => Reply): Promise<Reply> {
    if (fate === 'lost' || (fate === 'broken' && this.#random.chance(0.5))) return new Promise(() => undefined);
    if (fate === 'doubled') this.#timeline.after(there + this.#random.between(1, 20_000), deliver);
    return this.#timeline.sleep(there).then(deliver);
  }

  #fate(): keyof typeof fates {
    if (this.healed) return 'fine';
    const { now } = this.#timeline;
    if (this.#outages.some(({ from, until }) => from <= now && now < until))
      return this.#random.pick(['lost', 'refused', 'answer_lost']);
    return this.#random.weighted(fates);
  }
}
