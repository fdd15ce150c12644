import type { CallbackRow } from '@rocketpay/core/callback/callback.ts';
import {
  applyAttempt,
  claimed,
  HELD_RECHECK_MS,
  isBlocked,
  planEnqueue,
  planRelease,
} from '@rocketpay/core/callback/order.ts';
import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { AttemptRecord, CallbackStore } from './store.ts';

/** The callbacks' store without a database, for simulation: the same rules, held to by the same tests. */
export function createMemoryCallbackStore(): CallbackStore & {
  enqueueNow(rows: readonly CallbackRow[]): readonly CallbackRow[];
} {
  const payments = new Map<string, Map<number, CallbackRow>>();
  const attempts = new Map<string, AttemptRecord[]>();

  const rowsOf = (key: PaymentKey): CallbackRow[] => [...(payments.get(keyText(key))?.values() ?? [])];
  const lineOf = (row: CallbackRow): CallbackRow[] => rowsOf(row).filter((other) => other.url === row.url);
  function put(row: CallbackRow): void {
    const rows = payments.get(keyText(row)) ?? new Map<number, CallbackRow>();
    payments.set(keyText(row), rows.set(row.callbackNo, row));
  }

  /** For a commit that takes in callbacks together with its own changes. */
  function enqueueNow(rows: readonly CallbackRow[]): readonly CallbackRow[] {
    return rows.filter((row) => {
      const { changed, fresh } = planEnqueue(lineOf(row), row);
      for (const each of [...changed, fresh]) put(each);
      return fresh.leaseUntil !== null;
    });
  }

  return {
    enqueueNow,
    async enqueue(rows) {
      return enqueueNow(rows);
    },
    async claimDue(now, leaseMs, { rows: limit, rowsPerOrigin, oneOfOrigins, exceptOrigins }) {
      const all = [...payments.values()].flatMap((rows) => [...rows.values()]);
      const due = all.filter((row) => row.dueAt !== null && row.dueAt <= now && !exceptOrigins.includes(row.origin));
      const rounds = new Map<string, number>();
      const picked = due
        .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        .map((row) => {
          const round = rounds.get(row.origin) ?? 0;
          rounds.set(row.origin, round + 1);
          return { row, round };
        })
        .filter(({ row, round }) => round < (oneOfOrigins.includes(row.origin) ? 1 : rowsPerOrigin))
        .toSorted((a, b) => a.round - b.round)
        .slice(0, limit);
      const free = picked
        .filter(({ row }) => !isBlocked(lineOf(row), row, now))
        .map(({ row }) => claimed(row, now + leaseMs));
      for (const { row } of picked) put({ ...row, dueAt: now + HELD_RECHECK_MS, leaseUntil: null });
      for (const row of free) put(row);
      return free;
    },
    async recordAttempt(result, leaseMs) {
      const { row, startedAt, endedAt, latencyMs, outcome } = result;
      const stored = payments.get(keyText(row))?.get(row.callbackNo);
      const next = stored && applyAttempt(stored, result);
      if (!next) return [];
      put(next);
      const { kind, status, answerStart } = outcome;
      const record = {
        callbackNo: row.callbackNo,
        attempt: next.attempts,
        at: startedAt,
        status,
        outcome: kind,
        latencyMs,
        answerStart,
      };
      attempts.set(keyText(row), [...(attempts.get(keyText(row)) ?? []), record]);
      if (next.state === 'waiting') return [];
      const head = planRelease(lineOf(row), endedAt, endedAt + leaseMs);
      if (!head) return [];
      put(head);
      return head.leaseUntil === null ? [] : [head];
    },
    async list(key) {
      return rowsOf(key).toSorted((a, b) => a.callbackNo - b.callbackNo);
    },
    async attempts(key) {
      return (attempts.get(keyText(key)) ?? []).toSorted(
        (a, b) => a.callbackNo - b.callbackNo || a.attempt - b.attempt,
      );
    },
  };
}
