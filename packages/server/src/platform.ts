import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import { createCallbacks, createCallbackStore, createSender } from './callbacks/callbacks.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { createPool } from './db/pool.ts';
import { docsRoutes } from './docs/docs.ts';
import { placesOf } from './docs/places.ts';
import { healthRoutes } from './http/health.ts';
import { createServer } from './http/server.ts';
import { blocksFrom, createOperationIds } from './ids.ts';
import { startSweeper } from './jobs/sweeper.ts';
import { lifecycleSettings } from './lifecycle-settings.ts';
import type { Log } from './log.ts';
import { deriveKey, loadMasterKey } from './master-key.ts';
import {
  breakerRules,
  createBreakerStory,
  createOperatorGate,
  createOperators,
  createOperatorStore,
  operatorRoutes,
  methodRoutes,
} from './operators/operators.ts';
import { createNetworks } from './networks.ts';
import { createPageRefusals, createPageRenderer, mountPages, seedSandboxPage } from './page-sessions/page-sessions.ts';
import {
  createNoticeAddresses,
  createPayments,
  createPaymentStore,
  noticeRoutes,
  paymentRoutes,
  requestStatusRoutes,
} from './payments/payments.ts';
import {
  checkMasterKey,
  createProjects,
  createProjectStore,
  createSecretBox,
  createSecretUses,
} from './projects/projects.ts';
import { openProvider } from './provider.ts';
import { refundRoutes } from './refunds/routes.ts';
import { createStrictRequests, createStrictRequestStore } from './strict-requests/strict-requests.ts';

const OPERATORS_REFRESH_MS = 10_000;
const PAGES_FORGET_MS = 600_000;

export interface Platform {
  readonly app: FastifyInstance;
  /** Takes no more work, finishes what is on its way, and lets go of the database. */
  stop(): Promise<void>;
}

/** Builds the platform from its parts, once; the schema must be migrated. */
export async function createPlatform(config: Config, databaseUrl: string, log: Log): Promise<Platform> {
  const clock = systemClock;
  const pool = createPool({
    databaseUrl,
    maxConnections: config.databaseConnections,
    onError: (error) => log.warn({ err: error }, 'a database connection was lost'),
  });
  const masterKey = await loadMasterKey(config.masterKey, config.dataDir);

  const box = createSecretBox(deriveKey(masterKey, 'secrets'));
  await checkMasterKey(pool, box);
  const projects = createProjects({
    store: createProjectStore(pool),
    box,
    clock,
    production: config.mode === 'production',
  });
  if (config.mode === 'sandbox') await projects.seedSandbox(config.sandboxCallbackUrl);
  if (config.mode === 'sandbox') await seedSandboxPage(pool, box);

  const provider = openProvider(config, clock, log);
  const breakerStory = createBreakerStory({ pool, by: `${hostname()}/${process.pid}`, clock, log });
  const gate = createOperatorGate({
    clock,
    log,
    rules: breakerRules({ failures: config.breakerFailures, openMs: config.breakerOpenMs }),
    mostCalls: config.operatorCalls,
    answers: () => provider.answers(),
    tell: breakerStory.tell,
  });
  const operators = await createOperators({ store: createOperatorStore(pool), gate });
  const sender = createSender({ allowedNetworks: config.callbackAllowedNetworks, timeoutMs: config.callbackTimeoutMs });
  const callbacks = createCallbacks({
    store: createCallbackStore(pool),
    send: sender.send,
    keysOf: async (projectId) => (await projects.find(projectId))?.callbackSecrets ?? null,
    clock,
    log,
    attemptTimeoutMs: config.callbackTimeoutMs,
  });
  const noticeAddresses = createNoticeAddresses(deriveKey(masterKey, 'notices'), config.publicUrl);

  const ids = createOperationIds({ nextBlock: blocksFrom(pool), randomName: randomUUID });
  const store = createPaymentStore(pool);
  const payments = createPayments({
    store,
    callbacks,
    projects,
    provider,
    gate,
    noticeAddresses,
    clock,
    log,
    ids,
    settings: lifecycleSettings(config, operators, provider),
  });

  const renderer = await createPageRenderer();
  const app = createServer(log, createPageRefusals(renderer, config.mode === 'sandbox'));
  healthRoutes(app, {
    databaseAnswers: () =>
      pool.query('SELECT 1').then(
        () => true,
        () => false,
      ),
    providerAnswers: () => provider.answers(),
    breakers: () => operators.breakers(),
    monotonicMs: () => clock.monotonicMs(),
  });
  const secretUses = createSecretUses({ pool, clock, log });
  const strictRequests = createStrictRequests({ store: createStrictRequestStore(pool), clock, log });
  const trustedProxies = createNetworks(config.trustedProxies);
  const door = { projects, secretUses, trustedProxies, strictRequests, clock };
  paymentRoutes(app, { payments, door, operators, provider, clock });
  requestStatusRoutes(app, { payments, door, provider });
  refundRoutes(app, { payments, door });
  operatorRoutes(app, { operators, door });
  methodRoutes(app, { operators, door });
  if (config.docs) docsRoutes(app, { sandbox: config.mode === 'sandbox', places: placesOf(config) });
  const pages = await mountPages(app, {
    pool,
    box,
    key: deriveKey(masterKey, 'pages'),
    limits: config.pageLimits,
    renderer,
    payments,
    door,
    operators,
    providerId: provider.id,
    codeLifeMs: config.codeLifeMs,
    sandbox: config.mode === 'sandbox',
    clock,
    log,
  });
  noticeRoutes(app, { payments, provider, noticeAddresses, log });

  const stopSweeper = startSweeper({
    clock,
    log,
    everyMs: config.sweepEveryMs,
    tasks: { payments: () => payments.sweep(), callbacks: () => callbacks.sweep(), breakers: () => gate.probe() },
  });
  const stopRefresh = startSweeper({
    clock,
    log,
    everyMs: OPERATORS_REFRESH_MS,
    tasks: { operators: () => operators.refresh(), strictRequests: () => strictRequests.sweep() },
  });
  const stopForgetting = startSweeper({
    clock,
    log,
    everyMs: PAGES_FORGET_MS,
    tasks: { pages: () => pages.forget() },
  });

  return {
    app,
    async stop() {
      payments.stopWaiting();
      await app.close();
      await Promise.all([stopSweeper(), stopForgetting(), stopRefresh()]);
      await payments.drain();
      await callbacks.drain();
      await secretUses.drain();
      await breakerStory.stop();
      await Promise.all([provider.close(), sender.close()]);
      await pool.end();
    },
  };
}
