import { randomUUID } from 'node:crypto';
import type { RefundOrder } from './camara/body.ts';
import { CamaraError, deniedError, invalidArgument, notFound } from './camara/error.ts';
import { denial } from './denials.ts';
import type { Payments } from './payments.ts';
import type { PaymentRow, RefundRow } from './rows.ts';
import { twistOf } from './subscribers.ts';
import { change } from './world.ts';
import type { Afterwards, World } from './world.ts';

const DAY_MS = 86_400_000;

/** Carrier Billing Refund. What is left of a payment: paid, less succeeded and processing refunds. */
export class Refunds {
  readonly #world: World;
  readonly #payments: Payments;

  constructor(world: World, payments: Payments) {
    this.#world = world;
    this.#payments = payments;
  }

  /** @throws CamaraError with the documented refusal; then no refund exists. */
  create(paymentId: string, order: RefundOrder): RefundRow {
    const { store, clock } = this.#world;
    const payment = this.#payments.get(paymentId);
    const { correlator, reference, type, reason } = order;
    if (correlator !== null && store.refundCorrelatorUsed(correlator)) {
      throw invalidArgument('clientCorrelator already exist on server.');
    }
    const paidMinor = this.#admit(payment, order);
    const amountMinor = order.price?.amountMinor ?? paidMinor;
    const twist = twistOf(payment.phone);
    const refund: RefundRow = {
      id: randomUUID(),
      payment_id: payment.id,
      correlator,
      reference,
      type,
      reason,
      amount_minor: amountMinor,
      description: order.price?.description ?? null,
      status: 'processing',
      created_at: clock.now(),
      refunded_at: null,
      ...order.sink,
      denial_code: null,
      denial_reason: null,
      due_at: null,
    };
    return change(this.#world, () => {
      if (amountMinor > this.remainingMinor(payment)) return deniedError(denial('over_refund'));
      if (twist.refundDelayMs === undefined) this.#credit(refund, payment);
      else refund.due_at = clock.now() + twist.refundDelayMs;
      store.addRefund(refund);
      if (refund.due_at !== null) this.#world.wake(refund.due_at);
      return refund;
    });
  }

  list(paymentId: string): RefundRow[] {
    return this.#world.store.refunds(this.#payments.get(paymentId).id);
  }

  get(paymentId: string, refundId: string): RefundRow {
    const refund = this.list(paymentId).find(({ id }) => id === refundId);
    if (refund === undefined) throw notFound();
    return refund;
  }

  remainingMinor(payment: PaymentRow): number {
    return (payment.charged_minor ?? 0) - this.#world.store.returnedMinor(payment.id);
  }

  /** Ends the refunds that have fallen due; answers how many that were. */
  runDue(limit: number): number {
    const { store, clock } = this.#world;
    const due = store.dueRefunds(clock.now(), limit);
    if (due.length > 0) {
      change(this.#world, (afterwards) => due.forEach((refund) => this.#end(refund, afterwards)));
    }
    return due.length;
  }

  #admit(payment: PaymentRow, order: RefundOrder): number {
    const twist = twistOf(payment.phone);
    if (payment.status !== 'succeeded' || payment.charged_minor === null) {
      const code = 'CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS';
      throw new CamaraError(422, code, 'The payment is not completed.');
    }
    if (twist.refundRefused !== undefined) throw deniedError(denial(twist.refundRefused));
    const { refunds, refundWindowDays } = this.#world.profiles.of(payment.operator);
    const part = (order.price?.amountMinor ?? payment.charged_minor) < payment.charged_minor;
    if (refunds === 'none' || (refunds === 'whole' && part)) throw deniedError(denial('refund_not_allowed'));
    const age = this.#world.clock.now() - (payment.paid_at ?? 0);
    if (refundWindowDays !== null && age > refundWindowDays * DAY_MS) throw deniedError(denial('refund_window_over'));
    return payment.charged_minor;
  }

  #credit(refund: RefundRow, payment: PaymentRow): void {
    const at = this.#world.clock.now();
    const { reference, currency, phone } = payment;
    const { correlator, amount_minor } = refund;
    this.#world.store.record(
      { kind: 'refund', entry_id: refund.id, reference, correlator, amount_minor, currency, at },
      phone,
    );
    refund.status = 'succeeded';
    refund.refunded_at = at;
  }

  #end(refund: RefundRow, afterwards: Afterwards): void {
    const { store, notices } = this.#world;
    const payment = this.#payments.get(refund.payment_id);
    const { refundDenied } = twistOf(payment.phone);
    refund.due_at = null;
    if (refundDenied === undefined) this.#credit(refund, payment);
    else {
      const because = denial(refundDenied);
      refund.status = 'denied';
      refund.denial_code = because.denialCode ?? null;
      refund.denial_reason = because.reason;
    }
    store.saveRefund(refund);
    const event = refund.status === 'denied' ? 'refund-denied' : 'refund-completed';
    afterwards(notices.oweRefund(refund, payment, event));
  }
}
