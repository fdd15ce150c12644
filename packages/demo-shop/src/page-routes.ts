import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Board } from './board.ts';
import type { Config } from './config.ts';
import { goods } from './goods.ts';
import { parseAmountMinor, plainAmount } from './money.ts';
import { refundableMinor, type Order } from './orders.ts';
import { shopPage, type BuyForm } from './page/page.ts';
import { parsePhone } from './phone.ts';
import { isSameOrigin, pageHeaders } from './page-safety.ts';
import type { Shop } from './shop.ts';
import type { Store } from './store.ts';

export interface PageContext {
  readonly shop: Shop;
  readonly board: Board;
  readonly store: Store;
  readonly config: Config;
}

interface OrderRoute {
  readonly Params: { readonly paymentId: string };
  readonly Body: URLSearchParams | undefined;
}

const ASSETS: Readonly<Record<string, string>> = {
  'shop.js': 'text/javascript; charset=utf-8',
  'shop.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};
const SAMPLE_PHONE = '+7 701 123 45 67';
const newPaymentId = (): string => `order-${randomBytes(4).toString('hex')}`;

/** The page for people: it works without a script, and answers a script with JSON. */
export function pageRoutes(http: FastifyInstance, { shop, board, store, config }: PageContext): void {
  http.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  http.addHook('onRequest', async (request, reply) => {
    void reply.headers(pageHeaders);
    if (request.method === 'POST' && !isSameOrigin(request.headers))
      return reply.code(403).send({ message: 'Not from this page' });
  });

  const page = (form: BuyForm): string =>
    shopPage({ form, cards: board.cards(), simulatorUrl: config.simulatorUrl, now: new Date() });

  http.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page(emptyForm())));
  http.get('/cards', () => board.snapshot());
  http.get('/events', (_request, reply) => {
    reply.hijack();
    board.watch(reply.raw, pageHeaders);
  });
  for (const [name, type] of Object.entries(ASSETS)) {
    const content = readFileSync(new URL(`page/assets/${name}`, import.meta.url));
    http.get(`/assets/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(content),
    );
  }

  http.post<{ Body: URLSearchParams | undefined }>('/buy', async (request, reply) => {
    const form = readForm(request.body ?? new URLSearchParams());
    const phone = parsePhone(form.phone);
    const amountMinor = parseAmountMinor(form.amount);
    if (phone === undefined || amountMinor === undefined || Object.keys(form.faults).length > 0) {
      if (wantsJson(request)) return reply.code(422).send({ faults: form.faults });
      return reply.code(422).type('text/html; charset=utf-8').send(page(form));
    }
    const order = await shop.buy({
      paymentId: form.paymentId,
      phone,
      amountMinor,
      currency: 'KZT',
      goods: goods.find((one) => one.id === form.goodsId)?.name ?? 'Something else',
      ipAddress: ipOf(request),
      callbackUrl: callbackUrl(http, config.host),
    });
    return done(request, reply, order);
  });
  http.post<OrderRoute>('/orders/:paymentId/code', async (request, reply) => {
    const { paymentId } = request.params;
    if (store.order(paymentId) === undefined) return notFound(reply);
    return done(request, reply, await shop.submitCode(paymentId, request.body?.get('code')?.trim() ?? ''));
  });
  http.post<OrderRoute>('/orders/:paymentId/resend', async (request, reply) => {
    const { paymentId } = request.params;
    if (store.order(paymentId) === undefined) return notFound(reply);
    return done(request, reply, await shop.resendCode(paymentId, ipOf(request)));
  });
  http.post<OrderRoute>('/orders/:paymentId/refund', async (request, reply) => {
    const { paymentId } = request.params;
    const order = store.order(paymentId);
    if (order === undefined) return notFound(reply);
    const amountMinor = parseAmountMinor(request.body?.get('amount') ?? '');
    const merchantRefundId = request.body?.get('refund_id') ?? '';
    if (amountMinor === undefined || merchantRefundId === '') {
      return done(request, reply, shop.note(paymentId, 'A refund needs an amount above zero, such as 300 or 300.50.'));
    }
    // Without an amount the platform returns all that is left at that moment, also when another refund just changed it.
    const isRest = amountMinor === order.leftMinor && amountMinor === refundableMinor(order);
    return done(request, reply, await shop.refund({ paymentId, merchantRefundId, ...(!isRest && { amountMinor }) }));
  });

  const done = (request: FastifyRequest, reply: FastifyReply, order: Order): FastifyReply =>
    wantsJson(request)
      ? reply.send({ card: board.card(order), next_payment_id: newPaymentId() })
      : reply.redirect('/#orders', 303);
}

const emptyForm = (): BuyForm => ({
  paymentId: newPaymentId(),
  phone: SAMPLE_PHONE,
  amount: plainAmount(goods[0]?.priceMinor ?? 0),
  goodsId: goods[0]?.id ?? '',
  faults: {},
});

function readForm(body: URLSearchParams): BuyForm {
  const paymentId = body.get('payment_id') ?? '';
  const phone = body.get('phone') ?? '';
  const amount = body.get('amount') ?? '';
  const faults = {
    ...(parsePhone(phone) === undefined && { phone: 'Digits only, with the country code: +7 701 123 45 67' }),
    ...(parseAmountMinor(amount) === undefined && { amount: 'An amount above zero, such as 1500 or 1500.50' }),
  };
  return {
    paymentId: /^order-[0-9a-f]{8}$/.test(paymentId) ? paymentId : newPaymentId(),
    phone,
    amount,
    goodsId: body.get('goods') ?? '',
    faults,
  };
}

const wantsJson = (request: FastifyRequest): boolean => request.headers.accept?.startsWith('application/json') ?? false;

const notFound = (reply: FastifyReply): FastifyReply => reply.code(404).send({ message: 'No such order' });

const ipOf = (request: FastifyRequest): string => request.ip.replace(/^::ffff:(?=\d+\.)/, '');

/** Where this very process listens; a shop that listens everywhere is reached on the loopback. */
function callbackUrl(http: FastifyInstance, host: string): string {
  const address = http.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}/callbacks`;
}
