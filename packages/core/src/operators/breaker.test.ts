import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  admits,
  admitted,
  closedBreaker,
  counted,
  isProbeDue,
  probed,
  type Breaker,
  type BreakerRules,
  type CallHealth,
} from './breaker.ts';

const rules: BreakerRules = {
  windowMs: 60_000,
  leastFailures: 5,
  failurePercent: 50,
  openMs: 30_000,
  longestOpenMs: 300_000,
  probes: 3,
};

/** A breaker with a hand on the clock; its story as one word per change. */
class Bench {
  breaker: Breaker = closedBreaker;
  now = 1_000_000;
  readonly story: string[] = [];

  count(health: CallHealth, times = 1, isProbe = true): this {
    for (let time = 0; time < times; time++) {
      if (isProbe) this.breaker = admitted(this.breaker);
      this.#take(counted(this.breaker, { turn: this.breaker.turn, health, isProbe }, this.now, rules));
    }
    return this;
  }

  pass(ms: number): this {
    this.now += ms;
    return this;
  }

  ask(answers: boolean): this {
    this.#take(probed(this.breaker, answers, this.now, rules));
    return this;
  }

  #take(step: ReturnType<typeof counted>): void {
    this.breaker = step.breaker;
    if (step.change) this.story.push(`${step.change.to} ${step.change.failures}/${step.change.calls}`);
  }
}

test('it opens at five failures in a row, however many good calls were before', () => {
  const bench = new Bench().count('well', 1_000).pass(7_000).count('ill', 2).pass(7_000).count('ill', 2);
  assert.equal(bench.breaker.kind, 'closed');
  assert.deepEqual(bench.count('ill').story, ['open 5/1005']);
});

test('it opens at five failures that are half of all, in a row or not', () => {
  const mixed = new Bench();
  for (let pair = 0; pair < 4; pair++) mixed.count('well').count('ill');
  assert.equal(mixed.count('well').breaker.kind, 'closed');
  assert.equal(mixed.count('well').count('ill').breaker.kind, 'closed');
  assert.deepEqual(mixed.count('ill').story, ['open 6/12']);
});

test('a good call never opens it, whatever the counts, and what never got there is not counted', () => {
  const bench = new Bench().count('ill', 4).count('unknown', 100).count('well', 9);
  bench.count('ill', 4).count('unknown', 9).count('well');
  assert.equal(bench.breaker.kind, 'closed');
});

test('failures are forgotten with the window', () => {
  const bench = new Bench().count('ill', 4).pass(60_000).count('ill', 4);
  assert.equal(bench.breaker.kind, 'closed');
  assert.deepEqual(new Bench().count('ill', 4).pass(54_000).count('ill').story, ['open 5/5']);
  assert.equal(new Bench().count('ill', 3).pass(70_000).count('ill', 3).breaker.kind, 'closed');
});

test('open it admits nothing, and is asked after only when its time has come', () => {
  const bench = new Bench().count('ill', 5);
  assert.equal(admits(bench.breaker, rules), false);
  assert.equal(isProbeDue(bench.breaker, bench.now + 29_999), false);
  assert.equal(bench.pass(29_999).ask(true).breaker.kind, 'open');
  assert.equal(bench.pass(1).ask(false).breaker.kind, 'open');
  assert.equal(isProbeDue(bench.breaker, bench.now + 4_999), false);
  assert.equal(bench.pass(5_000).ask(true).breaker.kind, 'half_open');
});

test('half-open it lets three first calls through, which must all go well', () => {
  const half = () => new Bench().count('ill', 5).pass(30_000).ask(true);
  let { breaker } = half();
  for (let call = 0; call < 3; call++) {
    assert.equal(admits(breaker, rules), true);
    breaker = admitted(breaker);
  }
  assert.equal(admits(breaker, rules), false);
  assert.deepEqual(half().count('well', 3).story, ['open 5/5', 'half_open 0/0', 'closed 0/3']);
  assert.deepEqual(half().count('well', 2).count('ill').story, ['open 5/5', 'half_open 0/0', 'open 1/3']);
});

test('a probe that never set out gives its place back, and later calls are no probes', () => {
  const bench = new Bench().count('ill', 5).pass(30_000).ask(true).count('unknown', 50);
  assert.equal(admits(bench.breaker, rules), true);
  assert.equal(bench.count('well', 50, false).count('ill', 50, false).breaker.kind, 'half_open');
});

test('every failed try doubles the time, up to five minutes; once closed it begins anew', () => {
  const bench = new Bench().count('ill', 5);
  const waits: number[] = [];
  for (let turn = 0; turn < 6; turn++) {
    assert.ok(bench.breaker.kind === 'open');
    waits.push(bench.breaker.probeAt - bench.now);
    bench
      .pass(waits.at(-1) ?? 0)
      .ask(true)
      .count('ill');
  }
  assert.deepEqual(waits, [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  bench.pass(300_000).ask(true).count('well', 3).count('ill', 5);
  assert.ok(bench.breaker.kind === 'open');
  assert.equal(bench.breaker.probeAt - bench.now, 30_000);
});

test('what became of a call of an earlier turn says nothing about this one', () => {
  const bench = new Bench().count('ill', 5);
  const late = { turn: 0, health: 'ill', isProbe: true } as const;
  bench.pass(30_000).ask(true);
  assert.deepEqual(counted(bench.breaker, late, bench.now, rules), { breaker: bench.breaker, change: null });
  bench.count('well', 3);
  for (let call = 0; call < 50; call++) bench.breaker = counted(bench.breaker, late, bench.now, rules).breaker;
  assert.equal(bench.breaker.kind, 'closed');
  assert.equal(admits(bench.breaker, rules), true);
});

test('whatever happens, every opening is told, it never admits more probes than allowed, and it can always close again', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('count' as const), health: fc.constantFrom<CallHealth>('well', 'ill', 'unknown') }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 400_000 }) }),
    fc.record({ do: fc.constant('ask' as const), answers: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const bench = new Bench();
      let changes = 0;
      for (const each of steps) {
        const before = bench.breaker;
        if (each.do === 'pass') bench.pass(each.ms);
        else if (each.do === 'ask') bench.ask(each.answers);
        else if (admits(bench.breaker, rules)) bench.count(each.health);
        if (before.kind !== bench.breaker.kind) changes += 1;
        if (bench.breaker.kind === 'half_open') assert.ok(bench.breaker.admitted <= rules.probes);
      }
      assert.equal(bench.story.length, changes);
      // Probes under way in the half-open state are answered at last.
      while (bench.breaker.kind !== 'closed') bench.pass(300_000).ask(true).count('well', 1);
    }),
  );
});
