import { createHash } from 'node:crypto';
import { PAGE_RETRIES } from '@rocketpay/core/payment/rules.ts';
import { paymentKey, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { NewSale } from '@rocketpay/core/payment/new-sale.ts';
import type { Payments } from '@rocketpay/server/payments/payments.ts';
import type { Project } from '@rocketpay/server/projects/projects.ts';
import type { Answer, Cluster } from '../platform/cluster.ts';
import type { Random } from '../world/random.ts';
import type { Timeline } from '../world/timeline.ts';
import type { Trace } from '../world/trace.ts';
import type { Violations } from '../world/violation.ts';
import type { Arrival } from './inbox.ts';
import { Page, type Asks } from './page.ts';
import { Payer } from './payer.ts';
import type { Wishes } from './wishes.ts';

/** A request that the platform has said yes to; it must be found again at the end. */
export interface Acknowledged {
  readonly key: PaymentKey;
  readonly paymentId: string;
  readonly what: 'sale' | 'code' | 'refund';
  readonly requestId: string;
}

export interface MerchantParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly trace: Trace;
  readonly violations: Violations;
  readonly cluster: Cluster;
  readonly project: Project;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const TRIES = 8;

/** One purchase from the merchant's side: starts it, passes codes on, refunds it, and repeats what got no answer. */
export class Purchase {
  readonly wishes: Wishes;
  readonly key: PaymentKey;
  readonly acknowledged: Acknowledged[] = [];
  readonly payer: Payer;
  readonly #parts: MerchantParts;
  #refunding = false;
  readonly #page: Page;
  #codeRequests = 0;

  constructor(wishes: Wishes, parts: MerchantParts) {
    this.wishes = wishes;
    this.#parts = parts;
    this.key = { projectId: parts.project.projectId, paymentKey: paymentKey(wishes.paymentId) };
    this.#page = new Page(wishes, this.key, this.#asks);
    this.payer = new Payer(wishes.payer, parts.timeline, parts.random, {
      sendCode: (code) => this.#sendCode(code),
      askAgain: () => this.#askAgain(),
    });
  }

  get #asks(): Asks {
    return { once: (what, call) => this.#once(what, call), random: this.#parts.random, timeline: this.#parts.timeline };
  }

  async begin(): Promise<void> {
    const { random, timeline, violations } = this.#parts;
    const { wishes } = this;
    const sale = this.#sale(timeline.now);
    if (wishes.payer === 'scatterbrain')
      timeline.after(random.between(1, 4_000), () => void this.#sendCode('otp-before-asked'));
    const answer = await this.#untilAnswered(`sale ${wishes.amountMinor}`, (payments) => this.#create(payments, sale));
    if (answer?.kind === 'id_taken') violations.add('A sale was refused as a repeat of itself.', wishes.paymentId);
    if (!wishes.alsoSendsAnotherBody || answer?.kind !== 'accepted') return;
    const other = {
      ...sale,
      sum: { ...sale.sum, amountMinor: sale.sum.amountMinor + 1 },
      requestDigest: sha256('another'),
    };
    const second = await this.#untilAnswered('another sale under this id', (payments) =>
      payments.create(this.#parts.project, other, {}),
    );
    if (second?.kind === 'accepted')
      violations.add('Another body under a used payment id was accepted.', wishes.paymentId);
  }

  /** A callback that has not been here before. */
  hears({ view }: Arrival): void {
    if (view.payment.newAttempts?.available) void this.#page.mayTryAgain();
    if (view.clarification && this.#page.changesNumber()) void this.#page.changeNumber();
    else if (view.clarification) void this.payer.codeIsWanted(view.clarification.reason);
    const paid = view.operation.type === 'sale' && view.operation.status === 'success';
    if (!paid || this.#refunding) return;
    this.#refunding = true;
    void this.#refundAsWished();
  }

  async #create(payments: Payments, sale: NewSale): Promise<Awaited<ReturnType<Payments['create']>>> {
    const created = await payments.create(this.#parts.project, sale, { customer: { id: sale.customerId } });
    if (created.kind === 'accepted') this.#acknowledge('sale', created.requestId);
    return created;
  }

  #sale(now: number): NewSale {
    const { wishes, key } = this;
    const own = wishes.ownAddresses;
    return {
      key,
      paymentId: wishes.paymentId,
      requestDigest: sha256(JSON.stringify(wishes)),
      sum: { amountMinor: wishes.amountMinor, currency: 'KZT' },
      description: null,
      merchantData: null,
      customerId: 'customer-1',
      accountNumber: wishes.number,
      bestBeforeAt: wishes.bestBeforeMs === null ? null : now + wishes.bestBeforeMs,
      callbacks: {
        url: wishes.url,
        successUrl: own ? `${wishes.url}/success` : null,
        declineUrl: own ? `${wishes.url}/decline` : null,
        delayMs: wishes.callbackDelayMs,
        disabled: wishes.callbacksDisabled,
      },
      retries: wishes.retries === null ? null : PAGE_RETRIES,
      candidates: ['TELE2'],
      breakerOpen: false,
    };
  }

  async #sendCode(code: string): Promise<void> {
    this.#codeRequests += 1;
    const requestId = `code-request-${this.#codeRequests}`;
    const send = () =>
      this.#once('code', async (payments) => {
        const result = await payments.submitCode(this.key, code, requestId);
        if (result.kind === 'changed') this.#acknowledge('code', requestId);
        return result.kind === 'refused' ? result.refusal.why : result.kind;
      });
    const answer = await send();
    if (answer.kind === 'silence' && this.#parts.random.chance(0.7)) await send();
  }

  async #askAgain(): Promise<boolean> {
    const answer = await this.#once('resend', async (payments) => {
      const result = await payments.requestResend(this.key);
      return result.kind === 'refused' ? result.refusal.why : result.kind;
    });
    return answer.kind === 'answered' && answer.result === 'changed';
  }

  async #refundAsWished(): Promise<void> {
    const { timeline, random } = this.#parts;
    const { amountMinor, refunds } = this.wishes;
    await timeline.sleep(random.between(100, 120_000));
    const part = Math.max(1, Math.floor(amountMinor * (random.between(30, 70) / 100)));
    switch (refunds) {
      case 'none':
        return;
      case 'full':
        return this.#refund(null, 'full');
      case 'too_much':
        return this.#refund(amountMinor + 1, 'too-much');
      case 'partial':
        for (const name of ['first', 'second', 'third']) await this.#refund(part, name);
        return this.#refund(null, 'rest');
      case 'at_once':
        await Promise.all(['a', 'b', 'c', null].map((name) => this.#refund(part, name)));
        return;
      case 'twice':
        await Promise.all([this.#refund(part, 'same'), this.#refund(part, 'same'), this.#refund(part + 1, 'same')]);
    }
  }

  async #refund(amountMinor: number | null, name: string | null): Promise<void> {
    const asked = `refund ${amountMinor ?? 'all'} ${name ?? ''}`;
    await this.#untilAnswered(asked, async (payments) => {
      const result = await payments.requestRefund(this.key, {
        amountMinor,
        currency: amountMinor === null ? null : 'KZT',
        merchantRefundId: name,
        requestDigest: sha256(asked),
        description: null,
        callbackDelayMs: 0,
        callbacksDisabled: false,
      });
      if (result.kind === 'repeated') this.#acknowledge('refund', result.requestId);
      const made = result.kind === 'changed' ? result.payment.refunds.at(-1) : undefined;
      if (made) this.#acknowledge('refund', made.requestId);
      return { kind: result.kind === 'refused' ? result.refusal.why : result.kind };
    });
  }

  #acknowledge(what: Acknowledged['what'], requestId: string): void {
    this.acknowledged.push({ key: this.key, paymentId: this.wishes.paymentId, what, requestId });
  }

  async #untilAnswered<Result extends { kind: string }>(
    what: string,
    call: (payments: Payments) => Promise<Result>,
  ): Promise<Result | null> {
    const { timeline, random } = this.#parts;
    for (let tries = 0; tries < TRIES; tries++) {
      const answer = await this.#once(what, call);
      if (answer.kind === 'answered') return answer.result;
      await timeline.sleep(random.between(1_000, 30_000));
    }
    return null;
  }

  async #once<Result>(what: string, call: (payments: Payments) => Promise<Result>): Promise<Answer<Result>> {
    const { cluster, trace } = this.#parts;
    const answer = await cluster.request(call);
    const said = answer.kind === 'answered' ? nameOf(answer.result) : 'no answer';
    trace.add(this.wishes.paymentId, `merchant sends ${what}: ${said}`);
    return answer;
  }
}

const nameOf = (result: unknown): string =>
  typeof result === 'object' && result !== null && 'kind' in result ? String(result.kind) : String(result);
