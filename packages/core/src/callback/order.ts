import type { AttemptResult, CallbackRow } from './callback.ts';
import { waitAfterMs } from './schedule.ts';

/**
 * The order of callbacks, per payment and URL. A newer one supersedes an undelivered intermediate one and waits behind an
 * undelivered final one; while an attempt of a superseded one is on its way, the newer waits for its end, so that no
 * merchant gets them the wrong way round. PostgreSQL does the same in SQL; one set of tests holds both to it.
 */

/** A row that waits behind another is looked at again after this, should its release have been lost in a crash. */
export const HELD_RECHECK_MS = 60_000;

export interface EnqueuePlan {
  /** Earlier rows that are no longer as they were. */
  readonly changed: readonly CallbackRow[];
  readonly fresh: CallbackRow;
}

const isLeased = (row: CallbackRow, now: number): boolean => row.leaseUntil !== null && row.leaseUntil > now;

/** True for a row that makes newer ones wait: undelivered, or superseded with an attempt still on its way. */
function blocks(row: CallbackRow, now: number): boolean {
  return row.state === 'waiting' || (row.state === 'superseded' && isLeased(row, now));
}

/** A row as it is while an attempt is made under a lease. */
export function claimed(row: CallbackRow, leaseUntil: number): CallbackRow {
  return { ...row, leaseUntil, dueAt: leaseUntil };
}

/** Where a new callback takes its place. `earlier` are the rows of the same payment and URL; now is its `createdAt`. */
export function planEnqueue(earlier: readonly CallbackRow[], fresh: CallbackRow): EnqueuePlan {
  const now = fresh.createdAt;
  const blocking = earlier.filter((row) => blocks(row, now)).toSorted((a, b) => a.callbackNo - b.callbackNo);
  const outdated = blocking.filter((row) => row.state === 'waiting' && !row.final);
  const flights = blocking.filter((row) => !row.final && isLeased(row, now)).map((row) => row.leaseUntil ?? now);
  const flightEndsBy = Math.max(now, ...flights);
  const changed = outdated.map((row): CallbackRow => ({ ...row, state: 'superseded', dueAt: null }));

  const head = blocking.find((row) => row.final && row.state === 'waiting');
  if (head) {
    const soonest = Math.max(flightEndsBy, head.notBefore);
    if (!isLeased(head, now) && (head.dueAt ?? 0) > soonest) changed.push({ ...head, dueAt: soonest });
    return { changed, fresh: { ...fresh, leaseUntil: null, dueAt: Math.max(fresh.notBefore, now + HELD_RECHECK_MS) } };
  }
  if (flights.length === 0) return { changed, fresh };
  return { changed, fresh: { ...fresh, leaseUntil: null, dueAt: Math.max(fresh.notBefore, flightEndsBy) } };
}

/** True when the row may not be sent yet because of an earlier one among `rows`, all of one payment and URL. */
export function isBlocked(rows: readonly CallbackRow[], row: CallbackRow, now: number): boolean {
  return rows.some((other) => other.callbackNo < row.callbackNo && blocks(other, now));
}

/**
 * What an attempt that has ended makes of the stored row; null when it changes nothing. An acknowledgement always counts,
 * a failure only for the claim under which it was made.
 */
export function applyAttempt(stored: CallbackRow, result: AttemptResult): CallbackRow | null {
  if (stored.state !== 'waiting' && stored.state !== 'superseded') return null;
  const { state, dueAt } = standingAfter(result);
  const isOwnClaim = stored.attempts === result.row.attempts && stored.leaseUntil === result.row.leaseUntil;
  if (state !== 'delivered' && !isOwnClaim) return null;
  const attempted = { ...stored, attempts: stored.attempts + 1, leaseUntil: null };
  if (state === 'delivered' || stored.state === 'waiting') return { ...attempted, state, dueAt };
  return attempted;
}

/** The state and next due time that an attempt gives to a row that still waits. */
export function standingAfter({ row, endedAt, outcome }: AttemptResult): Pick<CallbackRow, 'state' | 'dueAt'> {
  if (outcome.kind === 'delivered') return { state: 'delivered', dueAt: null };
  const wait = waitAfterMs(row.attempts - row.attemptsBefore + 1);
  return wait === null ? { state: 'exhausted', dueAt: null } : { state: 'waiting', dueAt: endedAt + wait };
}

/**
 * The row among `rows`, all of one payment and URL, that an ended attempt sets free, as it is then: claimed when it may be
 * sent at once, due at its delay's end otherwise. Null when there is none.
 */
export function planRelease(rows: readonly CallbackRow[], now: number, leaseUntil: number): CallbackRow | null {
  const head = rows.filter((row) => row.state === 'waiting').toSorted((a, b) => a.callbackNo - b.callbackNo)[0];
  if (!head || head.attempts > head.attemptsBefore || isLeased(head, now) || isBlocked(rows, head, now)) return null;
  return head.notBefore <= now ? claimed(head, leaseUntil) : { ...head, leaseUntil: null, dueAt: head.notBefore };
}
