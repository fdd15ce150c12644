import type { Clock } from '@rocketpay/server/clock.ts';
import type { CallbackStore } from '@rocketpay/server/callbacks/callbacks.ts';
import type { Log } from '@rocketpay/server/log.ts';
import type { PaymentStore } from '@rocketpay/server/payments/payments.ts';
import type { Lifeline } from '../world/lifeline.ts';
import type { Random } from '../world/random.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Violations } from '../world/violation.ts';

export interface PortParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly life: Lifeline;
}

/** One process's clock on virtual time; `sleepIdly` is for its sweeper. */
export function createClock({ timeline, random, life }: PortParts): {
  readonly clock: Clock;
  readonly sweepClock: Clock;
} {
  const monotonicFrom = timeline.now - random.between(0, 1_000_000);
  const clock: Clock = {
    now: () => timeline.now,
    monotonicMs: () => timeline.now - monotonicFrom,
    sleep: (ms) => life.fence(() => timeline.sleep(ms)),
  };
  return { clock, sweepClock: { ...clock, sleep: (ms) => life.fence(() => timeline.sleepIdly(ms)) } };
}

/** A statement takes a while to get there and a while to be answered; one on its way when its process stops may still be run. */
export function createStatements({ timeline, random, life }: PortParts) {
  const delay = (): number => (random.chance(0.01) ? random.between(100, 3_000) : random.between(0, 6));
  return function statement<Result>(
    run: () => Promise<Result>,
    committed: () => void = () => undefined,
  ): Promise<Result> {
    return life.fence(async () => {
      await timeline.sleep(delay());
      if (!life.alive && random.chance(0.5)) return new Promise(() => undefined);
      const result = await run();
      committed();
      await timeline.sleep(delay());
      return result;
    });
  };
}

type Statements = ReturnType<typeof createStatements>;

/** The payments' store as a process reaches it. `committed` is called between a commit and its answer. */
export function reachPayments(store: PaymentStore, statement: Statements, committed: () => void): PaymentStore {
  return {
    commit: (change) => statement(() => store.commit(change), committed),
    load: (key) => statement(() => store.load(key)),
    findByRequest: (projectId, requestId) => statement(() => store.findByRequest(projectId, requestId)),
    claimDue: (now, limit, leaseMs) => statement(() => store.claimDue(now, limit, leaseMs)),
    events: (key) => statement(() => store.events(key)),
    incidents: (key) => statement(() => store.incidents(key)),
  };
}

/** The callbacks' store as a process reaches it. */
export function reachCallbacks(store: CallbackStore, statement: Statements): CallbackStore {
  return {
    enqueue: (rows) => statement(() => store.enqueue(rows)),
    claimDue: (now, leaseMs, limits) => statement(() => store.claimDue(now, leaseMs, limits)),
    recordAttempt: (result, leaseMs) => statement(() => store.recordAttempt(result, leaseMs)),
    list: (key) => statement(() => store.list(key)),
    attempts: (key) => statement(() => store.attempts(key)),
  };
}

/** A log that nothing secret may reach; a failed effect is a broken promise of its own, since no port here ever fails. */
export function createLog(violations: Violations): Log {
  const check = (level: string) => (about: unknown, message?: string) => {
    const error = typeof about === 'object' && about !== null && 'err' in about ? about.err : undefined;
    if (error !== undefined)
      violations.add(`${message ?? 'failed'}: ${error instanceof Error ? error.message : String(error)}.`, null);
    const line = JSON.stringify([level, about, message]);
    if (line.includes('otp-') || /\b7\d{10}\b/.test(line))
      violations.add(`A code or a phone number was logged: "${message}".`, null);
  };
  return { debug: check('debug'), info: check('info'), warn: check('warn'), error: check('error') };
}
