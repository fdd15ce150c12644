import type { CallbackRow } from './callback.ts';
import { HELD_RECHECK_MS } from './order.ts';

/** A callback may be sent again by hand once in so long: a person's impatience, or a script's, is no reason to flood. */
export const RESEND_GAP_MS = 60_000;
/** … and so often in all. */
export const MAX_RESENDS = 20;

export type ResendPlan =
  | { readonly kind: 'resent'; readonly changed: readonly CallbackRow[] }
  | {
      readonly kind: 'refused';
      /** A newer one has taken its place; an attempt is on its way; every resend is used up. */
      readonly why: 'outdated' | 'in_flight' | 'spent';
    }
  | { readonly kind: 'refused'; readonly why: 'too_soon'; readonly allowedAt: number };

const isEnded = (row: CallbackRow): boolean => row.state === 'delivered' || row.state === 'exhausted';

/** The row as it waits for a whole new schedule; its body and id stay. */
function rearmed(row: CallbackRow, now: number, dueAt: number): CallbackRow {
  const counted = { resends: row.resends + 1, resentAt: now };
  if (!isEnded(row)) return { ...row, ...counted, dueAt };
  return { ...row, ...counted, state: 'waiting', attemptsBefore: row.attempts, dueAt, leaseUntil: null };
}

/**
 * Sends a callback again that has ended, or one that waits at once. `line` are all rows of its payment and URL. What came
 * after it follows it in order, so that the last thing a merchant hears is still the newest; and a question that has been
 * answered is not asked again.
 */
export function planResend(line: readonly CallbackRow[], callbackNo: number, now: number): ResendPlan {
  const rows = line.toSorted((a, b) => a.callbackNo - b.callbackNo);
  const newestNo = rows.at(-1)?.callbackNo;
  const row = rows.find((other) => other.callbackNo === callbackNo);
  if (!row) throw new RangeError('a callback that is not in its line');
  if (row.state === 'superseded' || (!row.final && callbackNo !== newestNo))
    return { kind: 'refused', why: 'outdated' };
  if (rows.some((other) => other.leaseUntil !== null && other.leaseUntil > now))
    return { kind: 'refused', why: 'in_flight' };

  // One that waits may be held by an earlier one: that is the one to hurry.
  const head = rows.find((other) => other.state === 'waiting') ?? row;
  const again = isEnded(row)
    ? rows.filter((other) => other.callbackNo >= callbackNo && isEnded(other) && (other.final || other === rows.at(-1)))
    : [head];
  const allowedAt = Math.max(...again.map(({ resentAt }) => (resentAt ?? Number.NEGATIVE_INFINITY) + RESEND_GAP_MS));
  if (allowedAt > now) return { kind: 'refused', why: 'too_soon', allowedAt };
  if (again.some(({ resends }) => resends >= MAX_RESENDS)) return { kind: 'refused', why: 'spent' };

  const isHeld = isEnded(row) && rows.some((other) => other.callbackNo < callbackNo && other.state === 'waiting');
  return {
    kind: 'resent',
    changed: again.map((each, index) => {
      const soonest = Math.max(now, each.notBefore);
      return rearmed(each, now, index === 0 && !isHeld ? soonest : soonest + HELD_RECHECK_MS);
    }),
  };
}
