import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LifecycleSettings } from '@rocketpay/core/payment/rules.ts';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { createCallbacks, createCallbackStore } from '../callbacks/callbacks.ts';
import { createServer } from '../http/server.ts';
import { createPageRefusals } from '../page-sessions/page-sessions.ts';
import { testRenderer } from './test-renderer.ts';
import { blocksFrom, createOperationIds } from '../ids.ts';
import type { Log } from '../log.ts';
import {
  breakerRules,
  createOperatorGate,
  createOperators,
  createOperatorStore,
  operatorRoutes,
  methodRoutes,
  type BreakerNews,
  type OperatorGate,
  type Operators,
} from '../operators/operators.ts';
import { createNetworks } from '../networks.ts';
import {
  createNoticeAddresses,
  createPayments,
  createPaymentStore,
  noticeRoutes,
  paymentRoutes,
  requestStatusRoutes,
  type NoticeAddresses,
  type Payments,
  type PaymentStore,
} from '../payments/payments.ts';
import {
  createProjects,
  createProjectStore,
  createSecretUses,
  type Project,
  type ProjectAdmin,
} from '../projects/projects.ts';
import type { NoticeAddress, Notice } from '../providers/port.ts';
import { refundRoutes } from '../refunds/routes.ts';
import {
  createStrictRequests,
  createStrictRequestStore,
  type StrictRequests,
} from '../strict-requests/strict-requests.ts';
import { testBox } from './admin.ts';
import { assertDocumentedAnswer } from './documented.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createRecordingMerchant, type RecordingMerchant } from './recording-merchant.ts';
import { createScriptedProvider, type ScriptedProvider } from './scripted-provider.ts';

