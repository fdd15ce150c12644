import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 40;

/**
 * Asks again and again until the answer is neither undefined nor false, and resolves to it. An assertion that fails
 * counts as "not yet".
 *
 * @throws Error that names what was waited for, and the last failure, once `withinMs` is over
 */
export async function eventually<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false> | Value | undefined | false,
  withinMs = 30_000,
): Promise<Value> {
  const until = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > until) throw new Error(`In ${withinMs} ms it did not happen: ${what}`, { cause: last });
    await pause(POLL_MS);
  }
}
