import { randomUUID } from 'node:crypto';
import { CamaraError, deniedError, invalidArgument, notFound } from './camara/error.ts';
import type { PrepareOrder } from './camara/body.ts';
import { stamp } from './clock.ts';
import { codeMatches } from './codes.ts';
import { denial } from './denials.ts';
import type { DenialCode } from './denials.ts';
import { CURRENCY } from './money.ts';
import { isWithin, startOf } from './knobs.ts';
import { happens } from './profiles.ts';
import type { Profile } from './profiles.ts';
import type { PaymentRow } from './rows.ts';
import { Steps } from './steps.ts';
import { subscriberOf, twistOf } from './subscribers.ts';
import type { Subscriber } from './subscribers.ts';
import { change } from './world.ts';
import type { Afterwards, World } from './world.ts';

const cancelled = () => new CamaraError(409, 'CARRIER_BILLING.PAYMENT_CANCELLED', 'The payment is cancelled.');
const confirmed = () => new CamaraError(409, 'CARRIER_BILLING.PAYMENT_CONFIRMED', 'The payment is confirmed.');
const validated = () => new CamaraError(409, 'ALREADY_EXISTS', 'Payment already validated');
const badAuthorization = () =>
  new CamaraError(400, 'CARRIER_BILLING.INVALID_AUTHORIZATION_ID', 'Invalid authorizationId.');

function deniedAs(payment: PaymentRow): CamaraError {
  const { denial_code: denialCode, denial_reason: reason } = payment;
  const extra = denialCode === null ? {} : { denialCode };
  return new CamaraError(403, 'CARRIER_BILLING.PAYMENT_DENIED', reason ?? 'Denied', extra);
}

/** Carrier Billing: every request that changes a payment, and the looks at it. */
export class Payments {
  readonly #world: World;
  readonly #steps: Steps;

  constructor(world: World) {
    this.#world = world;
    this.#steps = new Steps(world);
  }

