import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';

/** A clock whose monotonic time is moved by hand; sleeping ends at once. */
export interface HandClock extends Clock {
  pass(ms: number): void;
}

export function handClock(nowMs = Date.UTC(2026, 0, 1)): HandClock {
  let passedMs = 0;
  return {
    now: () => nowMs + passedMs,
    monotonicMs: () => passedMs,
    sleep: () => Promise.resolve(),
    pass(ms) {
      passedMs += ms;
    },
  };
}

/** Keeps every line as the text it would become. */
export function keptLog(): { readonly log: Log; readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (...parts: readonly unknown[]) => void lines.push(JSON.stringify(parts));
  return { log: { debug: keep, info: keep, warn: keep, error: keep }, lines };
}
