/** When a breaker opens and how it closes again; times in milliseconds. */
export interface BreakerRules {
  /** Only the calls of this last while are counted. */
  readonly windowMs: number;
  /** It opens at so many failures with no good call between them … */
  readonly leastFailures: number;
  /** … or at as many that are at least this share of all calls counted, in percent. */
  readonly failurePercent: number;
  /** How long it stays open before first calls try again; doubled with every try that failed … */
  readonly openMs: number;
  /** … up to this. */
  readonly longestOpenMs: number;
  /** First calls let through to try, all of which must go well. */
  readonly probes: number;
}

interface Slice {
  readonly startedAt: number;
  readonly calls: number;
  readonly failures: number;
  /** Failures since its last good call. */
  readonly inRow: number;
}

/**
 * What is known of an operator's health. `turn` grows with every change of state: what became of a call counts only in the
 * turn it began in, so that the time-outs of an outage do not speak about what came after it.
 */
export type Breaker =
  | { readonly kind: 'closed'; readonly turn: number; readonly slices: readonly Slice[] }
  | {
      readonly kind: 'open';
      readonly turn: number;
      readonly since: number;
      readonly probeAt: number;
      /** How often it opened since it was last closed. */
      readonly openings: number;
    }
  | {
      readonly kind: 'half_open';
      readonly turn: number;
      readonly since: number;
      readonly openings: number;
      readonly admitted: number;
      readonly passed: number;
    };

export type BreakerState = Breaker['kind'];

/** How a call went for the operator's service, whatever was said of the payment; `unknown` where it never got that far. */
export type CallHealth = 'well' | 'ill' | 'unknown';

/** A change of state, for the breaker's story. */
export interface BreakerChange {
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly why: 'too_many_failures' | 'answers_again' | 'probe_failed' | 'probes_passed';
  /** Of how many calls counted how many failed. */
  readonly failures: number;
  readonly calls: number;
}

export interface BreakerStep {
  readonly breaker: Breaker;
  readonly change: BreakerChange | null;
}

/** Precision of the window: a slice is forgotten as a whole. */
const SLICES = 12;
/** While open and silent, the service is asked so often in `openMs`. */
const ASKS_PER_OPENING = 6;

export const closedBreaker: Breaker = { kind: 'closed', turn: 0, slices: [] };

/** Whether a first call may go to the operator now. */
export function admits(breaker: Breaker, rules: BreakerRules): boolean {
  if (breaker.kind === 'half_open') return breaker.admitted < rules.probes;
  return breaker.kind === 'closed';
}

/** A first call that was admitted sets out: in the half-open state it is one of the probes. */
export function admitted(breaker: Breaker): Breaker {
  return breaker.kind === 'half_open' ? { ...breaker, admitted: breaker.admitted + 1 } : breaker;
}

/** Counts how a call went that began in `turn`; `isProbe` for a first call. */
export function counted(
  breaker: Breaker,
  call: { readonly turn: number; readonly health: CallHealth; readonly isProbe: boolean },
  now: number,
  rules: BreakerRules,
): BreakerStep {
  if (call.turn !== breaker.turn) return { breaker, change: null };
  switch (breaker.kind) {
    case 'open':
      return { breaker, change: null };
    case 'closed':
      return call.health === 'unknown' ? { breaker, change: null } : countedClosed(breaker, call.health, now, rules);
    case 'half_open':
      return call.isProbe ? countedProbe(breaker, call.health, now, rules) : { breaker, change: null };
  }
}

function countedClosed(
  breaker: Extract<Breaker, { kind: 'closed' }>,
  health: 'well' | 'ill',
  now: number,
  rules: BreakerRules,
): BreakerStep {
  const failed = health === 'ill' ? 1 : 0;
  const sliceMs = rules.windowMs / SLICES;
  const fresh = breaker.slices.filter((slice) => slice.startedAt > now - rules.windowMs);
  const last = fresh.at(-1);
  const isNew = !last || now >= last.startedAt + sliceMs;
  const known = isNew ? { startedAt: now, calls: 0, failures: 0, inRow: 0 } : last;
  const slice = {
    startedAt: known.startedAt,
    calls: known.calls + 1,
    failures: known.failures + failed,
    inRow: failed === 0 ? 0 : known.inRow + 1,
  };
  const slices = [...(isNew ? fresh : fresh.slice(0, -1)), slice];
  const calls = slices.reduce((sum, each) => sum + each.calls, 0);
  const failures = slices.reduce((sum, each) => sum + each.failures, 0);
  const isShare = failures >= rules.leastFailures && failures * 100 >= rules.failurePercent * calls;
  const opens = failed === 1 && (isShare || inRowOf(slices) >= rules.leastFailures);
  if (!opens) return { breaker: { ...breaker, slices }, change: null };
  return {
    breaker: opened(breaker.turn, 1, now, rules),
    change: { from: 'closed', to: 'open', why: 'too_many_failures', failures, calls },
  };
}

/** Failures since the last good call, over all slices. */
function inRowOf(slices: readonly Slice[]): number {
  let sum = 0;
  for (const { inRow, calls } of slices.toReversed()) {
    sum += inRow;
    if (inRow < calls) break;
  }
  return sum;
}

function countedProbe(
  breaker: Extract<Breaker, { kind: 'half_open' }>,
  health: CallHealth,
  now: number,
  rules: BreakerRules,
): BreakerStep {
  // Nothing was learned: another call may try in its place.
  if (health === 'unknown') {
    return { breaker: { ...breaker, admitted: Math.max(0, breaker.admitted - 1) }, change: null };
  }
  const tried = breaker.passed + 1;
  if (health === 'ill') {
    return {
      breaker: opened(breaker.turn, breaker.openings + 1, now, rules),
      change: { from: 'half_open', to: 'open', why: 'probe_failed', failures: 1, calls: tried },
    };
  }
  if (tried < rules.probes) return { breaker: { ...breaker, passed: tried }, change: null };
  return {
    breaker: { kind: 'closed', turn: breaker.turn + 1, slices: [] },
    change: { from: 'half_open', to: 'closed', why: 'probes_passed', failures: 0, calls: tried },
  };
}

function opened(turn: number, openings: number, now: number, rules: BreakerRules): Breaker {
  const openMs = Math.min(rules.longestOpenMs, rules.openMs * 2 ** (openings - 1));
  return { kind: 'open', turn: turn + 1, since: now, probeAt: now + openMs, openings };
}

/** Whether it is time to ask if the operator's service answers at all. */
export function isProbeDue(breaker: Breaker, now: number): boolean {
  return breaker.kind === 'open' && breaker.probeAt <= now;
}

/** After that question: an answering service is tried with first calls, a silent one is asked again soon. */
export function probed(breaker: Breaker, answers: boolean, now: number, rules: BreakerRules): BreakerStep {
  if (!isProbeDue(breaker, now) || breaker.kind !== 'open') return { breaker, change: null };
  if (!answers) {
    return { breaker: { ...breaker, probeAt: now + rules.openMs / ASKS_PER_OPENING }, change: null };
  }
  const { turn, openings } = breaker;
  return {
    breaker: { kind: 'half_open', turn: turn + 1, since: now, openings, admitted: 0, passed: 0 },
    change: { from: 'open', to: 'half_open', why: 'answers_again', failures: 0, calls: 0 },
  };
}
