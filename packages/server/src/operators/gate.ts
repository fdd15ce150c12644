import { admits, admitted, closedBreaker, counted, isProbeDue, probed } from '@rocketpay/core/operators/breaker.ts';
import type {
  Breaker,
  BreakerChange,
  BreakerRules,
  BreakerState,
  BreakerStep,
  CallHealth,
} from '@rocketpay/core/operators/breaker.ts';
import { operatorIds, type OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { NotSent, Trouble } from '../providers/port.ts';
import { Lane } from './lane.ts';

/** How long a first call waits for a place before it is put off: a payer looks at a spinner meanwhile. */
const FIRST_WAIT_MS = 2_000;

/** The breaker's rules but for what a setting says. */
export function breakerRules(settings: { readonly failures: number; readonly openMs: number }): BreakerRules {
  return {
    windowMs: 60_000,
    leastFailures: settings.failures,
    failurePercent: 50,
    openMs: settings.openMs,
    longestOpenMs: Math.max(settings.openMs, 300_000),
    probes: 3,
  };
}

/** One change of an operator's breaker. */
export interface BreakerNews extends BreakerChange {
  readonly operatorId: OperatorId;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface GateParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: BreakerRules;
  /** The most calls one operator may have on their way. */
  readonly mostCalls: number;
  /** Whether the operators' service answers at all. */
  readonly answers: () => Promise<boolean>;
  readonly tell: (news: BreakerNews) => void;
}

/** What is known of a call's outcome here: whether the service did its part, and whose subscriber it was. */
interface Told {
  readonly kind: string;
  readonly trouble?: Trouble;
  readonly finding?: object;
}

/** A first call that an open breaker kept from being sent. */
export interface KeptBack {
  readonly kind: 'kept_back';
}

export interface LaterCall {
  /** Who serves the number, or may serve it. */
  readonly operators: readonly OperatorId[];
  readonly sendBeforeMonotonicMs: number;
  /** Whether its time-outs say that new sales would fail too; those of refunds and cancels do not. */
  readonly counts: boolean;
}

export interface OperatorGate {
  /** Whether a first call may go to one of these operators; of a number nobody knows, to any at all. */
  admits(operators: readonly OperatorId[]): boolean;
  state(operator: OperatorId): BreakerState;
  /** Sends a first call if a breaker and a free place let it. One that may have been sent before passes every breaker. */
  first<Outcome extends Told>(
    operators: readonly OperatorId[],
    isRepeat: boolean,
    send: () => Promise<Outcome>,
  ): Promise<Outcome | KeptBack | NotSent>;
  /** Sends a call of a payment that is under way: no breaker stops it, and a free place is its before a first call's. */
  later<Outcome extends Told>(call: LaterCall, send: () => Promise<Outcome>): Promise<Outcome | NotSent>;
  /** Asks a question, or null where too many are on their way already. */
  ask<Outcome>(operators: readonly OperatorId[], send: () => Promise<Outcome>): Promise<Outcome | null>;
  /** Sees whether operators whose breakers are open answer again. For the sweeper; returns how many it asked after. */
  probe(): Promise<number>;
}

const tooMany: NotSent = { kind: 'not_sent', why: 'too many calls to this operator' };

/** Between the payments and the provider: a breaker and a bounded lane for each operator, in this process's memory. */
export function createOperatorGate(parts: GateParts): OperatorGate {
  const { clock, log, rules, mostCalls } = parts;
  const breakers = new Map<OperatorId, Breaker>(operatorIds.map((operator) => [operator, closedBreaker]));
  const lanes = new Map<OperatorId | undefined, Lane>();
  let probing = false;

  const of = (operator: OperatorId): Breaker => breakers.get(operator) ?? closedBreaker;

  /** A number that two brands may serve waits in the lane of one of them until the operator has said whose it is. */
  function laneOf([operator]: readonly OperatorId[]): Lane {
    const lane = lanes.get(operator) ?? new Lane(mostCalls, clock);
    lanes.set(operator, lane);
    return lane;
  }

  function take(operatorId: OperatorId, { breaker, change }: BreakerStep): void {
    breakers.set(operatorId, breaker);
    if (!change) return;
    const { from, to, why, failures, calls } = change;
    const level = to === 'open' ? 'warn' : 'info';
    log[level]({ operator: operatorId, from, to, why, failures, calls }, 'an operator’s breaker has changed');
    parts.tell({ ...change, operatorId, at: clock.now() });
    // Who waited for a place at a dead operator is told at once.
    if (to === 'open') lanes.get(operatorId)?.turnAwayFirst();
  }

  const admitsOne = (operator: OperatorId): boolean => admits(of(operator), rules);

  function admitsAny(operators: readonly OperatorId[]): boolean {
    return (operators.length > 0 ? operators : operatorIds).some(admitsOne);
  }

  /** Sends, and counts how it went for every operator it may have concerned. */
  async function observed<Outcome extends Told>(
    operators: readonly OperatorId[],
    isProbe: boolean,
    send: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const turns = operators.map((operator) => {
      const counts = !isProbe || admitsOne(operator);
      if (isProbe && counts) breakers.set(operator, admitted(of(operator)));
      return { operator, turn: counts ? of(operator).turn : -1 };
    });
    let outcome: Outcome | undefined;
    try {
      outcome = await send();
      return outcome;
    } finally {
      const health = healthOf(outcome);
      const named = namedBy(outcome);
      for (const { operator, turn } of turns) {
        const concerns = health !== 'well' || named === undefined || named === operator;
        const call = { turn, health: concerns ? health : 'unknown', isProbe } as const;
        take(operator, counted(of(operator), call, clock.now(), rules));
      }
    }
  }

  async function within<Outcome>(lane: Lane, use: 'first' | 'later' | 'ask', run: () => Promise<Outcome>) {
    try {
      return await run();
    } finally {
      lane.leave(use);
    }
  }

  return {
    admits: admitsAny,
    state: (operator) => of(operator).kind,

    async first(operators, isRepeat, send) {
      const keptBack = () => !isRepeat && !admitsAny(operators);
      if (keptBack()) return { kind: 'kept_back' };
      const lane = laneOf(operators);
      if (!(await lane.enter('first', FIRST_WAIT_MS))) return keptBack() ? { kind: 'kept_back' } : tooMany;
      return within(lane, 'first', async () =>
        keptBack() ? { kind: 'kept_back' } : observed(operators, !isRepeat, send),
      );
    },

    async later({ operators, sendBeforeMonotonicMs, counts }, send) {
      const lane = laneOf(operators);
      if (!(await lane.enter('later', sendBeforeMonotonicMs - clock.monotonicMs()))) return tooMany;
      return within(lane, 'later', () => (counts ? observed(operators, false, send) : send()));
    },

    async ask(operators, send) {
      const lane = laneOf(operators);
      if (!(await lane.enter('ask', 0))) return null;
      return within(lane, 'ask', send);
    },

    async probe() {
      const due = operatorIds.filter((operator) => isProbeDue(of(operator), clock.now()));
      if (due.length === 0 || probing) return 0;
      probing = true;
      try {
        const answers = await parts.answers();
        for (const operator of due) take(operator, probed(of(operator), answers, clock.now(), rules));
        return due.length;
      } finally {
        probing = false;
      }
    },
  };
}

/** The operator whose subscriber the number turned out to be, where the outcome says so. */
function namedBy(outcome: Told | undefined): unknown {
  const finding = outcome?.finding;
  return finding && 'operator' in finding ? finding.operator : undefined;
}

function healthOf(outcome: Told | undefined): CallHealth {
  if (outcome === undefined) return 'unknown';
  if (outcome.trouble !== undefined) return 'ill';
  return outcome.kind === 'not_sent' ? 'unknown' : 'well';
}
