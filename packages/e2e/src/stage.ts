import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import type { CallbackBody, StatusBody, Sum } from './envelope.ts';
import { type Inbox, MerchantEndpoint } from './endpoint.ts';
import { eventually } from './eventually.ts';
import { Merchant, taken } from './merchant.ts';
import { OperatorView } from './operator.ts';
import { Sandbox } from './sandbox.ts';

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
      return new Stage(await Sandbox.start(settings, furnish), endpoint);
    } catch (error) {
      await endpoint[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A purchase at the point where its code is wanted. */
  async awaitingCode(order: { phone?: string; paymentId?: string; amount?: number } = {}): Promise<Awaiting> {
    const { paymentId = newPaymentId(), phone = newPhone(), amount = 100_000 } = order;
    const inbox = this.endpoint.inbox(paymentId);
    await taken(this.merchant.sale({ paymentId, phone, amount, callbackUrl: inbox.url }), paymentId);
    const asked = await inbox.take(1, 'awaiting clarification', 20_000);
    return { paymentId, phone, inbox, asked, code: await this.operator.code(phone, paymentId) };
  }

  /** A purchase that is paid. */
  async paid(order: { phone?: string; paymentId?: string; amount?: number } = {}): Promise<Awaiting> {
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

  /** An order as the demo merchant tells it. */
  async shopOrder(paymentId: string): Promise<ShopOrder> {
    const response = await fetch(`${this.sandbox.shop}/orders/${encodeURIComponent(paymentId)}`);
    assert.equal(response.status, 200);
    return (await response.json()) as ShopOrder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.sandbox[Symbol.asyncDispose]();
      this.endpoint.assertAllVerified();
    } finally {
      await this.endpoint[Symbol.asyncDispose]();
    }
  }
}

export interface Awaiting {
  readonly paymentId: string;
  readonly phone: string;
  readonly inbox: Inbox;
  readonly asked: CallbackBody;
  readonly code: string;
}

export interface ShopOrder {
  readonly status: string;
  readonly code: string;
  readonly sum: Sum;
  readonly operator: string;
  readonly problem?: string;
  readonly callbacks: readonly { readonly body: CallbackBody }[];
}

export function newPaymentId(): string {
  return `story-${randomUUID().slice(0, 13)}`;
}

/** A subscriber without peculiarities; TELE2 by its prefix. */
export function newPhone(prefix = '7707'): string {
  return `${prefix}${randomInt(10_000_000).toString().padStart(7, '0')}`;
}
