import { denialReason, type DeclineReason } from './decline-reasons.ts';
import type { Payment, SaleOperation } from './payment.ts';
import {
  MAX_RESENDS,
  MAX_WRONG_CODES,
  NOT_FOUND_PROOF_MS,
  NOT_SENT_TRIES,
  NOT_SENT_WINDOW_MS,
  type LifecycleSettings,
} from './rules.ts';
import type { Refusal } from './decision.ts';
import type { Finding, FindingSource, SaleEvent } from './sale-events.ts';
import type { SaleRow } from './sale-table.ts';
import { deadlineReason } from './sale-times.ts';

/** The row of the table an event picks, with the facts that amounts, attempts and times decided. */
export type Classified =
  | { readonly kind: 'row'; readonly row: SaleRow; readonly reason?: DeclineReason; readonly finding?: Finding; readonly source?: FindingSource }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'repeated'; readonly requestId: string }
  | { readonly kind: 'nothing' };

export interface Situation {
  readonly payment: Payment;
  readonly sale: SaleOperation;
  readonly now: number;
  readonly settings: LifecycleSettings;
}

const nothing: Classified = { kind: 'nothing' };
const row = (name: SaleRow, reason?: DeclineReason): Classified => ({ kind: 'row', row: name, ...(reason && { reason }) });
const refused = (refusal: Refusal): Classified => ({ kind: 'refused', refusal });

/** True while the call that an answer belongs to is the pending one. */
function answersPendingCall(sale: SaleOperation, attempt: number | null): boolean {
  return sale.pendingCall !== null && sale.pendingCall.attempt === attempt;
}

/** Picks the event's variant before the table is asked. */
export function classify(event: SaleEvent, situation: Situation): Classified {
  const { sale, now, payment, settings } = situation;
  switch (event.type) {
    case 'found':
      return classifyFinding(event.finding, event.source, event.attempt, situation);
    case 'code_submitted':
      return classifyCode(event.requestId, event.repeatsLive, situation);
    case 'resend_requested':
      return classifyResend(situation);
    case 'call_denied':
      if (!answersPendingCall(sale, event.attempt)) return nothing;
      return row(event.call === 'confirm' ? 'denied_to_cancel' : 'denied', event.reason);
    case 'code_rejected':
      if (!answersPendingCall(sale, event.attempt)) return nothing;
      return event.reason === 'wrong' && sale.wrongCodes + 1 >= MAX_WRONG_CODES
        ? row('attempts_spent', 'attempts_spent')
        : row('code_rejected');
    case 'code_resent':
      return answersPendingCall(sale, event.attempt) ? row('code_resent') : nothing;
    case 'resend_refused':
      return answersPendingCall(sale, event.attempt) ? row('resend_refused') : nothing;
    case 'not_sent':
      if (!answersPendingCall(sale, event.attempt)) return nothing;
      return notSentTooOften(event.call, situation) ? row('not_sent_spent', 'operator_unreachable') : row('not_sent');
    case 'answer_lost':
      return answersPendingCall(sale, event.attempt) ? row('answer_lost') : nothing;
    case 'deadline_passed':
      if (sale.state === 'validating' && settings.validateCharges) return row('answer_lost');
      return row('deadline_passed', deadlineReason(payment, sale, now, settings));
    case 'deadline_unanswered':
      return row('deadline_unanswered', deadlineReason(payment, sale, now, settings));
    case 'look_up_unanswered':
      return sale.state === 'preparing' && sale.graceUntil !== null
        ? row('deadline_unanswered', deadlineReason(payment, sale, now, settings))
        : row('look_up_unanswered');
    case 'given_up':
      return row('given_up', 'given_up');
    case 'settled':
      return event.as === 'succeeded' ? row('settled_succeeded') : row('settled_declined', 'settled_by_person');
    case 'breaker_open':
      return row('breaker_open', 'breaker_open');
    case 'lease_expired':
    case 'open_for_a_day':
    case 'retry_due':
      return row(event.type);
  }
}

function classifyCode(requestId: string, repeatsLive: boolean, { sale, now }: Situation): Classified {
  if (sale.state === 'validating' && repeatsLive) return { kind: 'repeated', requestId: sale.codeRequestId ?? requestId };
  if (sale.state !== 'awaiting_code') return refused({ why: 'code_not_awaited' });
  if (sale.deadlineAt !== null && sale.deadlineAt <= now) return refused({ why: 'code_not_awaited' });
  if (sale.pendingCall && !sale.pendingCall.inDoubt) return refused({ why: 'resend_in_flight' });
  return row('code_submitted');
}

function classifyResend({ sale, now }: Situation): Classified {
  if (sale.state !== 'awaiting_code') return refused({ why: 'resend_not_possible' });
  if (sale.pendingCall) return refused({ why: 'resend_in_flight' });
  if (sale.resendsUsed >= MAX_RESENDS || sale.operatorResendsLeft === 0) return refused({ why: 'no_resends_left' });
  if (sale.resendAllowedAt !== null && now < sale.resendAllowedAt) {
    return refused({ why: 'resend_too_early', allowedAt: sale.resendAllowedAt });
  }
  return row('resend_requested');
}

function notSentTooOften(call: string, { sale, now }: Situation): boolean {
  if (call === 'confirm' || call === 'cancel') return false;
  const tries = sale.notSent + 1;
  if (call === 'validate') return sale.codeExpiresAt === null ? tries >= NOT_SENT_TRIES : now >= sale.codeExpiresAt;
  return tries >= NOT_SENT_TRIES || (sale.notSentSince !== null && now - sale.notSentSince >= NOT_SENT_WINDOW_MS);
}

