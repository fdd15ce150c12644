import Fastify, { type FastifyInstance } from 'fastify';
import { Rocketpay, RocketpayError } from '@rocketpay/sdk';
import { Board } from './board.ts';
import type { Config } from './config.ts';
import { pageRoutes } from './page-routes.ts';
import { messagesFrom } from './phone-messages.ts';
import { Shop } from './shop.ts';
import type { Store } from './store.ts';
import { orderView } from './view.ts';

const LARGEST_BODY_BYTES = 1024 * 1024;

export interface App {
  readonly http: FastifyInstance;
  readonly shop: Shop;
}

export interface AppOptions {
  readonly now?: () => number;
  readonly retryDelaysMs?: readonly number[];
  /** Gives up every call to the platform that is under way. */
  readonly signal?: AbortSignal;
}

/** The merchant's server over an open store; it does not listen yet. */
export function buildApp(config: Config, store: Store, { now = Date.now, ...client }: AppOptions = {}): App {
  const { projectId, secret, callbackSecret, gateUrl: baseUrl, pageKey } = config;
  const key = pageKey === undefined ? {} : { pageEncryptionKey: pageKey };
  const rocketpay = new Rocketpay({ projectId, secret, callbackSecret, baseUrl, ...key, ...client });
  const board = new Board(store, config.simulatorUrl);
  const shop = new Shop({
    rocketpay,
    store,
    now,
    changed: (order) => board.show(order),
    heard: (callback) => board.tell(callback),
  });
  const http = Fastify({ logger: { level: config.logLevel }, bodyLimit: LARGEST_BODY_BYTES });

  http.addHook('preClose', async () => board.close());
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', () => ({ status: 'ready' }));
  http.get('/orders', () => store.orders().map((order) => orderView(order, store.callbacks(order.paymentId))));
  http.get<{ Params: { paymentId: string } }>('/orders/:paymentId', (request, reply) => {
    const order = store.order(request.params.paymentId);
    if (order === undefined) return reply.code(404).send({ message: 'No such order' });
    return orderView(order, store.callbacks(order.paymentId));
  });
  http.get('/callbacks', () =>
    store.callbacks().map(({ seq, receivedAt, times, body }) => ({
      seq,
      received_at: new Date(receivedAt).toISOString(),
      times,
      body,
    })),
  );
  void http.register(async (callbacks) => callbackRoute(callbacks, shop));
  const readMessages = messagesFrom(config.simulatorUrl);
  void http.register(async (pages) => pageRoutes(pages, { shop, board, store, config, readMessages }));
  return { http, shop };
}

/** Takes the bytes as they came: a body that was decoded and encoded again may no longer fit its signature. */
function callbackRoute(http: FastifyInstance, shop: Shop): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.post('/callbacks', (request, reply) => {
    try {
      shop.takeCallback(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), request.headers);
      return reply.code(200).send();
    } catch (error) {
      if (!(error instanceof RocketpayError)) throw error;
      return reply.code(400).send({ message: error.message });
    }
  });
}
