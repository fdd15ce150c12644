import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const pollMs = 20;
const childrenLimitMs = 20_000;

export type StopSignals = {
  /** Aborted by the first signal; later ones change nothing. */
  readonly signal: AbortSignal;
  /** The exit code that tells of the signal, where one came. */
  exitCode(): number | undefined;
  /** From here on signals end the process again. */
  release(): void;
};

export function catchStopSignals(): StopSignals {
  const stopping = new AbortController();
  let exitCode: number | undefined;
  const stop = (name: (typeof signals)[number]) => {
    exitCode ??= 128 + constants.signals[name];
    stopping.abort();
  };
  for (const name of signals) process.on(name, stop);
  return {
    signal: stopping.signal,
    exitCode: () => exitCode,
    release: () => {
      for (const name of signals) process.off(name, stop);
    },
  };
}

/** An aborted run lets go of its processes before they have cleaned up behind themselves. */
export async function waitForChildren(): Promise<void> {
  const deadline = Date.now() + childrenLimitMs;
  while (process.getActiveResourcesInfo().includes('ProcessWrap') && Date.now() < deadline) await sleep(pollMs);
}
