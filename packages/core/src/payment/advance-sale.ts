import { classify, type Classified } from './classify.ts';
import type { Decision, NewOperationIds } from './decision.ts';
import { Draft } from './draft.ts';
import type { Payment, SaleOperation } from './payment.ts';
import type { LifecycleSettings } from './rules.ts';
import type { SaleEvent } from './sale-events.ts';
import { applyOrder, type OrderContext } from './sale-orders.ts';
import { saleCell, type SaleRow } from './sale-table.ts';

export interface AdvanceContext {
  readonly now: number;
  readonly settings: LifecycleSettings;
  /** Identities for a reversal, should one be needed. */
  readonly newIds: () => NewOperationIds;
}

/** Decides what an event means for one sale operation of a payment: the table's cell, carried out on a copy. */
export function advanceSale(payment: Payment, operationNo: number, event: SaleEvent, context: AdvanceContext): Decision {
  const sale = payment.sales.find((other) => other.operationNo === operationNo);
  if (!sale) throw new Error(`payment has no sale operation ${operationNo}`);
  const picked = classify(event, { payment, sale, now: context.now, settings: context.settings });
  if (picked.kind === 'refused') return picked;
  if (picked.kind === 'repeated') return picked;
  if (picked.kind === 'nothing') return { kind: 'unchanged' };
  return carryOut(payment, sale, event, picked, context);
}

function carryOut(
  payment: Payment,
  sale: SaleOperation,
  event: SaleEvent,
  picked: Extract<Classified, { kind: 'row' }>,
  context: AdvanceContext,
): Decision {
  const cell = saleCell(picked.row, sale.state);
  if (cell.kind === 'ignore') return { kind: 'unchanged' };
  if (cell.kind === 'refuse') return { kind: 'refused', refusal: { why: 'not_possible' } };

  const draft = new Draft(payment, context.now);
  let next = { ...settleCall(sale, event, picked), ...factsOf(sale, event, picked.row) };
  if (cell.kind === 'move') next = { ...next, ...entering(next, cell.to, picked, context.now) };
  const orderContext: OrderContext = { draft, context, event, picked, before: sale };
  for (const order of cell.orders) next = applyOrder(order, next, orderContext);
  draft.putSale(next);
  if (next.state !== sale.state) draft.update({ changedAt: context.now });
  draft.log(picked.row, sale.operationNo, {
    from: sale.state,
    to: next.state,
    ...(picked.source && { source: picked.source }),
    ...(picked.reason && { reason: picked.reason }),
  });
  return draft.done();
}

/** The pending call after this event: answered, in doubt, or still running. */
function settleCall(sale: SaleOperation, event: SaleEvent, picked: Extract<Classified, { kind: 'row' }>): SaleOperation {
  const lookedUp = { ...sale, lookUpAt: event.type === 'found' && event.source === 'look_up' ? null : sale.lookUpAt };
  switch (event.type) {
    case 'deadline_passed': {
      // A validation that charges has no end of its own: from here on only the provider's word ends it.
      const endless = picked.row === 'answer_lost';
      const doubted = { ...lookedUp, pendingCall: sale.pendingCall && { ...sale.pendingCall, inDoubt: true } };
      return endless ? { ...doubted, deadlineAt: null, openSince: sale.openSince ?? sale.changedAt } : doubted;
    }
    case 'answer_lost':
    case 'lease_expired':
      return { ...lookedUp, pendingCall: sale.pendingCall && { ...sale.pendingCall, inDoubt: true } };
    case 'found': {
      const open = picked.row === 'in_work' || picked.row === 'odd_notice' || picked.row === 'code_requested_notice';
      const answered = event.source === 'answer' && picked.source === 'answer';
      return open && !answered ? lookedUp : { ...lookedUp, pendingCall: keepsCancel(sale, picked.row) ? sale.pendingCall : null };
    }
    case 'call_denied':
    case 'code_rejected':
    case 'code_resent':
    case 'resend_refused':
    case 'not_sent':
      return { ...lookedUp, pendingCall: null };
    default:
      return lookedUp;
  }
}

/** A notice about something else leaves a cancel that is on its way alone. */
function keepsCancel(sale: SaleOperation, row: SaleRow): boolean {
  return sale.pendingCall?.kind === 'cancel' && row === 'reserved_notice';
}

/** What a new state resets: its schedule is its own. */
function entering(sale: SaleOperation, state: SaleOperation['state'], picked: Extract<Classified, { kind: 'row' }>, now: number): SaleOperation {
  const finished = state === 'succeeded' || state === 'declined';
  return {
    ...sale,
    state,
    changedAt: now,
    lookUpAt: null,
    lookUps: 0,
    retryAt: null,
    notSent: 0,
    notSentSince: null,
    graceUntil: null,
    pendingCall: finished ? null : sale.pendingCall,
    deadlineAt: finished || state === 'confirming' ? null : sale.deadlineAt,
    openSince: state === 'confirming' ? now : null,
    declineReason: state === 'declined' ? (picked.reason ?? 'no_reason') : null,
  };
}

/** Facts the event itself brings, apart from what the provider's finding records. */
function factsOf(sale: SaleOperation, event: SaleEvent, row: SaleRow): Partial<SaleOperation> {
  if (event.type === 'code_submitted') return { codeSubmitted: true, codeRequestId: event.requestId };
  if (event.type === 'code_rejected') {
    const wrongCodes = event.reason === 'wrong' ? sale.wrongCodes + 1 : sale.wrongCodes;
    return { wrongCodes, clarificationReason: event.reason === 'wrong' ? 'code_wrong' : 'code_expired' };
  }
  switch (row) {
    case 'code_requested':
      return sale.state === 'preparing' ? { clarificationReason: 'code_requested' } : {};
    case 'still_pending':
      if (sale.state === 'preparing') return { clarificationReason: 'code_requested' };
      return sale.state === 'validating' ? { clarificationReason: 'enter_again' } : {};
    case 'code_resent':
      return { clarificationReason: 'code_resent' };
    case 'resend_refused':
    case 'resend_lost':
      return { clarificationReason: 'resend_failed' };
    case 'not_sent_spent':
      return { clarificationReason: sale.state === 'awaiting_code' ? 'resend_failed' : 'enter_again' };
    default:
      return {};
  }
}
