import type { Decision, Refusal } from '../payment/decision.ts';
import { Draft } from '../payment/draft.ts';
import type { Payment, RefundOperation } from '../payment/payment.ts';
import { isDue } from '../payment/sale-times.ts';
import {
  askAgainDelayMs,
  LOOK_UP_LEASE_MS,
  lookUpDelayMs,
  NOT_FOUND_PROOF_MS,
  retryDelayMs,
} from '../payment/rules.ts';
import type { RefundEvent } from './refund-events.ts';
import { refundCell, type RefundOrder, type RefundRow } from './refund-table.ts';

/** Decides what an event means for one refund or reversal of a payment. */
export function advanceRefund(payment: Payment, operationNo: number, event: RefundEvent, now: number): Decision {
  const refund = payment.refunds.find((other) => other.operationNo === operationNo);
  if (!refund) throw new Error(`payment has no refund operation ${operationNo}`);
  const refusal = event.type === 'settled' && refund.state === 'sending' ? whyNotSettled(refund) : null;
  if (refusal) return { kind: 'refused', refusal };
  const row = classify(event, refund, now);
  if (row === null) return { kind: 'unchanged' };
  const cell = refundCell(row, refund.state);
  if (cell.kind === 'ignore') return { kind: 'unchanged' };

  const draft = new Draft(payment, now);
  let next = settleCall(refund, event, row);
  if (cell.kind === 'move') next = entering(next, cell.to, event, now);
  for (const order of cell.orders) next = applyOrder(order, next, { draft, event, row });
  draft.putRefund(next);
  draft.log(row, operationNo, {
    from: refund.state,
    to: next.state,
    ...(next.declineReason && { reason: next.declineReason }),
  });
  return draft.done();
}

/**
 * A person's word ends only what an incident has put before a person, and never while a call is on its way: what the operator
 * does with that one, the person cannot know.
 */
function whyNotSettled({ incidentRaised, pendingCall }: RefundOperation): Refusal | null {
  if (!incidentRaised) return { why: 'not_possible' };
  return pendingCall && !pendingCall.inDoubt ? { why: 'refund_in_flight' } : null;
}

function classify(event: RefundEvent, refund: RefundOperation, now: number): RefundRow | null {
  const current = refund.pendingCall;
  switch (event.type) {
    case 'refund_found':
      return classifyFinding(event, refund, now);
    case 'not_sent':
      return current?.attempt === event.attempt ? 'refund_not_sent' : null;
    case 'answer_lost':
      if (current?.attempt !== event.attempt) return null;
      return event.suspicious ? 'refund_answer_suspicious' : 'refund_answer_lost';
    case 'look_up_unanswered':
      return 'refund_look_up_unanswered';
    case 'lease_expired':
    case 'open_for_a_day':
    case 'retry_due':
      return isDue(refund, event.type, now) ? `refund_${event.type}` : null;
    case 'settled':
      return `refund_settled_${event.as}`;
  }
}

function classifyFinding(
  { finding, source, attempt, isRepeat = false }: Extract<RefundEvent, { type: 'refund_found' }>,
  refund: RefundOperation,
  now: number,
): RefundRow {
  // Money that came back after a decline is for a person to see, whoever tells of it.
  if (refund.state === 'declined' && finding.status === 'succeeded') return 'refund_done';
  const known = refund.providerRefundId !== null && finding.providerRefundId === refund.providerRefundId;
  // A notice is a hint: one that names another refund than ours, or comes before our answer, makes us ask. So does the
  // answer to a call that a newer one has followed: the newer may be giving the money back while the older was denied.
  const stale = source === 'answer' && refund.pendingCall?.attempt !== attempt;
  if (stale || (source === 'notice' && !known)) return 'refund_odd_notice';
  switch (finding.status) {
    case 'succeeded':
      return 'refund_done';
    case 'denied':
      if (isRepeat && refund.kind === 'refund') return 'refund_repeat_denied';
      return refund.kind === 'reversal' ? 'reversal_denied' : 'refund_denied';
    case 'in_work':
      return 'refund_in_work';
    case 'unclear':
      return source === 'notice' ? 'refund_odd_notice' : 'refund_in_work';
    case 'not_found': {
      const call = refund.pendingCall;
      if (source !== 'look_up') return 'refund_odd_notice';
      const overtaken = attempt !== refund.attempt || (call !== null && !call.inDoubt);
      const proved = call !== null && now - call.startedAt >= NOT_FOUND_PROOF_MS;
      if (overtaken || !proved) return 'refund_in_work';
      return refund.deniedOnRepeat === null ? 'refund_not_found' : 'refund_denied';
    }
  }
}

