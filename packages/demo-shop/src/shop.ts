import type { IncomingHttpHeaders } from 'node:http';
import { type Rocketpay, RocketpayError, type CallbackEvent } from '@rocketpay/sdk';
import { checkoutOf, type Checkout, type CheckoutPlace } from './checkout.ts';
import { demoCustomer } from './customer.ts';
import {
  changeRefund,
  foreignOrder,
  newOrder,
  openWay,
  postponed,
  refundTaken,
  withEvent,
  withProblem,
  withRefund,
  withState,
  type Order,
  type Refund,
} from './orders.ts';
import type { Store, StoredCallback } from './store.ts';
import type { PageWay } from './ways.ts';

export interface ShopContext {
  readonly rocketpay: Rocketpay;
  readonly store: Store;
  readonly now: () => number;
  /** Called after every change of an order. */
  readonly changed: (order: Order) => void;
  /** Called after every callback that is news. */
  readonly heard: (callback: StoredCallback) => void;
}

export type Basket = Pick<Order, 'paymentId' | 'phone' | 'amountMinor' | 'currency' | 'goods'>;

export interface Purchase extends Basket {
  readonly ipAddress: string;
  readonly callbackUrl: string;
}

export interface RefundWish {
  readonly paymentId: string;
  readonly merchantRefundId: string;
  /** Absent for all that is left. */
  readonly amountMinor?: number;
}

const CHECKED_AT_ONCE = 20;
/** After so long a payer who opened the page and gave no number is believed to be gone; one who pays later still is heard of. */
const PAGE_LEFT_AFTER_MS = 3_600_000;

/** What the merchant does: every call to the platform is written down before it goes out, and after it came back. */
export class Shop {
  readonly #context: ShopContext;
  #isStopping = false;

  constructor(context: ShopContext) {
    this.#context = context;
  }

