import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

export interface SweeperParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
  /** Each claims what is overdue and starts it; none may wait for what it started. */
  readonly tasks: Readonly<Record<string, () => Promise<unknown>>>;
}

/** The platform's only timer: rows say when they are due, and this looks for those that are. Returns how to stop it. */
export function startSweeper({ clock, log, everyMs, tasks }: SweeperParts): () => Promise<void> {
  const stopping = new AbortController();

  async function repeat(name: string, task: () => Promise<unknown>): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await task();
      } catch (error) {
        log.error({ err: error, task: name }, 'a sweep failed');
      }
      await clock.sleep(everyMs, stopping.signal);
    }
  }

  const loops = Object.entries(tasks).map(([name, task]) => repeat(name, task));
  return async () => {
    stopping.abort();
    await Promise.all(loops);
  };
}
