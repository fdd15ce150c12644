import type { Clock } from '../clock.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

export interface ManualClock extends Clock {
  /** Moves time on and wakes whoever has slept enough. */
  advance(ms: number): void;
  /** Resolves once somebody sleeps. */
  untilSomebodySleeps(): Promise<void>;
}

/** A clock that only a test moves. */
export function createManualClock(startAt = Date.UTC(2027, 0, 15, 12)): ManualClock {
  let now = startAt;
  const sleepers = new Set<Sleeper>();
  const watchers = new Set<() => void>();

  return {
    now: () => now,
    monotonicMs: () => now - startAt,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper: Sleeper = { until: now + ms, wake };
        function wake(): void {
          sleepers.delete(sleeper);
          resolve();
        }
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
        for (const watcher of watchers) watcher();
        watchers.clear();
      }),
    advance(ms) {
      now += ms;
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake();
    },
    untilSomebodySleeps: () =>
      new Promise((resolve) => {
        if (sleepers.size > 0) resolve();
        else watchers.add(resolve);
      }),
  };
}
