import assert from 'node:assert/strict';
import { type CallbackBody, type ClarificationInfo, readCallback, type Sum } from './envelope.ts';
import { eventually } from './eventually.ts';

interface ShopOrder {
  readonly status: string;
  readonly code: string;
  readonly sum: Sum;
  readonly operator: string;
  readonly problem?: string;
  readonly clarification_info?: Partial<ClarificationInfo>;
  readonly callbacks: readonly { readonly body: CallbackBody }[];
}

/** One order of the demo merchant, to which the platform sends the callbacks of a payment that names no address. */
export class ShopView {
  readonly #url: string;

  constructor(shop: string, paymentId: string) {
    this.#url = `${shop}/orders/${encodeURIComponent(paymentId)}`;
  }

  async order(): Promise<ShopOrder> {
    const response = await fetch(this.#url);
    assert.equal(response.status, 200);
    return (await response.json()) as ShopOrder;
  }

  /** The callback of this number, as soon as it is there; the shop must show what the newest one says. */
  async take(count: number, status: string, withinMs?: number): Promise<CallbackBody> {
    const order = await eventually(
      `callback ${count} at ${this.#url}`,
      async () => {
        const shown = await this.order();
        return shown.callbacks.length >= count && shown;
      },
      withinMs,
    );
    const body = order.callbacks[count - 1]?.body;
    if (body?.payment.status !== status) throw new Error(`callback ${count} is ${body?.payment.status}, not ${status}`);
    for (const callback of order.callbacks) readCallback(JSON.stringify(callback.body));
    if (order.callbacks.length === count) assertShown(order, body);
    return body;
  }

  /** The demo merchant shows this end, and the last callback it was sent says the same. */
  async assertShows(status: string, code: string): Promise<void> {
    const order = await eventually(`the shop shows ${status}`, async () => {
      const shown = await this.order();
      return shown.status === status && shown;
    });
    assert.equal(order.code, code);
    for (const { body } of order.callbacks) readCallback(JSON.stringify(body));
    assert.equal(order.callbacks.at(-1)?.body.payment.status, status);
  }

  /** Presses the shop's own button for another code; resolves to why that did not work, if so. */
  async resend(): Promise<string | undefined> {
    const response = await fetch(`${this.#url}/resend`, {
      method: 'POST',
      body: new URLSearchParams(),
      redirect: 'manual',
    });
    assert.equal(response.status, 303);
    return (await this.order()).problem;
  }
}

function assertShown(order: ShopOrder, { payment, operation, clarification_info: asked }: CallbackBody): void {
  assert.equal(order.status, payment.status);
  assert.equal(order.code, operation.code);
  assert.deepEqual(order.sum, payment.sum);
  for (const name of ['reason', 'attempts_left', 'resends_left'] as const) {
    assert.equal(order.clarification_info?.[name], asked?.[name], name);
  }
}
