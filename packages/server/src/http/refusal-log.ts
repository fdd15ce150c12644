import type { Log } from '../log.ts';

const LINES_PER_SECOND = 10;

/** Tells of refused identities, a few a second: enough to see an attack, too few to become one on the log's disk. */
export function createRefusalLog(log: Log, monotonicMs: () => number): (what: object, says: string) => void {
  let second = 0;
  let lines = 0;
  let dropped = 0;
  return (what, says) => {
    const now = Math.floor(monotonicMs() / 1_000);
    if (now !== second) [second, lines] = [now, 0];
    if (lines >= LINES_PER_SECOND) {
      dropped++;
      return;
    }
    lines++;
    log.warn({ ...what, ...(dropped > 0 && { unloggedBefore: dropped }) }, says);
    dropped = 0;
  };
}
