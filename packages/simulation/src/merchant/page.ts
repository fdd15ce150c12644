import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import { currentSale } from '@rocketpay/core/payment/payment.ts';
import type { Changed, Payments } from '@rocketpay/server/payments/payments.ts';
import type { Answer } from '../platform/cluster.ts';
import type { Random } from '../world/random.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Wishes } from './wishes.ts';

/** What the page needs of the world: one request, through a bad network. */
export interface Asks {
  readonly once: <Result>(what: string, call: (payments: Payments) => Promise<Result>) => Promise<Answer<Result>>;
  readonly random: Random;
  readonly timeline: Timeline;
}

/** Requests a payer makes before giving up on the page. */
const CLICKS = 12;

const wordOf = (result: Changed): string => (result.kind === 'refused' ? result.refusal.why : result.kind);

/** A payer before the Payment Page: tries again, changes the number, leaves, or is gone without a word. */
export class Page {
  readonly #wishes: Wishes;
  readonly #key: PaymentKey;
  readonly #asks: Asks;
  #number: string;
  #hasChanged = false;

  constructor(wishes: Wishes, key: PaymentKey, asks: Asks) {
    this.#wishes = wishes;
    this.#key = key;
    this.#asks = asks;
    this.#number = wishes.number;
  }

  /** True once, for a payer who sees at the first question that the number was another one's. */
  changesNumber(): boolean {
    const changes = this.#wishes.retries === 'changes_number' && !this.#hasChanged;
    this.#hasChanged ||= changes;
    return changes;
  }

  async changeNumber(): Promise<void> {
    const { random, timeline } = this.#asks;
    await timeline.sleep(random.between(1_000, 20_000));
    const operationNo = await this.#newest();
    if (operationNo === null) return;
    this.#number = this.#wishes.otherNumber;
    await this.#click('giving up', async (payments) => wordOf(await payments.giveUp(this.#key, operationNo)));
  }

  /** The merchant has been told that the payer may try again; the page saw it first. */
  async mayTryAgain(): Promise<void> {
    const { random, timeline } = this.#asks;
    await timeline.sleep(random.between(500, 60_000));
    switch (this.#wishes.retries) {
      case 'leaves':
        await this.#click('leaving', async (payments) => wordOf(await payments.endRetries(this.#key)));
        return;
      case 'wanders_off':
      case null:
        return;
      case 'other_number':
        this.#number = this.#wishes.otherNumber;
        return this.#tryAgain();
      default:
        return this.#tryAgain();
    }
  }

  async #tryAgain(): Promise<void> {
    const after = await this.#newest();
    if (after === null) return;
    const next = { after, accountNumber: this.#number, candidates: ['TELE2'], breakerOpen: false } as const;
    const click = () =>
      this.#click(
        `another try with ${this.#number}`,
        async (payments) => wordOf(await payments.beginNextSale(this.#key, next)),
        'cancel_pending',
      );
    await (this.#asks.random.chance(0.2) ? Promise.all([click(), click()]) : click());
  }

  /** The sale the page shows. */
  async #newest(): Promise<number | null> {
    const answer = await this.#asks.once('a look at the payment', async (payments) => {
      const payment = await payments.find(this.#key);
      return payment && currentSale(payment).operationNo;
    });
    return answer.kind === 'answered' ? answer.result : null;
  }

  /** Clicks until an answer comes that is not the one to wait out. */
  async #click(what: string, call: (payments: Payments) => Promise<string>, waitOut?: string): Promise<void> {
    const { random, timeline } = this.#asks;
    for (let clicks = 0; clicks < CLICKS; clicks++) {
      const answer = await this.#asks.once(what, call);
      if (answer.kind === 'answered' && answer.result !== waitOut) return;
      await timeline.sleep(random.between(1_000, 30_000));
    }
  }
}
