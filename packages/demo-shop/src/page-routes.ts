import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Board } from './board.ts';
import type { CheckoutPlace } from './checkout.ts';
import type { Config } from './config.ts';
import { goods } from './goods.ts';
import { parseAmountMinor, plainAmount } from './money.ts';
import { phoneOf, refundableMinor, type Order } from './orders.ts';
import type { BuyForm } from './page/buy-form.ts';
import { cardId } from './page/order-card.ts';
import { shopPage } from './page/page.ts';
import { messageList, messageText } from './page/phone-panel.ts';
import { formatPhone, parsePhone } from './phone.ts';
import type { ReadMessages } from './phone-messages.ts';
import { isSameOrigin, pageHeaders } from './page-safety.ts';
import type { Shop } from './shop.ts';
import type { Store } from './store.ts';
import { placedIn, rememberPlaced } from './placed.ts';
import { readWay } from './ways.ts';

export interface PageContext {
  readonly shop: Shop;
  readonly board: Board;
  readonly store: Store;
  readonly config: Config;
  readonly readMessages: ReadMessages;
}

interface OrderRoute {
  readonly Params: { readonly paymentId: string };
  readonly Body: URLSearchParams | undefined;
}

const ASSETS: Readonly<Record<string, string>> = {
  'shop.js': 'text/javascript; charset=utf-8',
  'checkout.js': 'text/javascript; charset=utf-8',
  'clock.js': 'text/javascript; charset=utf-8',
  'log.js': 'text/javascript; charset=utf-8',
  'phone.js': 'text/javascript; charset=utf-8',
  'shop.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};
const SAMPLE_PHONE = '77071234567';
const newPaymentId = (): string => `order-${randomBytes(4).toString('hex')}`;

/** The page for people: it works without a script, and answers a script with JSON. */
export function pageRoutes(http: FastifyInstance, context: PageContext): void {
  const { shop, board, store, config, readMessages } = context;
  const headers = pageHeaders(new URL(config.gateUrl).origin);
  http.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  http.addHook('onRequest', async (request, reply) => {
    void reply.headers(headers);
    if (request.method === 'POST' && !isSameOrigin(request.headers))
      return reply.code(403).send({ message: 'Not from this page' });
  });

  const page = async (form: BuyForm, order: Order | undefined): Promise<string> => {
    const { simulatorUrl, gateUrl: platformUrl } = config;
    const digits = parsePhone(form.phone) ?? SAMPLE_PHONE;
    const phone = { digits, messages: await readMessages(digits), simulatorUrl };
    const [now, placed] = [new Date(), order && cardId(order.paymentId)];
    return shopPage({ form, phone, entries: board.entries(), cards: board.cards(), platformUrl, now, placed });
  };
  /** What this browser ordered last; a number that another tried may be one that is declined or never answers. */
  const placedBy = (request: FastifyRequest): Order | undefined => {
    const paymentId = placedIn(request.headers.cookie);
    return paymentId === undefined ? undefined : store.order(paymentId);
  };
  const place = (): CheckoutPlace => {
    const shopUrl = ownUrl(http, config.host);
    return { shopUrl, callbackUrl: `${shopUrl}/callbacks`, isEncrypted: config.pageKey !== undefined };
  };

  http.get('/', async (request, reply) => {
    const order = placedBy(request);
    // In the hand is the phone of that order, so that without a script its code is there to read.
    const form = emptyForm(order === undefined ? SAMPLE_PHONE : phoneOf(order));
    return reply.type('text/html; charset=utf-8').send(await page(form, order));
  });
  http.get<{ Params: { digits: string } }>('/phones/:digits/messages', async (request, reply) => {
    const digits = parsePhone(request.params.digits);
    if (digits === undefined) return reply.code(404).send({ message: 'A phone number is 4 to 24 digits' });
    const messages = await readMessages(digits);
    const newest = messages?.[0];
    return reply.header('cache-control', 'no-store').send({
      number: formatPhone(digits),
      html: messageList(messages).source,
      newest: newest && { html: messageText(newest).source, sent_at: newest.sentAt.toISOString() },
    });
  });
  http.get('/cards', () => board.snapshot());
  http.get('/events', (_request, reply) => {
    reply.hijack();
    board.watch(reply.raw, headers);
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
      return reply
        .code(422)
        .type('text/html; charset=utf-8')
        .send(await page(form, placedBy(request)));
    }
    void reply.header('set-cookie', rememberPlaced(form.paymentId));
    const basket = {
      paymentId: form.paymentId,
      phone,
      amountMinor,
      currency: 'KZT',
      goods: goods.find((one) => one.id === form.goodsId)?.name ?? 'Something else',
    };
    if (form.way !== 'gate') return toPage(request, reply, shop.openOrder(basket, form.way));
    const { callbackUrl } = place();
    return done(request, reply, await shop.buy({ ...basket, ipAddress: ipOf(request), callbackUrl }));
  });
  http.get<OrderRoute>('/orders/:paymentId/page', (request, reply) => {
    const order = store.order(request.params.paymentId);
    const checkout = order && shop.checkout(order, place());
    return checkout ? reply.redirect(checkout.url, 303) : notFound(reply);
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

  const toPage = (request: FastifyRequest, reply: FastifyReply, order: Order): FastifyReply => {
    const checkout = shop.checkout(order, place());
    if (checkout === undefined) return done(request, reply, order);
    if (!wantsJson(request)) return reply.redirect(checkout.url, 303);
    return reply.send({ card: board.card(order), checkout, next_payment_id: newPaymentId() });
  };
  const done = (request: FastifyRequest, reply: FastifyReply, order: Order): FastifyReply =>
    wantsJson(request)
      ? reply.send({ card: board.card(order), next_payment_id: newPaymentId() })
      : reply.redirect('/#orders', 303);
}

const emptyForm = (digits: string): BuyForm => ({
  paymentId: newPaymentId(),
  phone: formatPhone(digits),
  amount: plainAmount(goods[0]?.priceMinor ?? 0),
  goodsId: goods[0]?.id ?? '',
  way: readWay(null),
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
    way: readWay(body.get('way')),
    faults,
  };
}

const wantsJson = (request: FastifyRequest): boolean => request.headers.accept?.startsWith('application/json') ?? false;

const notFound = (reply: FastifyReply): FastifyReply => reply.code(404).send({ message: 'No such order' });

const ipOf = (request: FastifyRequest): string => request.ip.replace(/^::ffff:(?=\d+\.)/, '');

/** Where this very process listens; a shop that listens everywhere is reached on the loopback. */
function ownUrl(http: FastifyInstance, host: string): string {
  const address = http.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}`;
}
