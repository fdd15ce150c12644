import { isLate, nothing, row, type Classified, type Situation } from './classified.ts';
import { denialReason } from './decline-reasons.ts';
import { MAX_WRONG_CODES, NOT_FOUND_PROOF_MS } from './rules.ts';
import type { Finding, SaleEvent } from './sale-events.ts';
import { deadlineReason, endedByTheClock } from './sale-times.ts';

type Found = Extract<SaleEvent, { type: 'found' }>;

/** Picks the row for what the provider says of a payment; a late answer of our own decides no more than a notice. */
export function classifyFinding(event: Found, situation: Situation): Classified {
  const { finding, source, attempt } = event;
  const stale = source === 'answer' && situation.sale.pendingCall?.attempt !== attempt;
  const isHint = stale || source === 'notice';
  const picked = isHint ? pickHint(finding, stale, situation) : pickWord(event, situation);
  return picked.kind === 'row' ? { ...picked, finding, source: isHint ? 'notice' : source } : picked;
}

/** A hint moves only what it names by an id that we know from elsewhere; any other makes us ask. */
function pickHint(finding: Finding, stale: boolean, situation: Situation): Classified {
  const { providerPaymentId: known } = situation.sale;
  const named = finding.providerPaymentId ?? (stale ? known : null);
  const isOurs = known !== null && named === known;
  switch (finding.status) {
    case 'in_work':
      return nothing;
    case 'pending_code':
      return row(isOurs || known === null ? 'code_requested_notice' : 'odd_notice');
    case 'reserved':
      return row(isOurs ? 'reserved_notice' : 'odd_notice');
    case 'charged':
      return isOurs ? classifyChargeNotice(finding, situation) : row('odd_notice');
    case 'denied':
      return isOurs ? row('denied', finding.reason ?? denialReason(null)) : row('odd_notice');
    case 'cancelled':
      return isOurs ? row('cancelled', finding.reason ?? 'cancelled_at_operator') : row('odd_notice');
    case 'not_found':
    case 'unclear':
      return row('odd_notice');
  }
}

/** The answer to the pending call, or to a look-up. A look-up that a newer call has overtaken knows only what is final. */
function pickWord({ finding, source, attempt }: Found, situation: Situation): Classified {
  const { sale } = situation;
  const inFlight = sale.pendingCall !== null && !sale.pendingCall.inDoubt;
  const overtaken = source === 'look_up' && (attempt !== sale.attempt || inFlight);
  switch (finding.status) {
    case 'charged':
      return classifyCharge(finding, situation);
    case 'denied':
      return row('denied', finding.reason ?? denialReason(null));
    case 'cancelled':
      return row('cancelled', finding.reason ?? 'cancelled_at_operator');
    case 'unclear':
      return row('in_work');
    case 'in_work':
      return overtaken ? row('in_work') : classifyInWork(situation);
    case 'not_found':
      return overtaken || source === 'answer' ? row('in_work') : classifyNotFound(situation);
    case 'pending_code':
      if (overtaken) return row('in_work');
      return brokenRule(finding, situation) ?? classifyPending(finding, source === 'answer', situation);
    case 'reserved':
      if (overtaken) return row('in_work');
      return brokenRule(finding, situation) ?? (source === 'answer' ? row('reserved') : classifyReserved(situation));
  }
}

/** A notice's sum is believed only where it is the one we asked for; any other is the operator's to state when asked. */
function classifyChargeNotice(finding: Finding, situation: Situation): Classified {
  const picked = classifyCharge(finding, situation);
  return picked.kind === 'row' && picked.row === 'charged' ? picked : row('odd_notice');
}

function classifyCharge(finding: Finding, { payment, sale }: Situation): Classified {
  const { providerPaymentId: named, sum } = finding;
  if (sale.providerPaymentId !== null && named !== undefined && named !== sale.providerPaymentId) {
    return row('charged_again');
  }
  if (!sum) return row('in_work');
  const equal = sum.amountMinor === payment.sum.amountMinor && sum.currency === payment.sum.currency;
  return row(equal ? 'charged' : 'charged_other_amount');
}

/** The operator turned out to be one whose sales are switched off; its word comes with the first answer. */
function brokenRule(finding: Finding, { sale, settings }: Situation): Classified | null {
  if (sale.state !== 'preparing' || finding.operator === undefined) return null;
  return settings.rules[finding.operator].salesEnabled ? null : row('rules_broken_by_answer', 'operator_disabled');
}

function classifyPending(finding: Finding, isAnswer: boolean, situation: Situation): Classified {
  const { sale, now, payment, settings } = situation;
  switch (sale.state) {
    case 'preparing':
      if (endedByTheClock(payment, now, settings)) return pendingLate(situation);
      return row(isAnswer ? 'code_requested' : 'still_pending');
    case 'awaiting_code':
      if (sale.pendingCall?.kind === 'resend')
        return row(isRenewed(finding, situation) ? 'code_resent' : 'resend_lost');
      return row('still_pending');
    case 'validating':
      if (isLate(sale, now)) return pendingLate(situation);
      if ((finding.wrongCodes ?? 0) >= MAX_WRONG_CODES) return row('attempts_spent', 'attempts_spent');
      return row('still_pending');
    case 'confirming':
    case 'succeeded':
    case 'declined':
      return row('still_pending');
  }
}

function pendingLate({ payment, sale, now, settings }: Situation): Classified {
  return row('still_pending_late', deadlineReason(payment, sale, now, settings));
}

/** True when the session shows that a resend, whose answer was lost, did send a code. */
function isRenewed(finding: Finding, { sale }: Situation): boolean {
  const { codeExpiresAt, authorizationId, resendsLeft } = finding;
  return (
    (codeExpiresAt !== undefined && codeExpiresAt !== sale.codeExpiresAt) ||
    (authorizationId !== undefined && authorizationId !== sale.authorizationId) ||
    (resendsLeft !== undefined && sale.operatorResendsLeft !== null && resendsLeft < sale.operatorResendsLeft)
  );
}

/** What a reservation found by asking means: ours to confirm, unless nobody gave a code or a confirm may not be repeated. */
function classifyReserved({ sale, settings }: Situation): Classified {
  if (sale.state === 'awaiting_code') return row(sale.codeSubmitted ? 'reserved_found' : 'reserved_unasked');
  if (sale.state !== 'confirming') return row('reserved_found');
  const lost = sale.pendingCall?.kind === 'confirm' && sale.pendingCall.inDoubt;
  return row(lost && settings.confirmIsIdempotent ? 'reserved_found' : 'reserved_unasked');
}

function classifyNotFound({ sale, now, payment, settings }: Situation): Classified {
  const late = sale.graceUntil !== null || endedByTheClock(payment, now, settings);
  if (sale.state === 'preparing' && late) return row('not_found_late', deadlineReason(payment, sale, now, settings));
  const askedAt = sale.pendingCall?.startedAt ?? sale.changedAt;
  return row(now - askedAt < NOT_FOUND_PROOF_MS ? 'in_work' : 'not_found');
}

function classifyInWork({ sale, now, payment, settings }: Situation): Classified {
  const late = sale.state === 'preparing' && sale.graceUntil !== null;
  return late ? row('deadline_unanswered', deadlineReason(payment, sale, now, settings)) : row('in_work');
}
