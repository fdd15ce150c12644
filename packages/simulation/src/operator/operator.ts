import type { Sum } from '@rocketpay/core/money.ts';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { CodeFacts, Finding } from '@rocketpay/core/payment/sale-events.ts';
import type { RefundFinding } from '@rocketpay/core/refund/refund-events.ts';
import type { Notice, NoticeAddress } from '@rocketpay/server/providers/port.ts';
import type { Random } from '../world/random.ts';
import type { Timeline } from '../world/timeline.ts';
import { drawHabits, drawRefundDelayMs } from './habits.ts';
import { codeFacts, findingOf, refundFindingOf, type LedgerEntry, type Refund, type Session } from './session.ts';

/** The operator's own no, whose meaning depends on the call. */
export type Refusal = {
  readonly kind: 'refusal';
  readonly why: 'unknown' | 'used_correlator' | 'wrong_state' | 'authorization';
};
export type Denial = { readonly kind: 'denied'; readonly reason: DeclineReason };

export interface OperatorParts {
  readonly timeline: Timeline;
  readonly random: Random;
  /** Sends a notice on its way. */
  readonly notify: (address: NoticeAddress, notice: Notice) => void;
  /** Sends a code on its way to a phone. */
  readonly text: (number: string, code: string) => void;
}

const WRONG_CODES_CAP = 10;
const RESEND_EVERY_MS = 30_000;

/**
 * A mobile operator, and a nasty one: it denies after accepting, charges late, forgets sessions, guards no refund's sum,
 * and a confirm under another correlator is another charge to it.
 */
export class Operator {
  readonly ledger: LedgerEntry[] = [];
  readonly #parts: OperatorParts;
  readonly #sessions = new Map<string, Session>();
  readonly #byCorrelator = new Map<string, Session>();
  readonly #noes = new Map<string, Set<DeclineReason>>();

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** True when the operator has ever said no to this correlator, for a reason or by cancelling. */
  hasDenied(correlator: string, reason: DeclineReason): boolean {
    return this.#noes.get(correlator)?.has(reason) ?? false;
  }

  sessionOf(correlator: string): Session | undefined {
    return this.#byCorrelator.get(correlator);
  }

  /** The correlator a payment was prepared under; its own id where there is no such payment. */
  correlatorOf(providerPaymentId: string): string {
    return this.#sessions.get(providerPaymentId)?.correlator ?? providerPaymentId;
  }