  /** @throws CamaraError with the documented refusal; then no payment exists. */
  prepare(order: PrepareOrder): PaymentRow {
    const { store, clock } = this.#world;
    const { correlator, reference } = order;
    if (correlator !== null && store.correlatorUsed(correlator)) {
      throw invalidArgument('clientCorrelator already exist on server.');
    }
    const subscriber = subscriberOf(order.phoneNumber);
    if (subscriber === undefined) throw deniedError(denial('unknown_number'));
    this.#admit(subscriber, order.price.amountMinor);
    const { phone, operator, twist } = subscriber;
    const profile = this.#world.profiles.of(operator);
    const payment: PaymentRow = {
      id: randomUUID(),
      correlator,
      reference,
      phone,
      operator,
      amount_minor: order.price.amountMinor,
      charged_minor: null,
      currency: CURRENCY,
      description: order.price.description,
      status: 'processing',
      created_at: clock.now(),
      paid_at: null,
      ...order.sink,
      denial_code: null,
      denial_reason: null,
      authorization_id: null,
      code_digest: null,
      code_expires_at: null,
      next_resend_at: null,
      attempts_left: twist.wrongCodesAllowed ?? profile.wrongCodesAllowed,
      wrong_attempts: 0,
      resends_left: twist.resendsAllowed ?? profile.resendsAllowed,
      reservation_expires_at: null,
      due: null,
      due_at: null,
    };
    return change(this.#world, () => {
      if (twist.prepareDelayMs !== undefined) {
        if (twist.noCode !== true) payment.authorization_id = randomUUID();
        this.#steps.due(payment, 'prepared', twist.prepareDelayMs);
      } else if (twist.noCode === true) this.#steps.reserve(payment);
      else this.#steps.askCode(payment);
      store.addPayment(payment);
      return payment;
    });
  }

  /** The payment as it stands now. @throws CamaraError NOT_FOUND */
  get(id: string): PaymentRow {
    const payment = this.#world.store.payment(id);
    if (payment === undefined) throw notFound();
    return this.#upToDate(payment);
  }

  byCorrelator(correlator: string): PaymentRow | undefined {
    const payment = this.#world.store.paymentByCorrelator(correlator);
    return payment && this.#upToDate(payment);
  }

  list(order: 'asc' | 'desc', limit: number, offset: number): PaymentRow[] {
    return this.#world.store.payments(order, limit, offset);
  }

  count(): number {
    return this.#world.store.paymentCount();
  }

  validate(id: string, authorizationId: string, code: string): void {
    this.#change(id, (payment, afterwards) => {
      if (payment.status !== 'pending_validation') return this.#notAwaiting(payment);
      if (payment.authorization_id !== authorizationId) return badAuthorization();
      const late = this.#world.clock.now() >= (payment.code_expires_at ?? 0);
      if (late && twistOf(payment.phone).lateCodeTaken !== true) {
        return new CamaraError(400, 'CARRIER_BILLING.CODE_EXPIRED', "The code's life is over.");
      }
      if (codeMatches(this.#steps.codeKey, payment, code)) {
        this.#steps.reserve(payment);
        return undefined;
      }
      return this.#wrongCode(payment, afterwards);
    });
  }

  /** Sends a new code. */
  resend(id: string): PaymentRow {
    const twist = (payment: PaymentRow) => twistOf(payment.phone);
    return this.#change(id, (payment, afterwards) => {
      const status = payment.status;
      if (status === 'cancelled' || status === 'denied') return cancelled();
      if (status === 'succeeded' || payment.due === 'charge') return confirmed();
      if (status !== 'pending_validation') return validated();
      if (payment.resends_left === 0) {
        const code = 'CARRIER_BILLING.MAX_OTP_CODES_EXCEEDED';
        return new CamaraError(403, code, 'No resend is left.');
      }
      const nextResendAt = payment.next_resend_at ?? 0;
      if (this.#world.clock.now() < nextResendAt) {
        const code = 'CARRIER_BILLING.RESEND_TOO_EARLY';
        const extra = { nextResendAt: stamp(nextResendAt) };
        return new CamaraError(400, code, 'It is too early for a new code.', extra);
      }
      if (twist(payment).resendUndelivered === true) {
        const code = 'CARRIER_BILLING.SMS_NOT_DELIVERED';
        return new CamaraError(400, code, 'The text message could not be sent.');
      }
      payment.resends_left -= 1;
      if (twist(payment).resendRenewsAuthorization === true) payment.authorization_id = null;
      this.#steps.askCode(payment);
      const { strayNoticePercent } = this.#world.profiles.of(payment.operator);
      if (happens(strayNoticePercent)) this.#steps.announce(payment, 'payment-reserved', afterwards);
      return undefined;
    });
  }

  confirm(id: string, phoneNumber: string): void {
    this.#change(id, (payment, afterwards) => {
      this.#sameNumber(payment, phoneNumber);
      if (payment.status === 'succeeded') return confirmed();
      if (payment.status === 'cancelled') return cancelled();
      if (payment.status === 'denied') return deniedAs(payment);
      if (payment.status === 'processing' && payment.due === 'charge') return undefined;
      if (payment.status !== 'reserved') {
        const message = 'The payment is not validated.';
        return new CamaraError(403, 'CARRIER_BILLING.PAYMENT_DENIED', message);
      }
      const twist = twistOf(payment.phone);
      if (twist.confirmRefused !== undefined) {
        const because = denial(twist.confirmRefused);
        // The operator that charges anyway does not know of its own refusal.
        if (twist.chargedAnywayMs === undefined) this.#steps.deny(payment, because, () => undefined);
        return deniedError(because);
      }
      if (twist.chargeDelayMs === undefined) {
        this.#steps.charge(payment, afterwards);
        return undefined;
      }
      payment.status = 'processing';
      this.#steps.due(payment, 'charge', twist.chargeDelayMs);
      return undefined;
    });
  }

  cancel(id: string, phoneNumber: string): void {
    this.#change(id, (payment, afterwards) => {
      this.#sameNumber(payment, phoneNumber);
      const twist = twistOf(payment.phone);
      if (payment.status === 'succeeded') return confirmed();
      if (payment.status === 'cancelled' || payment.status === 'denied') return cancelled();
      if (payment.due === 'charge' && twist.chargedAnywayMs !== undefined) return undefined;
      if (twist.chargedAfterCancelMs !== undefined) {
        if (payment.due === 'charge') return undefined;
        payment.status = 'processing';
        this.#steps.due(payment, 'charge', twist.chargedAfterCancelMs);
        return undefined;
      }
      if (payment.due === 'charge') return confirmed();
      this.#steps.cancel(payment, afterwards);
      return undefined;
    });
  }

  /** Does the work that has fallen due; answers how many payments that were. */
  runDue(limit: number): number {
    const { store, clock } = this.#world;
    const due = store.duePayments(clock.now(), limit);
    if (due.length > 0) {
      change(this.#world, (afterwards) => {
        for (const payment of due) {
          this.#steps.runDue(payment, afterwards);
          store.savePayment(payment);
        }
      });
    }
    return due.length;
  }

  #admit({ operator, phone, twist }: Subscriber, amountMinor: number): void {
    const { store, clock, profiles, lockedUntil } = this.#world;
    const profile = profiles.of(operator);
    const now = clock.now();
    if (twist.refused !== undefined) throw deniedError(twist.refused);
    if (isWithin(profile.nightWindow, now)) throw deniedError(denial('operator_unavailable'));
    if (now < (lockedUntil.get(phone) ?? 0)) throw deniedError(denial('otp_attempts_exceeded'));
    if (amountMinor < profile.leastAmountMinor) throw deniedError(denial('amount_too_small'));
    if (amountMinor > profile.mostAmountMinor) throw deniedError(denial('amount_too_large'));
    const limit = this.#limitReached(phone, profile, amountMinor);
    if (limit !== undefined) throw deniedError(denial(limit));
    if (store.balanceMinor(phone) - amountMinor < profile.leastBalanceLeftMinor) {
      throw deniedError(denial('insufficient_balance'));
    }
  }

  #limitReached(phone: string, profile: Profile, amountMinor: number): DenialCode | undefined {
    const { dayCount, daySumMinor, monthSumMinor, unidentifiedCapMinor } = profile;
    if ([dayCount, daySumMinor, monthSumMinor, unidentifiedCapMinor].every((knob) => knob === null)) return undefined;
    const now = this.#world.clock.now();
    const day = this.#world.store.paidSince(phone, startOf('day', now));
    const month = this.#world.store.paidSince(phone, startOf('month', now));
    if (unidentifiedCapMinor !== null && day.sumMinor + amountMinor > unidentifiedCapMinor) return 'unidentified_cap';
    if (dayCount !== null && day.count >= dayCount) return 'count_day';
    if (daySumMinor !== null && day.sumMinor + amountMinor > daySumMinor) return 'limit_day';
    if (monthSumMinor !== null && month.sumMinor + amountMinor > monthSumMinor) return 'limit_month';
    return undefined;
  }

  #notAwaiting(payment: PaymentRow): CamaraError {
    if (payment.status === 'cancelled') return cancelled();
    if (payment.status === 'denied') return this.#attemptsSpent();
    return payment.due === 'prepared' ? badAuthorization() : validated();
  }

  #attemptsSpent(): CamaraError {
    const message = 'The maximum number of attempts has been used for this validation.';
    return new CamaraError(400, 'CARRIER_BILLING.VALIDATION_FAILED', message);
  }

  #wrongCode(payment: PaymentRow, afterwards: Afterwards): CamaraError {
    payment.wrong_attempts += 1;
    payment.attempts_left -= 1;
    if (payment.attempts_left > 0) {
      return new CamaraError(400, 'CARRIER_BILLING.INVALID_CODE', 'Invalid code.');
    }
    this.#steps.deny(payment, denial('otp_attempts_exceeded'), afterwards);
    const { clock, profiles, lockedUntil } = this.#world;
    lockedUntil.set(payment.phone, clock.now() + profiles.of(payment.operator).lockoutSeconds * 1000);
    return this.#attemptsSpent();
  }

  #sameNumber(payment: PaymentRow, phoneNumber: string): void {
    if (phoneNumber === `+${payment.phone}`) return;
    throw new CamaraError(404, 'IDENTIFIER_NOT_FOUND', 'The payment is of another number.');
  }

  #isDue(payment: PaymentRow): boolean {
    return payment.due_at !== null && payment.due_at <= this.#world.clock.now();
  }

  #upToDate(payment: PaymentRow): PaymentRow {
    if (!this.#isDue(payment)) return payment;
    return this.#change(payment.id, () => undefined);
  }

  #change(id: string, work: (payment: PaymentRow, afterwards: Afterwards) => CamaraError | undefined): PaymentRow {
    const { store } = this.#world;
    return change(this.#world, (afterwards) => {
      const payment = store.payment(id);
      if (payment === undefined) return notFound();
      if (this.#isDue(payment)) this.#steps.runDue(payment, afterwards);
      const refusal = work(payment, afterwards);
      store.savePayment(payment);
      return refusal ?? payment;
    });
  }
}
