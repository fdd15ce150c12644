import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { CamaraError } from './camara/error.ts';
import { operatorApi } from './camara/operator-api.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { storeFolder } from './config.ts';
import type { Settings } from './config.ts';
import { Notices } from './notices.ts';
import { controlApi } from './control-api.ts';
import { homeRoute } from './pages/home.ts';
import { ledgerRoutes } from './pages/ledger.ts';
import { phoneRoutes } from './pages/phone.ts';
import { switchesRoute } from './pages/switches.ts';
import { Payments } from './payments.ts';
import { Profiles } from './profiles.ts';
import { Refunds } from './refunds.ts';
import { Store } from './store.ts';
import { Sweep } from './sweep.ts';
import { Switches } from './switches.ts';
import type { World } from './world.ts';

export interface Simulator {
  /** Listens and takes up what was owed; answers the base URL. */
  listen(): Promise<string>;
  /** Stops at once; what is owed is taken up at the next start. */
  close(): Promise<void>;
}

/** An operator that opens its store at once and serves after `listen`. */
export function createSimulator(options: { settings: Settings; clock?: Clock }): Simulator {
  const { settings, clock = systemClock } = options;
  const store = new Store(storeFolder(settings));
  const sweep = new Sweep(store, clock);
  const wake = (atMs: number) => sweep.wake(atMs);
  const profiles = new Profiles(settings);
  const switches = new Switches(clock);
  const notices = new Notices({ store, clock, wake, profiles, switches });
  const lockedUntil = new Map<string, number>();
  const world: World = { settings, clock, store, notices, wake, profiles, switches, lockedUntil };
  const payments = new Payments(world);
  const refunds = new Refunds(world, payments);

  const app = fastify({ forceCloseConnections: true, bodyLimit: 65_536 });
  render(app, settings.logLevel);
  app.get('/health/ready', (_request, reply) => reply.send({ status: 'ok' }));
  homeRoute(app);
  phoneRoutes(app, store);
  ledgerRoutes(app, store);
  switchesRoute(app, world);
  app.register((scope, _options, done) => {
    controlApi(scope, world);
    done();
  });
  app.register((scope, _options, done) => {
    operatorApi(scope, world, payments, refunds);
    done();
  });

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    sweep.stop();
    await app.close();
    await notices.close();
    store.close();
  }
  return {
    listen: async () => {
      const url = await app.listen({ host: settings.host, port: settings.port });
      store.hastenNotices(clock.now());
      sweep.start([
        { run: (limit) => payments.runDue(limit) },
        { run: (limit) => refunds.runDue(limit) },
        { run: (limit) => notices.sendDue(limit) },
      ]);
      return url;
    },
    close: () => (closing ??= close()),
  };
}

/** Every refusal is CAMARA's body; what is no refusal is a bug: logged, and 500. */
function render(app: FastifyInstance, logLevel: string): void {
  const log = pino({ level: logLevel });
  app.setNotFoundHandler((_request, reply) => {
    reply.code(404).send({ status: 404, code: 'NOT_FOUND', message: 'No such resource.' });
  });
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof CamaraError) {
      reply.code(error.status).send(error.body());
      return;
    }
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 400 && status < 500) {
      reply.code(status).send({ status, code: 'INVALID_ARGUMENT', message: 'Bad request.' });
      return;
    }
    log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    reply.code(500).send({ status: 500, code: 'INTERNAL', message: 'Unknown server error.' });
  });
}