  prepare(call: {
    correlator: string;
    number: string;
    sum: Sum;
    reference: string;
    notices: NoticeAddress;
  }): { readonly kind: 'found'; readonly finding: Finding } | Denial | Refusal {
    if (this.#byCorrelator.has(call.correlator)) return { kind: 'refusal', why: 'used_correlator' };
    const { random, timeline } = this.#parts;
    const habits = drawHabits(random);
    if (habits.start === 'denied') {
      this.#sayNo(call.correlator, habits.denial);
      return { kind: 'denied', reason: habits.denial };
    }
    const session: Session = {
      ...call,
      chargedSum: call.sum,
      id: `p-${random.hex(12)}`,
      habits,
      visibleAt: timeline.now + habits.unseenMs,
      status: 'processing',
      reason: null,
      authorizationId: '',
      code: '',
      codeExpiresAt: 0,
      nextResendAt: 0,
      resendsLeft: 3,
      wrongCodes: 0,
      confirmedUnder: new Set(),
      refunds: [],
    };
    this.#sessions.set(session.id, session);
    this.#byCorrelator.set(call.correlator, session);
    if (habits.start === 'no_code') this.#reserve(session);
    else if (habits.start === 'code') this.#askForCode(session);
    else if (habits.start === 'charge')
      timeline.after(random.between(500, 300_000), () => this.#charge(session, session.correlator));
    else
      timeline.after(random.between(500, 40_000), () => session.status === 'processing' && this.#askForCode(session));
    timeline.after(habits.sessionLifeMs, () =>
      this.#lapse(session, ['processing', 'pending'], 'cancelled_at_operator'),
    );
    return { kind: 'found', finding: findingOf(session) };
  }

  lookUp(by: { providerPaymentId: string | null; correlator: string }): Finding {
    const session =
      by.providerPaymentId === null ? this.#byCorrelator.get(by.correlator) : this.#sessions.get(by.providerPaymentId);
    const unseen = session && by.providerPaymentId === null && session.visibleAt > this.#parts.timeline.now;
    return session && !unseen ? findingOf(session) : { status: 'not_found' };
  }

  validate(call: {
    providerPaymentId: string;
    authorizationId: string;
    code: string;
  }):
    | { readonly kind: 'accepted' }
    | { readonly kind: 'code_rejected'; readonly reason: 'wrong' | 'expired' }
    | Denial
    | Refusal {
    const session = this.#sessions.get(call.providerPaymentId);
    if (!session) return { kind: 'refusal', why: 'unknown' };
    if (session.status !== 'pending') return { kind: 'refusal', why: 'wrong_state' };
    if (call.authorizationId !== session.authorizationId) return { kind: 'refusal', why: 'authorization' };
    if (session.codeExpiresAt <= this.#parts.timeline.now) return { kind: 'code_rejected', reason: 'expired' };
    if (call.code !== session.code) {
      session.wrongCodes += 1;
      if (session.wrongCodes < WRONG_CODES_CAP) return { kind: 'code_rejected', reason: 'wrong' };
      return this.#deny(session, 'otp_attempts_exceeded');
    }
    if (session.habits.deniesCode) return this.#deny(session, 'service_barred');
    this.#reserve(session);
    return { kind: 'accepted' };
  }

  resend(
    providerPaymentId: string,
  ):
    | { readonly kind: 'resent'; readonly facts: CodeFacts }
    | { readonly kind: 'resend_refused'; readonly resendAllowedAt?: number; readonly resendsLeft?: number } {
    const session = this.#sessions.get(providerPaymentId);
    const { timeline, random } = this.#parts;
    if (session?.status !== 'pending') return { kind: 'resend_refused' };
    if (session.resendsLeft === 0) return { kind: 'resend_refused', resendsLeft: 0 };
    if (session.nextResendAt > timeline.now) return { kind: 'resend_refused', resendAllowedAt: session.nextResendAt };
    if (random.chance(0.05)) return { kind: 'resend_refused' };
    session.resendsLeft -= 1;
    this.#sendCode(session, random.chance(0.1));
    return { kind: 'resent', facts: codeFacts(session) };
  }

  confirm(call: { providerPaymentId: string; correlator: string }): { readonly kind: 'accepted' } | Denial | Refusal {
    const session = this.#sessions.get(call.providerPaymentId);
    if (!session) return { kind: 'refusal', why: 'unknown' };
    const repeated = session.confirmedUnder.has(call.correlator);
    if (repeated && session.status === 'charging') return { kind: 'accepted' };
    const takes = ['reserved', 'charging', 'succeeded'].includes(session.status);
    if (repeated || !takes) return { kind: 'refusal', why: 'wrong_state' };
    if (session.habits.deniesConfirm) {
      this.#sayNo(session.correlator, session.habits.denial);
      if (session.habits.chargesInSpite) this.#chargeSoon(session, call.correlator);
      return { kind: 'denied', reason: session.habits.denial };
    }
    this.#chargeSoon(session, call.correlator);
    return { kind: 'accepted' };
  }

  cancel(providerPaymentId: string): { readonly kind: 'accepted' } | Refusal {
    const session = this.#sessions.get(providerPaymentId);
    if (!session) return { kind: 'refusal', why: 'unknown' };
    if (!['processing', 'pending', 'reserved'].includes(session.status)) return { kind: 'refusal', why: 'wrong_state' };
    this.#lapse(session, [session.status], 'cancelled_at_operator');
    return { kind: 'accepted' };
  }

  refund(call: {
    providerPaymentId: string;
    correlator: string;
    sum: Sum;
    reference: string;
    notices: NoticeAddress;
  }): { readonly kind: 'found'; readonly finding: RefundFinding } | Refusal {
    const session = this.#sessions.get(call.providerPaymentId);
    if (session?.refunds.some((known) => known.correlator === call.correlator))
      return { kind: 'refusal', why: 'used_correlator' };
    const { random, timeline } = this.#parts;
    const deniedBefore = this.hasDenied(call.correlator, 'refund_not_allowed');
    if (deniedBefore || session?.status !== 'succeeded' || random.chance(0.06)) {
      this.#sayNo(call.correlator, 'refund_not_allowed');
      return { kind: 'found', finding: { status: 'denied', reason: 'refund_not_allowed' } };
    }
    const { correlator, sum, notices } = call;
    const refund: Refund = { id: `r-${random.hex(12)}`, correlator, sum, notices, status: 'processing', reason: null };
    session.refunds.push(refund);
    if (random.chance(0.4)) this.#payBack(session, refund);
    else timeline.after(drawRefundDelayMs(random), () => this.#payBack(session, refund));
    return { kind: 'found', finding: refundFindingOf(refund) };
  }

  lookUpRefund(by: { providerPaymentId: string; correlator: string }): RefundFinding {
    const refund = this.#sessions
      .get(by.providerPaymentId)
      ?.refunds.find((known) => known.correlator === by.correlator);
    return refund ? refundFindingOf(refund) : { status: 'not_found' };
  }

  #askForCode(session: Session): void {
    session.status = 'pending';
    this.#sendCode(session, true);
    this.#tell(session);
    if (!session.habits.takesCodeByText) return;
    this.#parts.timeline.after(
      this.#parts.random.between(3_000, 30_000),
      () => session.status === 'pending' && this.#reserve(session),
    );
  }

  #sendCode(session: Session, renewsAuthorization: boolean): void {
    const { random, timeline } = this.#parts;
    session.code = `otp-${random.hex(8)}`;
    session.codeExpiresAt = timeline.now + session.habits.codeLifeMs;
    session.nextResendAt = timeline.now + RESEND_EVERY_MS;
    if (renewsAuthorization) session.authorizationId = `a-${random.hex(8)}`;
    this.#parts.text(session.number, session.code);
  }

  #reserve(session: Session): void {
    session.status = 'reserved';
    this.#tell(session);
    this.#parts.timeline.after(session.habits.reservationLifeMs, () =>
      this.#lapse(session, ['reserved'], 'cancelled_at_operator'),
    );
  }

