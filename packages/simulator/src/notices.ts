import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { stamp } from './clock.ts';
import type { Clock } from './clock.ts';
import { CURRENCY, majorFromMinor } from './money.ts';
import type { NoticeRow, PaymentRow, RefundRow, SinkColumns } from './rows.ts';
import type { Operator } from './operators.ts';
import { happens, type Profiles } from './profiles.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';

export type PaymentEvent =
  | 'payment-pending-validation'
  | 'payment-reserved'
  | 'payment-completed'
  | 'payment-denied'
  | 'payment-cancelled';
export type RefundEvent = 'refund-completed' | 'refund-denied';

/** Whose payment a notice is about. */
export type NoticeOf = { readonly phone: string; readonly operator: Operator };

/** Waits before the second and later tries; then every five minutes for a day. */
const RETRY_MS = [1000, 2000, 5000, 10_000, 30_000, 60_000];
const LATER_RETRY_MS = 300_000;
const OWED_FOR_MS = 86_400_000;
const ANSWER_MS = 10_000;
/** Outlasts one try, so that the sweep never sends what is still under way. */
const LEASE_MS = 30_000;
const CONNECTIONS = 64;

function cloudEvent(type: string, operator: string, now: number, data: object): string {
  return JSON.stringify({
    id: randomUUID(),
    source: `/operators/${operator}`,
    specversion: '1.0',
    type: `org.camaraproject.${type}`,
    time: stamp(now),
    datacontenttype: 'application/json',
    data,
  });
}

export interface NoticeParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Is told when something has to be looked at again. */
  readonly wake: (atMs: number) => void;
  readonly profiles: Profiles;
  readonly switches: Switches;
}

/** Owes and sends CloudEvents to the sinks of payments and refunds. */
export class Notices {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #wake: (atMs: number) => void;
  readonly #profiles: Profiles;
  readonly #switches: Switches;
  readonly #pools = new Map<string, Pool>();
  #delivered: number[] = [];
  #closed = false;

  constructor({ store, clock, wake, profiles, switches }: NoticeParts) {
    this.#store = store;
    this.#clock = clock;
    this.#wake = wake;
    this.#profiles = profiles;
    this.#switches = switches;
  }

  /** Owes a notice, within the caller's transaction; the answer sends it. */
  owePayment(payment: PaymentRow, event: PaymentEvent): () => void {
    const now = this.#clock.now();
    const failed = event === 'payment-denied';
    const body = cloudEvent(`carrier-billing.v0.${event}`, payment.operator, now, {
      paymentId: payment.id,
      status: failed ? 'failed' : 'succeeded',
      description: payment.denial_reason ?? `The payment is ${payment.status}`,
      paymentDate: payment.paid_at === null ? undefined : stamp(payment.paid_at),
      denialReason: payment.denial_reason ?? undefined,
      clientCorrelator: payment.correlator ?? undefined,
      amount: majorFromMinor(payment.charged_minor ?? payment.amount_minor),
      currency: payment.currency,
      operator: payment.operator,
      denialCode: payment.denial_code ?? undefined,
    });
    return this.#owe(payment, body, now, payment);
  }

  /** As {@link owePayment}, for a refund. */
  oweRefund(refund: RefundRow, of: NoticeOf, event: RefundEvent): () => void {
    const { operator } = of;
    const now = this.#clock.now();
    const body = cloudEvent(`carrier-billing-refund.v0.${event}`, operator, now, {
      paymentId: refund.payment_id,
      refundId: refund.id,
      status: event === 'refund-denied' ? 'failed' : 'succeeded',
      description: refund.denial_reason ?? `The refund has ${refund.status}`,
      refundDate: refund.refunded_at === null ? undefined : stamp(refund.refunded_at),
      denialReason: refund.denial_reason ?? undefined,
      clientCorrelator: refund.correlator ?? undefined,
      amount: majorFromMinor(refund.amount_minor),
      currency: CURRENCY,
      operator,
      denialCode: refund.denial_code ?? undefined,
    });
    return this.#owe(refund, body, now, of);
  }

  #owe(to: SinkColumns, body: string, now: number, of: NoticeOf): () => void {
    const lost = this.#switches.faultOf({ call: 'notice', phone: of.phone, operator: of.operator });
    if (to.sink === null || lost !== undefined) return () => undefined;
    const { noticeDelayMs, doubledNoticePercent } = this.#profiles.of(of.operator);
    const notice = this.#store.addNotice({
      sink: to.sink,
      token: to.sink_token,
      token_expires_at: to.sink_token_expires_at,
      body,
      created_at: now,
      next_at: now + (noticeDelayMs > 0 ? noticeDelayMs : LEASE_MS),
    });
    const twice = happens(doubledNoticePercent);
    return () => {
      this.#wake(notice.next_at);
      if (noticeDelayMs > 0) return;
      void this.#send(notice);
      if (twice) void this.#send(notice);
    };
  }

  /** Sends what is due, up to `limit`; answers how many that were. */
  sendDue(limit: number): number {
    const now = this.#clock.now();
    const due = this.#store.dueNotices(now, limit);
    if (due.length === 0) return 0;
    this.#store.write(() => {
      for (const { seq, tries } of due) this.#store.deferNotice(seq, tries, now + LEASE_MS);
    });
    for (const notice of due) void this.#send(notice);
    return due.length;
  }

  /** Stops sending; what is owed stays owed. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#forgetDelivered();
  }

  async #send(notice: NoticeRow): Promise<void> {
    if (this.#closed) return;
    const now = this.#clock.now();
    const ended =
      now - notice.created_at >= OWED_FOR_MS || (notice.token_expires_at !== null && notice.token_expires_at <= now);
    const taken = ended || (await this.#post(notice));
    if (this.#closed) return;
    if (taken) this.#forget(notice.seq);
    else this.#defer(notice);
  }

  async #post(notice: NoticeRow): Promise<boolean> {
    try {
      const { origin, pathname, search } = new URL(notice.sink);
      const headers: Record<string, string> = { 'content-type': 'application/cloudevents+json' };
      if (notice.token !== null) headers['authorization'] = `Bearer ${notice.token}`;
      const { statusCode, body } = await this.#pool(origin).request({
        path: pathname + search,
        method: 'POST',
        headers,
        body: notice.body,
      });
      await body.dump();
      return statusCode === 204 || statusCode === 410;
    } catch {
      // Refused, cut or silent: the same notice is tried again.
      return false;
    }
  }

  #pool(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool(origin, {
      connections: CONNECTIONS,
      connect: { timeout: 3000 },
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
    this.#pools.set(origin, pool);
    return pool;
  }

  #defer(notice: NoticeRow): void {
    const nextAt = this.#clock.now() + (RETRY_MS[notice.tries] ?? LATER_RETRY_MS);
    this.#store.deferNotice(notice.seq, notice.tries + 1, nextAt);
    this.#wake(nextAt);
  }

  /** One transaction forgets what a turn delivered; one lost with the process is sent again. */
  #forget(seq: number): void {
    this.#delivered.push(seq);
    if (this.#delivered.length === 1) setImmediate(() => this.#forgetDelivered());
  }

  #forgetDelivered(): void {
    if (this.#delivered.length === 0) return;
    this.#store.dropNotices(this.#delivered);
    this.#delivered = [];
  }
}
