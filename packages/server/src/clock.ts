/** Time as the platform knows it; the simulation brings its own. */
export interface Clock {
  /** Wall time in epoch milliseconds. */
  now(): number;
  /** Milliseconds that never jump; for time-outs and leases only. */
  monotonicMs(): number;
  /** Resolves after `ms`, at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
      signal?.addEventListener('abort', done, { once: true });
    }),
};
