import type { Clock } from './clock.ts';
import { OPERATORS, type Operator } from './operators.ts';
import type { Call, Fault } from './sentinels/sentinel.ts';

export const CALLS = ['prepare', 'look_up', 'validate', 'resend', 'confirm', 'cancel', 'refund', 'notice'] as const;
/** What a switch may answer: nothing, a broken connection, a page that is no JSON, or an error status. */
export const ANSWERS = ['none', 'reset', 'garbage', 429, 500, 502, 503, 504] as const;

/** Something that goes wrong for a while, for one operator's calls or for one number's. */
export interface Switch {
  readonly id: number;
  readonly operator: Operator | null;
  readonly number: string | null;
  /** Null for every call, look-ups and notices too. */
  readonly call: (typeof CALLS)[number] | null;
  readonly answer: (typeof ANSWERS)[number];
  /** Whether the work behind the call is done all the same. */
  readonly done: boolean;
  /** Of a hundred calls so many, by chance. */
  readonly percent: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

export type Wish = Omit<Switch, 'id' | 'until'> & { readonly seconds: number };

const MOST_SECONDS = 86_400;
const REMEMBERED = 100_000;

/** Reads a switch that somebody wants, or says all that is wrong with it. */
export function readWish(body: unknown): Wish | string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return ['the body is no object'];
  const members = { operator: null, number: null, call: null, answer: 'none', done: false, percent: 100, ...body };
  const { operator, number, call, done, percent } = members;
  const answer = ANSWERS.find((known) => known === members.answer || String(known) === members.answer);
  const seconds: unknown = 'seconds' in body ? body.seconds : undefined;
  const faults: string[] = [];
  const must = (fits: boolean, what: string) => void (fits || faults.push(what));
  const known = ['operator', 'number', 'call', 'answer', 'done', 'percent', 'seconds'];
  for (const name of Object.keys(body)) must(known.includes(name), `${name} is unknown; known are ${known.join(', ')}`);
  must(operator === null || OPERATORS.includes(operator), `operator must be one of ${OPERATORS.join(', ')}`);
  must(number === null || /^7\d{10}$/.test(String(number)), 'number must be 7 and ten digits');
  must((operator === null) !== (number === null), 'either operator or number must be given');
  must(call === null || CALLS.includes(call), `call must be one of ${CALLS.join(', ')}, or null for all`);
  if (answer === undefined) faults.push(`answer must be one of ${ANSWERS.join(', ')}`);
  must(typeof done === 'boolean', 'done must be true or false');
  must(isWhole(percent, 1, 100), 'percent must be a whole number from 1 to 100');
  must(isWhole(seconds, 1, MOST_SECONDS), `seconds must be a whole number from 1 to ${MOST_SECONDS}`);
  if (answer === undefined || faults.length > 0) return faults;
  return { operator, number, call, answer, done, percent, seconds: Number(seconds) };
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** What an operator's outage does at the platform; both pages about switches say it. */
export const OUTAGE =
  'What the platform does: five calls to an operator that fail or are not answered within a minute open its breaker ' +
  '(`BREAKER_FAILURES`), and new purchases are declined at once with 314. Purchases begun before that end with their ' +
  'deadline, about 90 s after they began (`PREPARE_DEADLINE_SECONDS`): if the first call still fails then, they are ' +
  'declined with 20602.';

/** The switches that are on. Kept in memory: a restart brings back healthy operators. */
export class Switches {
  readonly #clock: Clock;
  #on: Switch[] = [];
  #made = 0;
  /** Numbers of payments that a switch kept from being made, for look-ups by their correlator. */
  readonly #kept = new Map<string, { readonly phone: string; readonly operator: Operator }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add({ seconds, ...wish }: Wish): Switch {
    const added = { ...wish, id: ++this.#made, until: this.#clock.now() + seconds * 1000 };
    this.#on.push(added);
    return added;
  }

  /** Those still on, oldest first. */
  list(): readonly Switch[] {
    const now = this.#clock.now();
    this.#on = this.#on.filter(({ until }) => now < until);
    return this.#on;
  }

  /** False when there is none of this id. */
  remove(id: number): boolean {
    const before = this.list().length;
    this.#on = this.#on.filter((each) => each.id !== id);
    return this.#on.length < before;
  }

  clear(): void {
    this.#on = [];
  }

  /** What goes wrong with a call now; the newest switch wins. */
  faultOf(on: {
    readonly call: Call | 'notice';
    readonly phone: string;
    readonly operator: Operator;
  }): Fault | undefined {
    if (this.#on.length === 0) return undefined;
    const hit = this.list().findLast(
      ({ operator, number, call, percent }) =>
        (number === null ? operator === on.operator : number === on.phone) &&
        (call === null || call === on.call) &&
        (percent === 100 || Math.random() * 100 < percent),
    );
    return hit && { done: hit.done, answer: hit.answer };
  }

  remember(correlator: string, of: { readonly phone: string; readonly operator: Operator }): void {
    if (this.#kept.size >= REMEMBERED) this.#kept.clear();
    this.#kept.set(correlator, of);
  }

  /** Whose payment a correlator was to be, where a switch kept it from being made. */
  kept(correlator: string): { readonly phone: string; readonly operator: Operator } | undefined {
    return this.#kept.get(correlator);
  }
}
