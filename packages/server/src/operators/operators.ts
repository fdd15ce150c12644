import { guessOperators } from '@rocketpay/core/operators/guess.ts';
import type { OperatorId, RulesByOperator } from '@rocketpay/core/operators/operator.ts';
import type { OperatorRow, OperatorStore } from './store.ts';

export { createOperatorStore, type OperatorStore } from './store.ts';
export { operatorRoutes } from './routes.ts';

export interface Operators {
  /** The operators a number may belong to, until the operator answers. */
  guess(digits: string, chosen: OperatorId | undefined): Promise<readonly OperatorId[]>;
  /** What is switched on for whom, as last read. */
  rules(): RulesByOperator;
  list(): readonly OperatorRow[];
  /** Reads the tables again; they may be edited while the platform runs. */
  refresh(): Promise<void>;
}

/** The operators room: who there is, which ranges are theirs, and which numbers have moved. */
export async function createOperators(store: OperatorStore): Promise<Operators> {
  let known = await store.read();

  return {
    async guess(digits, chosen) {
      if (chosen) return [chosen];
      const ported = known.anyPorted ? await store.portedTo(digits) : null;
      return guessOperators({ digits, prefixes: known.prefixes, ...(ported && { ported }) });
    },
    rules: () => known.rules,
    list: () => known.operators,
    async refresh() {
      known = await store.read();
    },
  };
}
