import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AttemptOutcomeKind, CallbackRow } from './callback.ts';
import { applyAttempt, claimed, isBlocked, planEnqueue, planRelease } from './order.ts';

const LEASE_MS = 30_000;

type Step =
  | { readonly do: 'tell'; readonly final: boolean; readonly delayMs: number }
  | { readonly do: 'sweep' }
  | { readonly do: 'answer'; readonly pick: number; readonly outcome: AttemptOutcomeKind }
  | { readonly do: 'crash'; readonly pick: number }
  | { readonly do: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('tell'), final: fc.boolean(), delayMs: fc.constantFrom(0, 0, 0, 5_000) }),
  fc.record({ do: fc.constant('sweep') }),
  fc.record({
    do: fc.constant('answer'),
    pick: fc.nat(9),
    outcome: fc.constantFrom('delivered', 'delivered', 'refused_status', 'timeout'),
  }),
  fc.record({ do: fc.constant('crash'), pick: fc.nat(9) }),
  fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 3_000, 10_000, 61_000) }),
);

/** One payment's line to one URL with its merchant, driven step by step; every send is checked against the promise. */
class Line {
  rows: CallbackRow[] = [];
  flights: CallbackRow[] = [];
  now = 1_000_000;

  tell(final: boolean, delayMs: number): void {
    const notBefore = this.now + delayMs;
    const leaseUntil = delayMs > 0 ? null : this.now + LEASE_MS;
    const { changed, fresh } = planEnqueue(this.rows, {
      projectId: 1,
      paymentKey: 'p',
      callbackNo: this.rows.length + 1,
      url: 'https://shop.example/',
      origin: 'https://shop.example',
      body: '{}',
      kind: final ? 'result' : 'clarification',
      final,
      operationId: 1,
      createdAt: this.now,
      notBefore,
      state: 'waiting',
      attempts: 0,
      attemptsBefore: 0,
      resends: 0,
      resentAt: null,
      dueAt: leaseUntil ?? notBefore,
      leaseUntil,
    });
    for (const row of changed) this.put(row);
    this.rows.push(fresh);
    if (fresh.leaseUntil !== null) this.send(fresh);
  }

  sweep(): void {
    for (const row of this.rows.filter(({ dueAt }) => dueAt !== null && dueAt <= this.now)) {
      if (isBlocked(this.rows, row, this.now)) continue;
      this.put(claimed(row, this.now + LEASE_MS));
      this.send(claimed(row, this.now + LEASE_MS));
    }
  }

  send(row: CallbackRow): void {
    for (const older of this.rows.filter(({ callbackNo }) => callbackNo < row.callbackNo)) {
      assert.ok(!(older.final && older.state === 'waiting'), `${row.callbackNo} overtakes final ${older.callbackNo}`);
    }
    for (const flight of this.flights) assert.equal(flight.callbackNo, row.callbackNo, 'two are on their way at once');
    if (!row.final)
      assert.equal(row.callbackNo, this.rows.length, 'an intermediate one goes after a newer one has come');
    assert.ok(row.notBefore <= this.now, 'sent before its delay is over');
    this.flights.push(row);
  }

  answer(pick: number, kind: AttemptOutcomeKind): void {
    const [row] = this.flights.splice(pick % this.flights.length, 1);
    const stored = row && this.rows[row.callbackNo - 1];
    if (!row || !stored) return;
    const outcome = { kind, status: null, answerStart: null };
    const next = applyAttempt(stored, { row, startedAt: this.now, endedAt: this.now, latencyMs: 0, outcome });
    if (!next) return;
    this.put(next);
    if (next.state === 'waiting') return;
    const head = planRelease(this.rows, this.now, this.now + LEASE_MS);
    if (!head) return;
    this.put(head);
    if (head.leaseUntil !== null) this.send(head);
  }

  /** Attempts end before their lease does; a sender that has died answers no more. */
  wait(ms: number): void {
    const until = this.now + ms;
    this.flights = this.flights.filter((row) => (row.leaseUntil ?? 0) > until);
    this.now = until;
  }

  put(row: CallbackRow): void {
    this.rows[row.callbackNo - 1] = row;
  }
}

test('whatever happens, no newer callback overtakes an undelivered final one and no intermediate one comes after a newer', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const line = new Line();
      for (const each of steps) {
        if (each.do === 'tell') line.tell(each.final, each.delayMs);
        if (each.do === 'sweep') line.sweep();
        if (each.do === 'answer' && line.flights.length > 0) line.answer(each.pick, each.outcome);
        if (each.do === 'crash') line.flights.splice(each.pick, 1);
        if (each.do === 'wait') line.wait(each.ms);
        for (const row of line.rows)
          assert.equal(row.state === 'waiting', row.dueAt !== null, 'waiting means due some day');
      }
      for (let round = 0; round < 200 && line.rows.some(({ state }) => state === 'waiting'); round++) {
        line.sweep();
        if (line.flights.length > 0) line.answer(0, 'delivered');
        else line.wait(10_000);
      }
      const open = line.rows.filter(({ final, state }) => (final ? state !== 'delivered' : state === 'waiting'));
      assert.deepEqual(open, [], 'with a merchant that answers, every final one arrives');
    }),
    { numRuns: 2_000 },
  );
});
