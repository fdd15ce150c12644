import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 100;
const answerLimitMs = 2_000;
const progressEveryMs = 5_000;

/**
 * Asks until the answer is 200.
 *
 * @throws Error with the last answer when that takes longer than `limitMs`
 */
export async function waitUntilReady(
  url: string,
  options: { limitMs: number; signal: AbortSignal; onProgress: (line: string) => void },
): Promise<void> {
  const started = Date.now();
  let told = started;
  for (;;) {
    options.signal.throwIfAborted();
    const answer = await ask(url);
    if (answer === 'ready') return;
    const now = Date.now();
    if (now - started > options.limitMs) {
      throw new Error(`${url} is not ready after ${options.limitMs / 1000} s: ${answer}`);
    }
    if (now - told > progressEveryMs) {
      told = now;
      options.onProgress(`waiting for ${url} (${answer})`);
    }
    await sleep(pollMs);
  }
}

async function ask(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerLimitMs) });
    if (answer.status === 200) return 'ready';
    return `${answer.status} ${(await answer.text()).slice(0, 200)}`;
  } catch {
    return 'no answer yet';
  }
}