/** What outlives a process of the platform: the database, time, and the world outside. */
export interface World {
  readonly pool: pg.Pool;
  readonly clock: ManualClock;
  readonly provider: ScriptedProvider;
  readonly merchant: RecordingMerchant;
  readonly settings: Partial<LifecycleSettings>;
  /** The most calls one operator may have on their way; 128 unless told. */
  readonly mostCalls?: number;
  /** CIDRs; nobody unless told. */
  readonly trustedProxies?: readonly string[];
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface TestPlatform extends World {
  readonly app: FastifyInstance;
  readonly payments: Payments;
  readonly store: PaymentStore;
  readonly projects: ProjectAdmin & { find(projectId: number): Promise<Project | null> };
  readonly operators: Operators;
  readonly strictRequests: StrictRequests;
  readonly gate: OperatorGate;
  /** What breakers have done so far. */
  readonly breakerNews: readonly BreakerNews[];
  readonly noticeAddresses: NoticeAddresses;
  /** Lines logged as errors, and all lines. */
  readonly errors: unknown[][];
  readonly lines: unknown[][];
  post(path: string, body: object | string | Buffer, headers?: Record<string, string>): Promise<Reply>;
  /** The provider's notice at the address that a call of ours gave it. */
  notify(address: NoticeAddress, notice: Notice): Promise<Reply>;
  /** Resolves when every call is answered and every callback sent and written down; not while a call is held. */
  idle(): Promise<void>;
  /** Resolves when nothing is on its way to the database: whoever is under way waits for time, or for an answer. */
  quiet(): Promise<void>;
  /** Moves time on and does what has become due, until nothing is. */
  pass(ms: number): Promise<void>;
  /** Kills this process: nothing it still has on its way takes effect. Another one takes over. */
  crash(): Promise<TestPlatform>;
  /** Another process beside this one. */
  twin(): Promise<TestPlatform>;
}

const emptied =
  'strict_requests callbacks callback_attempts sale_operations refund_operations payment_events incidents payments projects ported_numbers';
const noticeAddresses = createNoticeAddresses(Buffer.alloc(32, 7), 'https://platform.example');

/** All rooms and the HTTP server over a real database, with time, operator and merchant in the test's hands. */
export async function openPlatform(
  pool: pg.Pool,
  settings: Partial<LifecycleSettings> = {},
  mostCalls?: number,
): Promise<TestPlatform> {
  await stopAll(pool);
  // Far quicker than TRUNCATE, which makes every table anew.
  await pool.query(emptied.replaceAll(/\w+/g, 'DELETE FROM $&;'));
  await pool.query('UPDATE operators SET sales_enabled = true, refunds_enabled = true');
  const clock = createManualClock();
  const provider = createScriptedProvider(clock, settings);
  const merchant = createRecordingMerchant();
  return startProcess({ pool, clock, provider, merchant, settings, ...(mostCalls !== undefined && { mostCalls }) });
}

interface Life {
  killed: boolean;
  /** Statements on their way. */
  writing: number;
}

const lives = new WeakMap<pg.Pool, Life[]>();

/** Nothing that an earlier test left on its way reaches the database any more. */
async function stopAll(pool: pg.Pool): Promise<void> {
  for (const life of lives.get(pool) ?? []) {
    life.killed = true;
    while (life.writing > 0) await nextTurn();
  }
  lives.set(pool, []);
}

/** One process of the platform; several over one world share the database, as they do in production. */
export async function startProcess(world: World): Promise<TestPlatform> {
  const { pool, clock, provider, merchant } = world;
  const errors: unknown[][] = [];
  const lines: unknown[][] = [];
  const ignore = (): void => undefined;
  const note = (...line: unknown[]): void => void lines.push(line);
  const fail = (...line: unknown[]): void => {
    note(...line);
    errors.push(line);
  };
  const log: Log = { debug: note, info: note, warn: note, error: fail };
  const life: Life = { killed: false, writing: 0 };
  lives.get(pool)?.push(life);

  /** Once the process is killed its calls to the database never end. */
  function fenced<Part extends object>(part: Part): Part {
    return new Proxy(part, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (life.killed) return new Promise(ignore);
          life.writing++;
          return Promise.resolve(Reflect.apply(member, target, args)).finally(() => life.writing--);
        };
      },
    });
  }

  const projects = createProjects({
    store: createProjectStore(pool),
    box: testBox,
    clock,
    production: false,
  });
  await projects.seedSandbox('https://shop.example/callback');
  const breakerNews: BreakerNews[] = [];
  const gate = createOperatorGate({
    clock,
    log,
    rules: breakerRules({ failures: 5, openMs: 30_000 }),
    mostCalls: world.mostCalls ?? 128,
    answers: () => provider.answers(),
    tell: (news) => void breakerNews.push(news),
  });
  const operators = await createOperators({ store: createOperatorStore(pool), gate });
  const callbacks = createCallbacks({
    store: fenced(createCallbackStore(pool)),
    send: merchant.send,
    ...fenced({
      keysOf: async (projectId: number) => (await projects.find(projectId))?.callbackSecrets ?? null,
    }),
    clock,
    log,
    attemptTimeoutMs: 10_000,
  });
  const lifecycleSettings = (): LifecycleSettings => ({
    prepareDeadlineMs: 90_000,
    clarificationWaitMs: 1_800_000,
    thresholdMs: 3_600_000,
    codeLifeMs: 80_000,
    rules: operators.rules(),
    confirmIsIdempotent: provider.confirmIsIdempotent,
    validateCharges: provider.validateCharges,
    ...world.settings,
  });
  const store = fenced(createPaymentStore(pool));
  const payments = createPayments({
    store,
    callbacks,
    projects,
    provider,
    gate,
    noticeAddresses,
    clock,
    log,
    ids: createOperationIds({ nextBlock: blocksFrom(pool), randomName: randomUUID }),
    settings: lifecycleSettings,
  });
  const app = createServer(log, createPageRefusals(testRenderer, true));
  const secretUses = createSecretUses({ pool: fenced(pool), clock, log });
  const strictStore = fenced(createStrictRequestStore(pool));
  const strictRequests = createStrictRequests({ store: strictStore, clock, log });
  const trustedProxies = createNetworks(world.trustedProxies ?? []);
  const door = { projects, secretUses, trustedProxies, strictRequests, clock };
  paymentRoutes(app, { payments, door, operators, provider, clock });
  requestStatusRoutes(app, { payments, door, provider });
  refundRoutes(app, { payments, door });
  operatorRoutes(app, { operators, door });
  methodRoutes(app, { operators, door });
  noticeRoutes(app, { payments, provider, noticeAddresses, log });

  async function post(url: string, body: object | string | Buffer, headers = {}): Promise<Reply> {
    const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const { statusCode, payload: text, headers: sent } = await app.inject({ method: 'POST', url, payload, headers });
    assertDocumentedAnswer(url, statusCode, text);
    return { status: statusCode, text, headers: sent };
  }

  async function idle(): Promise<void> {
    do {
      await payments.drain();
      await nextTurn();
    } while (life.writing > 0);
    await payments.drain();
  }

  return {
    ...world,
    app,
    payments,
    store,
    projects,
    operators,
    strictRequests,
    gate,
    breakerNews,
    noticeAddresses,
    errors,
    lines,
    post,
    notify: ({ url, bearer }, notice) =>
      post(new URL(url).pathname, notice, {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/cloudevents+json',
      }),
    idle,
    async quiet() {
      const isBusy = (): boolean => pool.idleCount < pool.totalCount || pool.waitingCount > 0;
      // What one statement leads to may take a few turns until the next one.
      for (let calm = 0; calm < 10; calm = isBusy() ? 0 : calm + 1) await nextTurn();
    },
    async pass(ms) {
      await idle();
      clock.advance(ms);
      for (;;) {
        const taken = (await payments.sweep()) + (await callbacks.sweep()) + (await gate.probe());
        await idle();
        if (taken === 0) return;
      }
    },
    crash() {
      life.killed = true;
      return startProcess(world);
    },
    twin: () => startProcess(world),
  };
}
