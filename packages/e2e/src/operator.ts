import assert from 'node:assert/strict';
import { eventually } from './eventually.ts';
import { hush } from './hush.ts';

export interface Message {
  readonly text: string;
  readonly code: string;
  readonly operator: string;
  readonly sent_at: string;
}

export interface LedgerLine {
  readonly kind: 'charge' | 'refund';
  readonly reference: string;
  readonly correlator: string;
  readonly amount: number;
  readonly currency: string;
  readonly at: string;
}

/** What a person sees of the simulated operators: the texts on a phone, the ledger, a session's state. */
export class OperatorView {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The texts that a phone got for one payment, newest first. */
  async messages(phone: string, paymentId: string): Promise<Message[]> {
    const response = await fetch(`${this.#url}/phones/${phone}/messages`);
    assert.equal(response.status, 200);
    const all = (await response.json()) as Message[];
    for (const { code } of all) hush(code);
    return all.filter((message) => message.text.includes(` ${paymentId}. `));
  }

  /** The code of the newest text for a payment, once there are `count` texts. */
  async code(phone: string, paymentId: string, count = 1): Promise<string> {
    return eventually(`text ${count} with a code of ${paymentId}`, async () => {
      const messages = await this.messages(phone, paymentId);
      return messages.length >= count ? messages[0]?.code : undefined;
    });
  }

  /** The ledger in order, of one payment or of all. */
  async ledger(reference?: string): Promise<LedgerLine[]> {
    const query = reference === undefined ? '' : `?reference=${encodeURIComponent(reference)}`;
    const text = await (await fetch(`${this.#url}/ledger${query}`)).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LedgerLine);
  }

  /** The sums of a payment in the ledger, in order: charges positive, refunds negative. */
  async moved(reference: string): Promise<number[]> {
    const lines = await this.ledger(reference);
    return lines.map(({ kind, amount }) => (kind === 'charge' ? amount : -amount));
  }

  /** Lets something go wrong for a while, as at the simulator's switches. */
  async disturb(wish: Readonly<Record<string, string | number>>): Promise<void> {
    const answer = await fetch(`${this.#url}/control/switches`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
    assert.equal(answer.status, 201, await answer.text());
  }

  /** Sets how an operator treats its ordinary numbers from now on. */
  async treat(operator: string, knobs: Readonly<Record<string, number>>): Promise<void> {
    const answer = await fetch(`${this.#url}/control/profiles/${operator}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(knobs),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  /** The operator's own state of a session, as its API tells it. */
  async sessionStatus(providerPaymentId: string): Promise<string> {
    const token = await fetch(`${this.#url}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('rocketpay:simulator-secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: bearer } = (await token.json()) as { access_token: string };
    const session = await fetch(`${this.#url}/carrier-billing/v0.5/payments/${providerPaymentId}`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    return ((await session.json()) as { paymentStatus: string }).paymentStatus;
  }
}

/** Another code of the same length. */
export function wrongCode(code: string): string {
  const other = String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
  hush(other);
  return other;
}