  /** Starts a purchase; the same `paymentId` again (a double click, a reload) starts nothing. */
  async buy(purchase: Purchase): Promise<Order> {
    const { store, now, rocketpay } = this.#context;
    const { ipAddress, callbackUrl, ...bought } = purchase;
    const existing = store.order(purchase.paymentId);
    if (existing) return existing;
    this.#put(newOrder({ ...bought, startedHere: true, way: 'gate', stage: 'sending' }, now()));
    try {
      const accepted = await rocketpay.sale({
        paymentId: purchase.paymentId,
        amountMinor: purchase.amountMinor,
        currency: purchase.currency,
        description: purchase.goods,
        phone: purchase.phone,
        customer: { ...demoCustomer(purchase.phone), ipAddress },
        callbackUrl,
      });
      return this.#change(purchase.paymentId, (order) => ({ ...order, stage: 'taken', requestId: accepted.requestId }));
    } catch (error) {
      const refused = asRocketpayError(error).outcome === 'refused';
      return this.#change(purchase.paymentId, (order) => {
        const { checkAt: _none, ...rest } = order;
        return withProblem(refused ? { ...rest, stage: 'not_taken' } : order, explain(error));
      });
    }
  }

  /** Writes an order down that is paid on the Payment Page; the platform hears of it from the payer's browser. */
  openOrder(basket: Basket, way: PageWay): Order {
    const { store, now } = this.#context;
    const existing = store.order(basket.paymentId);
    return existing ?? this.#put(newOrder({ ...basket, startedHere: true, way, stage: 'opened' }, now()));
  }

  /** The way to the page for an order that can still be paid there. */
  checkout(order: Order, place: CheckoutPlace): Checkout | undefined {
    const way = openWay(order);
    return way && checkoutOf(this.#context.rocketpay, order, way, place);
  }

  async submitCode(paymentId: string, code: string): Promise<Order> {
    return this.#attempt(paymentId, () => this.#context.rocketpay.submitCode({ paymentId, code }));
  }

  async resendCode(paymentId: string, ipAddress: string): Promise<Order> {
    return this.#attempt(paymentId, () => this.#context.rocketpay.resendCode({ paymentId, ipAddress }));
  }

  /** Tells the person at the page why nothing was done. */
  note(paymentId: string, problem: string): Order {
    return this.#change(paymentId, (order) => withProblem(order, problem));
  }

  /** Asks for a refund; the same `merchantRefundId` again (a double click, a reload) asks for nothing. */
  async refund(wish: RefundWish): Promise<Order> {
    const { store, now } = this.#context;
    const order = store.order(wish.paymentId);
    if (order === undefined) throw new RangeError('No such order');
    if (order.refunds.some((refund) => refund.merchantRefundId === wish.merchantRefundId)) return order;
    const { merchantRefundId, amountMinor } = wish;
    const refund: Refund = { merchantRefundId, state: 'sending', ...(amountMinor !== undefined && { amountMinor }) };
    this.#put(withRefund(order, refund, now()));
    return this.#sendRefund(wish.paymentId, refund);
  }

  /** Keeps a callback that came, once. @throws RocketpayError when it is not the platform's. */
  takeCallback(rawBody: Buffer, headers: IncomingHttpHeaders): CallbackEvent {
    const { rocketpay, store, now, changed, heard } = this.#context;
    const event = rocketpay.callbacks.parse(rawBody, headers);
    const order = store.together(() => {
      if (!store.keepCallback(event, rawBody.toString('utf8'), now())) return undefined;
      const next = withEvent(store.order(event.payment.id) ?? foreignOrder(event, now()), event, now());
      store.save(next);
      return next;
    });
    if (order === undefined) return event;
    const told = store.callbacks(order.paymentId).at(-1);
    if (told) heard(told);
    changed(order);
    return event;
  }

  /** Asks about the orders of which nothing was heard for too long: the way back when callbacks do not arrive. */
  async checkDue(): Promise<void> {
    const { store, now } = this.#context;
    for (const order of store.due(now(), CHECKED_AT_ONCE)) {
      if (this.#isStopping) return;
      await this.#check(order);
    }
  }

  /** Ends `checkDue` after the order it is at; the rest stay due for the next start. */
  stopChecks(): void {
    this.#isStopping = true;
  }

  async #check(order: Order): Promise<void> {
    const { rocketpay, now } = this.#context;
    const { paymentId } = order;
    for (const refund of order.refunds) {
      if (this.#isStopping) return;
      if (refund.state === 'sending') await this.#sendRefund(paymentId, refund);
    }
    if (this.#isStopping) return;
    try {
      const state = await rocketpay.status({ paymentId });
      this.#change(paymentId, (current) => withState(current, state, now()));
    } catch (error) {
      const isUnknown = asRocketpayError(error).code === '3061';
      this.#change(paymentId, (current) => (isUnknown && notTaken(current, now())) || postponed(current, now()));
    }
  }

  async #sendRefund(paymentId: string, refund: Refund): Promise<Order> {
    const { rocketpay, store } = this.#context;
    const { merchantRefundId = '', amountMinor } = refund;
    const currency = store.order(paymentId)?.currency ?? 'KZT';
    try {
      const { requestId } = await rocketpay.refund({
        paymentId,
        merchantRefundId,
        ...(amountMinor !== undefined && { amountMinor, currency }),
      });
      return this.#change(paymentId, (order) => refundTaken(order, merchantRefundId, requestId));
    } catch (error) {
      const refused = asRocketpayError(error).outcome === 'refused';
      return this.#change(paymentId, (order) => {
        const next = refused
          ? changeRefund(order, merchantRefundId, { state: 'not_taken', message: explain(error) })
          : order;
        return withProblem(next, explain(error));
      });
    }
  }

  async #attempt(paymentId: string, call: () => Promise<unknown>): Promise<Order> {
    try {
      await call();
      return this.#change(paymentId, (order) => withProblem(order, undefined));
    } catch (error) {
      const problem = explain(error);
      return this.#change(paymentId, (order) => withProblem(order, problem));
    }
  }

  #change(paymentId: string, change: (order: Order) => Order): Order {
    const order = this.#context.store.order(paymentId);
    if (order === undefined) throw new RangeError('No such order');
    return this.#put(change(order));
  }

  #put(order: Order): Order {
    this.#context.store.save(order);
    this.#context.changed(order);
    return order;
  }
}

function asRocketpayError(error: unknown): RocketpayError {
  if (error instanceof RocketpayError) return error;
  throw error;
}

/** For the person in front of the page. */
function explain(error: unknown): string {
  const { outcome, message, code, field } = asRocketpayError(error);
  if (outcome === 'unknown') return 'No answer from the platform yet. The shop keeps asking; nothing is done twice.';
  if (outcome === 'untrusted') return 'The platform’s answer could not be verified.';
  return `${message}${field === undefined ? '' : `: ${field}`}${code === undefined ? '' : ` (code ${code})`}`;
}

/** The end of an order the platform has never heard of; undefined while it may still hear of it. */
function notTaken(order: Order, now: number): Order | undefined {
  const isLeft = order.stage === 'opened' && now - order.createdAt >= PAGE_LEFT_AFTER_MS;
  if (order.stage !== 'sending' && !isLeft) return undefined;
  const { checkAt: _none, ...rest } = order;
  const why = isLeft ? 'The payer left the Payment Page' : 'The platform never received this order';
  return withProblem({ ...rest, stage: 'not_taken' }, `${why}; nothing was charged.`);
}