function classifyFinding(finding: Finding, source: FindingSource, attempt: number | null, situation: Situation): Classified {
  const stale = source === 'answer' && !answersPendingCall(situation.sale, attempt);
  const from = stale ? 'notice' : source;
  const picked = pickFinding(finding, from, attempt, situation);
  // A late answer of our own call may be trusted with its ids, unlike a notice, but it decides no more than one.
  return picked.kind === 'row' ? { ...picked, finding, source: from } : picked;
}

function pickFinding(finding: Finding, source: FindingSource, attempt: number | null, situation: Situation): Classified {
  const { sale } = situation;
  const idKnown = finding.providerPaymentId !== undefined && finding.providerPaymentId === sale.providerPaymentId;
  const overtaken = source === 'look_up' && (attempt !== sale.attempt || (sale.pendingCall !== null && !sale.pendingCall.inDoubt));
  switch (finding.status) {
    case 'charged':
      return source === 'notice' && !idKnown ? row('odd_notice') : classifyCharge(finding, source, situation);
    case 'denied':
      return source === 'notice' && !idKnown ? row('odd_notice') : row('denied', finding.reason ?? denialReason(null));
    case 'cancelled':
      return source === 'notice' && !idKnown ? row('odd_notice') : row('cancelled', finding.reason ?? 'cancelled_at_operator');
    case 'pending_code':
      if (source === 'notice') return row('code_requested_notice');
      return overtaken ? row('in_work') : classifyPending(finding, source, situation);
    case 'reserved':
      if (source === 'notice') return row('reserved_notice');
      return overtaken ? row('in_work') : classifyReserved(finding, source, situation);
    case 'not_found':
      return overtaken ? row('in_work') : classifyNotFound(situation);
    case 'in_work':
      return classifyInWork(situation);
    case 'unclear':
      return row(source === 'notice' ? 'odd_notice' : 'in_work');
  }
}

function classifyCharge(finding: Finding, source: FindingSource, { payment, sale }: Situation): Classified {
  const other = sale.providerPaymentId !== null && finding.providerPaymentId !== undefined && finding.providerPaymentId !== sale.providerPaymentId;
  const reversed = payment.refunds.some((refund) => refund.kind === 'reversal' && refund.saleOperationNo === sale.operationNo);
  if (reversed) return nothing;
  if (other) return row('charged_again');
  if (!finding.sum) return row(source === 'notice' ? 'odd_notice' : 'in_work');
  const equal = finding.sum.amountMinor === payment.sum.amountMinor && finding.sum.currency === payment.sum.currency;
  return row(equal ? 'charged' : 'charged_other_amount');
}

function brokenRule(finding: Finding, { sale, settings }: Situation): boolean {
  return sale.state === 'preparing' && finding.operator !== undefined && !settings.rules[finding.operator].salesEnabled;
}

function endedByTheClock({ payment, now, settings }: Situation): boolean {
  return (payment.bestBeforeAt !== null && payment.bestBeforeAt <= now) || payment.createdAt + settings.thresholdMs <= now;
}

function classifyPending(finding: Finding, source: FindingSource, situation: Situation): Classified {
  const { sale, now, payment, settings } = situation;
  if (brokenRule(finding, situation)) return row('rules_broken_by_answer', 'operator_disabled');
  if (source === 'answer') {
    return endedByTheClock(situation) && sale.state === 'preparing'
      ? row('still_pending_late', deadlineReason(payment, sale, now, settings))
      : row('code_requested');
  }
  if (sale.state === 'awaiting_code' && sale.pendingCall?.kind === 'resend') {
    const renewed = finding.codeExpiresAt !== undefined && finding.codeExpiresAt !== sale.codeExpiresAt;
    return row(renewed ? 'code_resent' : 'resend_lost');
  }
  if (sale.state === 'validating') {
    if (sale.deadlineAt !== null && sale.deadlineAt <= now) return row('still_pending_late', deadlineReason(payment, sale, now, settings));
    if ((finding.wrongCodes ?? 0) >= MAX_WRONG_CODES) return row('attempts_spent', 'attempts_spent');
  }
  if (sale.state === 'preparing' && endedByTheClock(situation)) {
    return row('still_pending_late', deadlineReason(payment, sale, now, settings));
  }
  return row('still_pending');
}

function classifyReserved(finding: Finding, source: FindingSource, situation: Situation): Classified {
  const { sale, settings } = situation;
  if (brokenRule(finding, situation)) return row('rules_broken_by_answer', 'operator_disabled');
  if (source === 'answer') return row('reserved');
  if (sale.state === 'awaiting_code') return row(sale.codeSubmitted ? 'reserved_found' : 'reserved_unasked');
  if (sale.state === 'confirming') {
    const lost = sale.pendingCall?.kind === 'confirm' && sale.pendingCall.inDoubt;
    return row(lost && settings.confirmIsIdempotent ? 'reserved_found' : 'reserved_unasked');
  }
  return row('reserved_found');
}

function classifyNotFound(situation: Situation): Classified {
  const { sale, now, payment, settings } = situation;
  const asked = sale.pendingCall?.startedAt ?? sale.changedAt;
  const late = sale.graceUntil !== null || endedByTheClock(situation);
  if (sale.state === 'preparing' && late) return row('not_found_late', deadlineReason(payment, sale, now, settings));
  if (now - asked < NOT_FOUND_PROOF_MS) return row('in_work');
  return row('not_found');
}

function classifyInWork(situation: Situation): Classified {
  const { sale, now, payment, settings } = situation;
  const late = sale.state === 'preparing' && sale.graceUntil !== null;
  return late ? row('deadline_unanswered', deadlineReason(payment, sale, now, settings)) : row('in_work');
}
