import { CamaraError } from './camara/error.ts';
import type { Clock } from './clock.ts';
import type { Settings } from './config.ts';
import type { Notices } from './notices.ts';
import type { Profiles } from './profiles.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

/** Runs something once the answer is out. */
export type Afterwards = (run: () => void) => void;

/** What the operator's rules work with. */
export interface World {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly store: Store;
  readonly notices: Notices;
  readonly profiles: Profiles;
  readonly switches: Switches;
  /** Numbers with too many wrong codes, and until when they are refused. */
  readonly lockedUntil: Map<string, number>;
  /** Tells the sweep that something falls due at this time. */
  readonly wake: (atMs: number) => void;
}

/**
 * One change of state: `work` runs in a transaction, what it wants done afterwards is done after
 * the commit and the answer. A refusal that `work` returns is thrown after the commit, so that
 * what it changed (an attempt counted) holds; one that it throws undoes everything.
 */
export function change<T>(world: World, work: (afterwards: Afterwards) => T): Exclude<T, CamaraError> {
  const effects: (() => void)[] = [];
  const result = world.store.write(() => work((run) => effects.push(run)));
  if (effects.length > 0) setImmediate(() => effects.forEach((run) => run()));
  if (result instanceof CamaraError) throw result;
  return result as Exclude<T, CamaraError>;
}
