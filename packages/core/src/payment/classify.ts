import { isLate, nothing, row, type Classified, type Situation } from './classified.ts';
import { classifyFinding } from './classify-finding.ts';
import type { Refusal } from './decision.ts';
import type { SaleOperation } from './payment.ts';
import { MAX_RESENDS, MAX_WRONG_CODES, NOT_SENT_TRIES, NOT_SENT_WINDOW_MS } from './rules.ts';
import type { SaleEvent } from './sale-events.ts';
import { deadlineReason, isDue } from './sale-times.ts';

const refused = (refusal: Refusal): Classified => ({ kind: 'refused', refusal });

/** Events that answer a call, and the passing of time, count only while what they speak of still stands. */
function isVoid(event: SaleEvent, { sale, now }: Situation): boolean {
  switch (event.type) {
    case 'call_denied':
    case 'code_rejected':
    case 'resend_refused':
    case 'not_sent':
    case 'answer_lost':
      return sale.pendingCall?.attempt !== event.attempt;
    case 'code_resent':
      return sale.pendingCall?.attempt !== event.attempt && !isOvertakenResend(sale, event.attempt);
    case 'lease_expired':
    case 'deadline_passed':
    case 'deadline_unanswered':
    case 'open_for_a_day':
    case 'retry_due':
    case 'tries_over':
      return !isDue(sale, event.type, now);
    default:
      return false;
  }
}

/** A resend in doubt does not hold a code back; its answer, come after all, still brings the session's new id. */
function isOvertakenResend(sale: SaleOperation, attempt: number): boolean {
  return sale.pendingCall?.kind === 'validate' && attempt === sale.attempt - 1;
}

/** Picks the event's variant before the table is asked. */
export function classify(event: SaleEvent, situation: Situation): Classified {
  const { sale, now, payment, settings } = situation;
  if (isVoid(event, situation)) return nothing;
  const pastItsEnd = () => deadlineReason(payment, sale, now, settings);
  switch (event.type) {
    case 'found':
      return classifyFinding(event, situation);
    case 'code_submitted':
      return classifyCode(event.requestId, event.repeatsLive, situation);
    case 'resend_requested':
      return classifyResend(situation);
    case 'call_denied': {
      // A repeat's no may be about our own earlier call: what that one may have left is found and cancelled.
      const mayHold = event.call === 'confirm' || (event.call === 'prepare' && event.attempt > 1);
      return row(mayHold ? 'denied_to_cancel' : 'denied', event.reason);
    }
    case 'code_rejected':
      if (event.reason === 'wrong' && sale.wrongCodes + 1 >= MAX_WRONG_CODES) {
        return row('attempts_spent', 'attempts_spent');
      }
      return isLate(sale, now) ? row('still_pending_late', pastItsEnd()) : row('code_rejected');
    case 'not_sent':
      if (event.call === 'cancel') return row('cancel_not_sent');
      if (!isSentTooOften(event.call, situation)) return row('not_sent');
      return event.call === 'validate' && isLate(sale, now)
        ? row('still_pending_late', pastItsEnd())
        : row('not_sent_spent', 'operator_unreachable');
    case 'answer_lost':
      return row(event.suspicious ? 'answer_suspicious' : 'answer_lost');
    case 'deadline_passed':
      if (sale.state === 'validating' && settings.validateCharges) return row('answer_lost');
      return row('deadline_passed', pastItsEnd());
    case 'deadline_unanswered':
      return row('deadline_unanswered', pastItsEnd());
    case 'look_up_unanswered':
      return sale.lookUpAt === null && isFinished(sale) ? nothing : row('look_up_unanswered');
    case 'given_up':
      return row('given_up', 'given_up');
    case 'payer_left':
      return sale.state === 'declined' && sale.tryAgainUntil === null ? nothing : row('payer_left', 'given_up');
    case 'settled':
      // A person's word ends only what an incident has put before a person.
      if (!isFinished(sale) && !sale.incidentRaised) return refused({ why: 'not_possible' });
      return event.as === 'succeeded' ? row('settled_succeeded') : row('settled_declined', 'settled_by_person');
    case 'breaker_open':
      return nothingWasSent(sale, event.attempt) ? row('breaker_open', 'breaker_open') : nothing;
    case 'code_resent':
    case 'resend_refused':
    case 'lease_expired':
    case 'open_for_a_day':
    case 'retry_due':
    case 'tries_over':
      return row(event.type);
  }
}

function isFinished(sale: SaleOperation): boolean {
  return sale.state === 'succeeded' || sale.state === 'declined';
}

/** True while every first call surely did not reach the operator, the one kept back now among them. */
function nothingWasSent({ pendingCall, attempt, notSent }: SaleOperation, keptBack: number | undefined): boolean {
  if (pendingCall === null) return attempt === notSent;
  if (pendingCall.kind !== 'prepare' || pendingCall.inDoubt) return false;
  return pendingCall.attempt === keptBack && attempt - 1 === notSent;
}

function classifyCode(requestId: string, repeatsLive: boolean, { sale, now }: Situation): Classified {
  if (sale.state === 'validating' && repeatsLive) {
    return { kind: 'repeated', requestId: sale.codeRequestId ?? requestId };
  }
  if (sale.state !== 'awaiting_code' || isLate(sale, now)) return refused({ why: 'code_not_awaited' });
  if (sale.pendingCall?.kind === 'cancel') return refused({ why: 'code_not_awaited' });
  if (sale.pendingCall && !sale.pendingCall.inDoubt) return refused({ why: 'resend_in_flight' });
  return row('code_submitted');
}

function classifyResend({ sale, now }: Situation): Classified {
  if (sale.state !== 'awaiting_code' || isLate(sale, now)) return refused({ why: 'resend_not_possible' });
  if (sale.pendingCall?.kind === 'cancel') return refused({ why: 'resend_not_possible' });
  if (sale.pendingCall || sale.retryAt !== null) return refused({ why: 'resend_in_flight' });
  if (sale.resendsUsed >= MAX_RESENDS || sale.operatorResendsLeft === 0) return refused({ why: 'no_resends_left' });
  if (sale.resendAllowedAt !== null && now < sale.resendAllowedAt) {
    return refused({ why: 'resend_too_early', allowedAt: sale.resendAllowedAt });
  }
  return row('resend_requested');
}

/** True when a call that cannot be sent is given up. A confirm never is, nor a prepare that an earlier one may have preceded. */
function isSentTooOften(call: string, { sale, now }: Situation): boolean {
  if (call === 'confirm') return false;
  const tries = sale.notSent + 1;
  if (call === 'prepare' && sale.attempt > tries) return false;
  if (call === 'validate') return sale.codeExpiresAt === null ? tries >= NOT_SENT_TRIES : now >= sale.codeExpiresAt;
  return tries >= NOT_SENT_TRIES || (sale.notSentSince !== null && now - sale.notSentSince >= NOT_SENT_WINDOW_MS);
}
