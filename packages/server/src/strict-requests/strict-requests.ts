import { STRICT_TOLERANCE_S } from '@rocketpay/contract/strict-signature.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { RequestKey, StoredRequest, StrictRequestStore } from './store.ts';

export { createStrictRequestStore, type StrictRequestStore } from './store.ts';

/** One request whose strict signature holds and whose time is valid. */
export interface StrictCall extends RequestKey {
  /** Of all that was signed: equal for a byte-identical repeat alone. */
  readonly digest: string;
  /** The time it bears, Unix seconds. */
  readonly t: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export type Answered =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The nonce came before, with another request. */
  | { readonly kind: 'nonce_taken' }
  /** The same request is still being answered. */
  | { readonly kind: 'busy' }
  /** It was answered, and the answer was too large to be kept. */
  | { readonly kind: 'not_kept' };

export interface StrictRequests {
  /**
   * Answers a request by `act`, once: its repeat gets the same answer and `act` is not called. A twin that comes meanwhile
   * waits. Where whoever began it is gone without an answer, `act` is called again and told when it was begun first; it
   * must not do again what was done since then. An error of `act` is nobody's answer: the repeat calls it again.
   */
  answerOnce(call: StrictCall, act: (firstAskedAt: number | null) => Promise<Answer>): Promise<Answered>;
  /** Forgets what no valid time can repeat any more; resolves to how many. */
  sweep(): Promise<number>;
}

export interface StrictRequestParts {
  readonly store: StrictRequestStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whoever answers a request has this long; then it is taken for gone. */
const LEASE_MS = 15_000;
/** A twin waits this long for the first one's answer. */
const TWIN_WAIT_MS = 10_000;
const TWIN_POLL_MS = 50;
/** Answers of changes are a few hundred characters; only a long story of a payment is larger. */
const KEPT_LENGTH = 16_384;
/** The clocks of several processes may differ by so much; what is forgotten waits for the slowest clock there could be. */
const CLOCKS_DIFFER_MS = 2_000;
const PRUNE_MARGIN_MS = 60_000;
const PRUNE_LIMIT = 5_000;

export function createStrictRequests({ store, clock, log }: StrictRequestParts): StrictRequests {
  async function run(
    key: RequestKey,
    firstAskedAt: number | null,
    act: (firstAskedAt: number | null) => Promise<Answer>,
  ): Promise<Answered> {
    let answer: Answer;
    try {
      answer = await act(firstAskedAt);
    } catch (error) {
      await store
        .release(key)
        .catch((cause: unknown) => log.warn({ err: cause }, 'a failed strict request was not released'));
      throw error;
    }
    await store.keep({ ...key, status: answer.status, body: answer.body.length > KEPT_LENGTH ? null : answer.body });
    return { kind: 'answered', answer };
  }

  const said = ({ status, body }: StoredRequest): Answered | null => {
    if (status === null) return null;
    return body === null ? { kind: 'not_kept' } : { kind: 'answered', answer: { status, body } };
  };

  return {
    async answerOnce({ projectId, nonce, digest, t }, act) {
      const key = { projectId, nonce };
      const expiresAt = (t + STRICT_TOLERANCE_S) * 1_000 + PRUNE_MARGIN_MS;
      const waitUntil = clock.monotonicMs() + TWIN_WAIT_MS;
      for (;;) {
        const now = clock.now();
        const leaseUntil = now + LEASE_MS;
        if (await store.claim({ ...key, digest, createdAt: now, leaseUntil, expiresAt })) return run(key, null, act);
        const stored = await store.find(key);
        if (stored && stored.digest !== digest) return { kind: 'nonce_taken' };
        const told = stored && said(stored);
        if (told) return told;
        if (stored && stored.leaseUntil <= now && (await store.takeOver(key, now, leaseUntil))) {
          return run(key, stored.createdAt - CLOCKS_DIFFER_MS, act);
        }
        if (clock.monotonicMs() >= waitUntil) return { kind: 'busy' };
        await clock.sleep(TWIN_POLL_MS);
      }
    },
    async sweep() {
      let pruned = 0;
      for (;;) {
        const some = await store.prune(clock.now(), PRUNE_LIMIT);
        pruned += some;
        if (some < PRUNE_LIMIT) return pruned;
      }
    },
  };
}