  #chargeSoon(session: Session, correlator: string): void {
    session.confirmedUnder.add(correlator);
    session.status = 'charging';
    this.#parts.timeline.after(session.habits.chargeAfterMs, () => this.#charge(session, correlator));
  }

  #charge(session: Session, correlator: string): void {
    if (session.status === 'cancelled') return;
    if (session.habits.chargeFails) {
      if (session.status !== 'succeeded') this.#deny(session, 'charge_failed');
      return;
    }
    session.status = 'succeeded';
    if (session.habits.chargesOtherSum)
      session.chargedSum = { ...session.sum, amountMinor: session.sum.amountMinor + 100 };
    this.ledger.push({ kind: 'charge', reference: session.reference, correlator, sum: session.chargedSum });
    this.#tell(session);
  }

  #payBack(session: Session, refund: Refund): void {
    if (this.#parts.random.chance(0.05)) {
      refund.status = 'denied';
      refund.reason = 'refund_failed';
      this.#sayNo(refund.correlator, 'refund_failed');
    } else {
      refund.status = 'succeeded';
      this.ledger.push({
        kind: 'refund',
        reference: session.reference,
        correlator: refund.correlator,
        sum: refund.sum,
      });
    }
    const finding = refundFindingOf(refund);
    this.#parts.notify(refund.notices, { about: 'refund', correlator: refund.correlator, finding });
  }

  #deny(session: Session, reason: DeclineReason): Denial {
    session.status = 'denied';
    session.reason = reason;
    this.#sayNo(session.correlator, reason);
    this.#tell(session);
    return { kind: 'denied', reason };
  }

  #lapse(session: Session, from: readonly Session['status'][], reason: DeclineReason): void {
    if (!from.includes(session.status)) return;
    session.status = 'cancelled';
    this.#sayNo(session.correlator, reason);
    this.#tell(session);
  }

  #sayNo(correlator: string, reason: DeclineReason): void {
    const noes = this.#noes.get(correlator) ?? new Set();
    this.#noes.set(correlator, noes.add(reason));
  }

  #tell(session: Session): void {
    this.#parts.notify(session.notices, { about: 'sale', finding: findingOf(session) });
  }
}
