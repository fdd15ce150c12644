import { guessOperators, type PrefixTable } from '@rocketpay/core/operators/guess.ts';
import { operatorIds, type OperatorId, type RulesByOperator } from '@rocketpay/core/operators/operator.ts';
import type { BreakerState } from '@rocketpay/core/operators/breaker.ts';
import type { OperatorGate } from './gate.ts';
import type { OperatorRow, OperatorStore } from './store.ts';

export { breakerRules, createOperatorGate, type BreakerNews, type OperatorGate } from './gate.ts';
export { createBreakerStory } from './breaker-story.ts';
export { addStory, openBreakers, readStory, switchOperator } from './story.ts';
export { createOperatorStore, type OperatorStore } from './store.ts';
export { methodRoutes } from './method-routes.ts';
export { operatorRoutes } from './routes.ts';

/** Whether purchases can be made through an operator now, and if not, why. */
export type Availability = 'available' | 'switched_off' | 'down';

export interface Operators {
  /** The operators a number may belong to, until the operator answers. */
  guess(digits: string, chosen: OperatorId | undefined): Promise<readonly OperatorId[]>;
  /** What is switched on for whom, as last read. */
  rules(): RulesByOperator;
  list(): readonly OperatorRow[];
  /** Numbering ranges, as last read. */
  prefixes(): PrefixTable;
  availability(operator: OperatorId): Availability;
  /** True when breakers keep new sales from all of these operators that are switched on; for a new sale's `breakerOpen`. */
  breakerOpen(candidates: readonly OperatorId[]): boolean;
  /** Every operator's breaker, as this process sees it. */
  breakers(): Readonly<Record<OperatorId, BreakerState>>;
  /** Reads the tables again; they may be edited while the platform runs. */
  refresh(): Promise<void>;
}

/** The operators room: who there is, which ranges are theirs, which numbers have moved, and who can be reached. */
export async function createOperators({
  store,
  gate,
}: {
  readonly store: OperatorStore;
  readonly gate: Pick<OperatorGate, 'admits' | 'state'>;
}): Promise<Operators> {
  let known = await store.read();

  return {
    async guess(digits, chosen) {
      if (chosen) return [chosen];
      const ported = known.anyPorted ? await store.portedTo(digits) : null;
      return guessOperators({ digits, prefixes: known.prefixes, ...(ported && { ported }) });
    },
    rules: () => known.rules,
    list: () => known.operators,
    prefixes: () => known.prefixes,
    availability(operator) {
      if (!known.rules[operator].salesEnabled) return 'switched_off';
      return gate.state(operator) === 'open' ? 'down' : 'available';
    },
    breakerOpen(candidates) {
      const on = candidates.filter((operator) => known.rules[operator].salesEnabled);
      return (candidates.length === 0 || on.length > 0) && !gate.admits(on);
    },
    breakers: () =>
      Object.fromEntries(operatorIds.map((operator) => [operator, gate.state(operator)])) as Record<
        OperatorId,
        BreakerState
      >,
    async refresh() {
      known = await store.read();
    },
  };
}
