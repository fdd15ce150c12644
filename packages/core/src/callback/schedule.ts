/** Attempts in all, the first included. */
export const MAX_ATTEMPTS = 120;

const LONGEST_WAIT_MS = 4 * 3_600_000;
const QUICK_WAITS = 6;

/**
 * The interval that belongs to attempt n (1 to 120), in milliseconds: 10 s for the first six, then 70 + 10 · 1.12^(n−4)
 * seconds for the 62 attempts for which that is at most four hours, then four hours. The formula and the counts are those
 * that ECOMMPAY publishes.
 */
export function intervalMs(attempt: number): number {
  if (attempt <= QUICK_WAITS) return 10_000;
  return Math.min(Math.round((70 + 10 * 1.12 ** (attempt - 4)) * 1_000), LONGEST_WAIT_MS);
}

/** How long to wait after the failed attempt n before the next; null after the last one. */
export function waitAfterMs(attempt: number): number | null {
  return attempt < MAX_ATTEMPTS ? intervalMs(attempt) : null;
}