function settleCall(refund: RefundOperation, event: RefundEvent, row: RefundRow): RefundOperation {
  if (event.type === 'answer_lost' || event.type === 'lease_expired') {
    return { ...refund, pendingCall: refund.pendingCall && { ...refund.pendingCall, inDoubt: true } };
  }
  if (event.type === 'not_sent') return { ...refund, pendingCall: null };
  if (event.type !== 'refund_found') return refund;
  if (row === 'refund_repeat_denied') {
    const deniedOnRepeat = event.finding.reason ?? 'no_reason';
    return { ...refund, deniedOnRepeat, pendingCall: refund.pendingCall && { ...refund.pendingCall, inDoubt: true } };
  }
  const inDoubt = row === 'refund_odd_notice' || (row === 'refund_in_work' && event.finding.status !== 'in_work');
  return { ...refund, lookUpAt: null, pendingCall: inDoubt ? refund.pendingCall : null };
}

function entering(
  refund: RefundOperation,
  state: RefundOperation['state'],
  event: RefundEvent,
  now: number,
): RefundOperation {
  const told = event.type === 'refund_found' ? event.finding.reason : undefined;
  const reason = event.type === 'settled' ? 'settled_by_person' : (told ?? refund.deniedOnRepeat ?? 'no_reason');
  return {
    ...refund,
    state,
    changedAt: now,
    declineReason: state === 'declined' ? reason : null,
    pendingCall: null,
    lookUpAt: null,
    retryAt: null,
    openSince: null,
  };
}

interface RefundOrderContext {
  readonly draft: Draft;
  readonly event: RefundEvent;
  readonly row: RefundRow;
}

function applyOrder(
  order: RefundOrder,
  refund: RefundOperation,
  { draft, event, row }: RefundOrderContext,
): RefundOperation {
  const { now, payment } = draft;
  const counted = refund.kind === 'refund' ? refund.sum.amountMinor : 0;
  switch (order) {
    case 'record': {
      const id =
        event.type === 'refund_found' && event.source !== 'notice' ? event.finding.providerRefundId : undefined;
      return { ...refund, providerRefundId: refund.providerRefundId ?? id ?? null };
    }
    case 'settle':
      draft.update({
        heldMinor: payment.heldMinor - counted,
        refundedMinor: payment.refundedMinor + counted,
        ...(counted && { changedAt: now }),
      });
      return refund;
    case 'release':
      draft.update({ heldMinor: payment.heldMinor - counted });
      return refund;
    case 'tell':
      if (refund.kind === 'refund') draft.tell({ kind: 'result', operationNo: refund.operationNo });
      return refund;
    case 'refund': {
      const attempt = refund.attempt + 1;
      // Asked after before: an earlier call may have arrived after all.
      draft.order({ kind: 'refund', operationNo: refund.operationNo, attempt, isRepeat: refund.lookUps > 0 });
      return {
        ...refund,
        attempt,
        pendingCall: { kind: 'refund', attempt, startedAt: now, inDoubt: false },
        retryAt: null,
        lookUpAt: null,
      };
    }
    case 'retry':
      return { ...refund, notSent: refund.notSent + 1, retryAt: now + retryDelayMs(refund.notSent + 1) };
    case 'look_up':
      draft.order({ kind: 'look_up', operationNo: refund.operationNo, attempt: refund.attempt, isRepeat: false });
      return { ...refund, lookUpAt: now + LOOK_UP_LEASE_MS };
    case 'look_up_later': {
      const delayMs = row === 'refund_look_up_unanswered' ? askAgainDelayMs : lookUpDelayMs;
      return { ...refund, lookUpAt: now + delayMs(refund.lookUps), lookUps: refund.lookUps + 1 };
    }
    case 'incident':
      draft.incident(row, refund.operationNo, `${row} of ${refund.kind}`);
      return { ...refund, incidentRaised: true, overdueTold: refund.overdueTold || row === 'refund_open_for_a_day' };
  }
}
