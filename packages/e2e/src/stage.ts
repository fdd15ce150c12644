import { randomInt, randomUUID } from 'node:crypto';
import { Documented } from './documented.ts';
import type { CallbackBody, StatusBody } from './envelope.ts';
import { type Inbox, MerchantEndpoint } from './endpoint.ts';
import { eventually } from './eventually.ts';
import { Merchant, type Order, taken } from './merchant.ts';
import { OperatorView } from './operator.ts';
import { Sandbox } from './sandbox.ts';
import { ShopView } from './shop-view.ts';

const ENDS = ['success', 'decline', 'partially refunded', 'refunded'];

/** Everything that a file of stories shares: one sandbox, one merchant, and a view into the operator. */
export class Stage implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly endpoint: MerchantEndpoint;
  readonly merchant: Merchant;
  readonly operator: OperatorView;

  private constructor(sandbox: Sandbox, endpoint: MerchantEndpoint) {
    this.sandbox = sandbox;
    this.endpoint = endpoint;
    this.merchant = new Merchant(sandbox.platform);
    this.operator = new OperatorView(sandbox.simulator);
  }

  static async set(
    settings: Readonly<Record<string, string>> = {},
    furnish?: (dataDir: string) => void,
  ): Promise<Stage> {
    const endpoint = await MerchantEndpoint.open();
    try {
      const sandbox = await Sandbox.start(settings, furnish);
      await Documented.of(sandbox.platform);
      return new Stage(sandbox, endpoint);
    } catch (error) {
      await endpoint[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A purchase at the point where its code is wanted. */
  async awaitingCode({ paymentId = newPaymentId(), ...order }: Wish = {}): Promise<Awaiting> {
    const inbox = this.endpoint.inbox(paymentId);
    return this.#awaiting({ paymentId, callbackUrl: inbox.url, ...order }, inbox);
  }

  /** The same, with its callbacks sent where the sandbox's project wants them: to the demo merchant. */
  async awaitingCodeAtShop({ paymentId = newPaymentId(), ...order }: Wish = {}): Promise<Awaiting<ShopView>> {
    return this.#awaiting({ paymentId, ...order }, this.atShop(paymentId));
  }

  /** A purchase that is paid. */
  async paid(order: Wish = {}): Promise<Awaiting> {
    const awaiting = await this.awaitingCode(order);
    await taken(this.merchant.code(awaiting.paymentId, awaiting.code), awaiting.paymentId);
    await awaiting.inbox.take(2, 'success', 30_000);
    return awaiting;
  }

  /** What a patient payer does: types the newest code whenever one is wanted. Resolves to the status at the end. */
  async seeThrough(paymentId: string, phone: string, withinMs = 60_000): Promise<StatusBody> {
    return eventually(
      `${paymentId} ends`,
      async () => {
        const status = await this.merchant.status(paymentId);
        if (ENDS.includes(status.payment.status)) return status;
        if (status.payment.status !== 'awaiting clarification') return undefined;
        const [newest] = await this.operator.messages(phone, paymentId);
        if (newest) await this.merchant.code(paymentId, newest.code);
        return undefined;
      },
      withinMs,
    );
  }

  /** What the demo merchant shows of a payment. */
  atShop(paymentId: string): ShopView {
    return new ShopView(this.sandbox.shop, paymentId);
  }

  async #awaiting<Told extends Inbox | ShopView>(order: Order, inbox: Told): Promise<Awaiting<Told>> {
    const { paymentId, phone = newPhone() } = order;
    await taken(this.merchant.sale({ ...order, phone }), paymentId);
    const asked = await inbox.take(1, 'awaiting clarification', 20_000);
    return { paymentId, phone, inbox, asked, code: await this.operator.code(phone, paymentId) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const documented = await Documented.of(this.sandbox.platform);
      await this.sandbox[Symbol.asyncDispose]();
      this.endpoint.assertAllVerified((raw) => documented.assertCallback(raw));
    } finally {
      await this.endpoint[Symbol.asyncDispose]();
    }
  }
}

interface Wish {
  readonly phone?: string;
  readonly paymentId?: string;
  readonly amount?: number;
}

export interface Awaiting<Told = Inbox> {
  readonly paymentId: string;
  readonly phone: string;
  /** Who is told: an inbox of the test's own, or the demo merchant. */
  readonly inbox: Told;
  readonly asked: CallbackBody;
  readonly code: string;
}

export function newPaymentId(): string {
  return `story-${randomUUID().slice(0, 13)}`;
}

/** A subscriber without peculiarities; TELE2 by its prefix. */
export function newPhone(prefix = '7707'): string {
  return `${prefix}${randomInt(10_000_000).toString().padStart(7, '0')}`;
}
