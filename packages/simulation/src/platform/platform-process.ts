import { createCallbacks, type SendCallback } from '@rocketpay/server/callbacks/callbacks.ts';
import { createOperationIds } from '@rocketpay/server/ids.ts';
import { startSweeper } from '@rocketpay/server/jobs/sweeper.ts';
import type { Log } from '@rocketpay/server/log.ts';
import { createPayments, lifecycle, type NoticeAddresses, type Payments } from '@rocketpay/server/payments/payments.ts';
import { breakerRules, createOperatorGate } from '@rocketpay/server/operators/operators.ts';
import type { Projects } from '@rocketpay/server/projects/projects.ts';
import type { LifecycleSettings } from '@rocketpay/core/payment/rules.ts';
import type { CallWatch } from '../checks/call-watch.ts';
import type { Operator } from '../operator/operator.ts';
import type { Plant } from '../plants.ts';
import type { MemoryCallbacks } from '../stores/callback-dues.ts';
import type { MemoryPaymentStore } from '../stores/memory-payment-store.ts';
import { Lifeline } from '../world/lifeline.ts';
import type { Link } from '../world/link.ts';
import type { Random } from '../world/random.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Trace } from '../world/trace.ts';
import type { Violations } from '../world/violation.ts';
import { createClock, createStatements, reachCallbacks, reachPayments } from './ports.ts';
import { createSimulatedProvider } from './provider.ts';

export const ATTEMPT_TIMEOUT_MS = 10_000;
const SWEEP_EVERY_MS = 1_000;

/** What all processes of a run share: the world around them. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly trace: Trace;
  readonly paymentStore: MemoryPaymentStore;
  readonly callbackStore: MemoryCallbacks;
  readonly operator: Operator;
  readonly link: Link;
  readonly watch: CallWatch;
  readonly violations: Violations;
  readonly projects: Projects;
  readonly noticeAddresses: NoticeAddresses;
  readonly log: Log;
  readonly settings: LifecycleSettings;
  readonly nextIdBlock: () => number;
  /** Carries a callback to its merchant. */
  readonly deliver: SendCallback;
  readonly plant: Plant;
}

/** One process of the platform: the real rooms over simulated ports. Its end takes all its memory along. */
export class PlatformProcess {
  readonly name: string;
  readonly payments: Payments;
  readonly life = new Lifeline();

  /** `betweenCommitAndEffect` is called when a commit is done and its process does not know it yet. */
  constructor(name: string, surroundings: Surroundings, betweenCommitAndEffect: (process: PlatformProcess) => void) {
    this.name = name;
    const { timeline, trace, plant, operator, link, watch, projects, noticeAddresses, log } = surroundings;
    const { life } = this;
    const random = surroundings.random.fork(name);
    const names = surroundings.random.fork('names');
    const { clock, sweepClock } = createClock({ timeline, random, life });
    const statement = createStatements({ timeline, random, life });
    const monotonicMs = (): number => clock.monotonicMs();

    const provider = createSimulatedProvider({ operator, link, watch, trace, life, monotonicMs });
    const reached = plant.provider?.(provider) ?? provider;
    const gate = createOperatorGate({
      clock,
      log,
      rules: breakerRules({ failures: 5, openMs: 30_000 }),
      mostCalls: 32,
      answers: () => reached.answers(),
      tell: ({ operatorId, to, failures, calls }) =>
        trace.add('', `${name}: the breaker of ${operatorId} is ${to}, ${failures} of ${calls} failed`),
    });
    const store = reachPayments(surroundings.paymentStore, statement, () => betweenCommitAndEffect(this));
    const callbacks = createCallbacks({
      store: reachCallbacks(surroundings.callbackStore, statement),
      send: (url, body, headers) => life.fence(() => surroundings.deliver(url, body, headers)),
      keysOf: async (projectId) => (await projects.find(projectId))?.callbackSecrets ?? null,
      clock,
      log,
      attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
    });
    this.payments = createPayments({
      store: plant.store?.(store) ?? store,
      callbacks,
      projects,
      provider: reached,
      gate,
      noticeAddresses,
      clock,
      log,
      ids: createOperationIds({
        nextBlock: () => statement(async () => surroundings.nextIdBlock()),
        randomName: () => names.hex(40),
      }),
      settings: () => surroundings.settings,
      lifecycle: plant.lifecycle?.(lifecycle) ?? lifecycle,
    });
    const tasks = {
      payments: () => this.payments.sweep(),
      callbacks: () => callbacks.sweep(),
      breakers: () => gate.probe(),
    };
    startSweeper({ clock: sweepClock, log, everyMs: SWEEP_EVERY_MS, tasks });
  }
}
