import { randomUUID } from 'node:crypto';
import { codeDigest, codeText, newCode } from './codes.ts';
import { denial } from './denials.ts';
import type { Denial } from './denials.ts';
import type { PaymentEvent } from './notices.ts';
import { VALIDATION_LIFE_MS } from './operators.ts';
import { happens } from './profiles.ts';
import type { Due, PaymentRow } from './rows.ts';
import { twistOf } from './subscribers.ts';
import type { Afterwards, World } from './world.ts';

/** The single steps of a payment; each changes the row in hand, the caller saves it. */
export class Steps {
  readonly #world: World;
  readonly #codeKey: Buffer;

  constructor(world: World) {
    this.#world = world;
    this.#codeKey = world.store.secret('codes');
  }

  get codeKey(): Buffer {
    return this.#codeKey;
  }

  /** Sends a new code, which replaces the one before. */
  askCode(payment: PaymentRow): void {
    const { clock, store } = this.#world;
    const profile = this.#world.profiles.of(payment.operator);
    const twist = twistOf(payment.phone);
    const now = clock.now();
    const lifeMs = twist.codeLifeMs ?? profile.codeLifeSeconds * 1000;
    const last =
      payment.code_digest === null || !profile.sameCodeOnResend ? undefined : store.messages(payment.phone)[0];
    const code = last?.code ?? newCode(profile.codeLength);
    payment.status = 'pending_validation';
    payment.authorization_id ??= randomUUID();
    payment.code_digest = codeDigest(this.#codeKey, payment.id, code);
    payment.code_expires_at = now + lifeMs;
    const ownMs = profile.resendAfterSeconds === null ? lifeMs : profile.resendAfterSeconds * 1000;
    payment.next_resend_at = now + (twist.resendAfterMs ?? ownMs);
    if (twist.payerRefusesAfterMs === undefined) this.due(payment, 'lapse', VALIDATION_LIFE_MS);
    else this.due(payment, 'payer_refuses', twist.payerRefusesAfterMs);
    const { phone, operator } = payment;
    store.addMessage({ phone, operator, text: codeText(payment, code), code, sent_at: now });
  }

  reserve(payment: PaymentRow): void {
    const { clock, profiles } = this.#world;
    const twist = twistOf(payment.phone);
    const lifeMs = twist.reservationLifeMs ?? profiles.of(payment.operator).reservationLifeSeconds * 1000;
    payment.status = 'reserved';
    payment.code_digest = null;
    payment.reservation_expires_at = clock.now() + lifeMs;
    if (twist.chargedAnywayMs === undefined) this.due(payment, 'lapse', lifeMs);
    else this.due(payment, 'charge', twist.chargedAnywayMs);
  }

  /** Takes the money, or denies. */
  charge(payment: PaymentRow, afterwards: Afterwards): void {
    const { store, clock } = this.#world;
    const twist = twistOf(payment.phone);
    const amountMinor = Math.max(payment.amount_minor - (twist.chargedLessMinor ?? 0), 1);
    if (twist.chargeDenied !== undefined) {
      this.deny(payment, twist.chargeDenied, afterwards);
      return;
    }
    const { leastBalanceLeftMinor, shuffledNoticePercent } = this.#world.profiles.of(payment.operator);
    if (store.balanceMinor(payment.phone) - amountMinor < leastBalanceLeftMinor) {
      this.deny(payment, denial('insufficient_balance'), afterwards);
      return;
    }
    const { id, reference, correlator, currency } = payment;
    const at = clock.now();
    store.record(
      { kind: 'charge', entry_id: id, reference, correlator, amount_minor: amountMinor, currency, at },
      payment.phone,
    );
    payment.status = 'succeeded';
    payment.charged_minor = amountMinor;
    payment.paid_at = at;
    this.#done(payment);
    this.announce(payment, 'payment-completed', afterwards);
    if (twist.notices === 'shuffled' || happens(shuffledNoticePercent)) {
      this.announce(payment, 'payment-reserved', afterwards);
      this.announce(payment, 'payment-pending-validation', afterwards);
    }
  }

  deny(payment: PaymentRow, because: Denial, afterwards: Afterwards): void {
    payment.status = 'denied';
    this.#end(payment, because);
    this.announce(payment, 'payment-denied', afterwards);
  }

  /** `because` is absent when the client itself cancels. */
  cancel(payment: PaymentRow, afterwards: Afterwards, because?: Denial): void {
    payment.status = 'cancelled';
    this.#end(payment, because);
    this.announce(payment, 'payment-cancelled', afterwards);
  }

  /** Does what has fallen due. */
  runDue(payment: PaymentRow, afterwards: Afterwards): void {
    switch (payment.due) {
      case 'prepared':
        this.#prepared(payment, afterwards);
        return;
      case 'charge':
        this.charge(payment, afterwards);
        return;
      case 'lapse':
        this.cancel(payment, afterwards, denial('reservation_expired'));
        return;
      case 'payer_refuses':
        this.cancel(payment, afterwards, denial('cancelled_by_user'));
        return;
      case null:
    }
  }

  due(payment: PaymentRow, due: Due, afterMs: number): void {
    payment.due = due;
    payment.due_at = this.#world.clock.now() + afterMs;
    this.#world.wake(payment.due_at);
  }

  announce(payment: PaymentRow, event: PaymentEvent, afterwards: Afterwards): void {
    const { notices } = twistOf(payment.phone);
    if (notices === 'none') return;
    const send = this.#world.notices.owePayment(payment, event);
    afterwards(send);
    if (notices === 'shuffled' && event === 'payment-completed') afterwards(send);
  }

  #prepared(payment: PaymentRow, afterwards: Afterwards): void {
    const twist = twistOf(payment.phone);
    if (twist.preparedDenied !== undefined) {
      this.deny(payment, denial(twist.preparedDenied), afterwards);
    } else if (twist.noCode === true) {
      this.reserve(payment);
      this.announce(payment, 'payment-reserved', afterwards);
    } else {
      this.askCode(payment);
      this.announce(payment, 'payment-pending-validation', afterwards);
    }
  }

  #end(payment: PaymentRow, because: Denial | undefined): void {
    payment.denial_code = because?.denialCode ?? null;
    payment.denial_reason = because?.reason ?? null;
    this.#done(payment);
  }

  #done(payment: PaymentRow): void {
    payment.code_digest = null;
    payment.due = null;
    payment.due_at = null;
  }
}
