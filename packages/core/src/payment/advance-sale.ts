import type { Classified } from './classified.ts';
import { classify } from './classify.ts';
import type { Decision, NewOperationIds } from './decision.ts';
import { Draft } from './draft.ts';
import type { Payment, SaleOperation } from './payment.ts';
import { MAX_WRONG_CODES, type LifecycleSettings } from './rules.ts';
import type { SaleEvent } from './sale-events.ts';
import { applyOrder, type OrderContext } from './sale-orders.ts';
import { saleCell, type SaleRow } from './sale-table.ts';
import { settleCall } from './settle-call.ts';
import { tryAgainUntil } from './try-again.ts';

export interface AdvanceContext {
  readonly now: number;
  readonly settings: LifecycleSettings;
  /** Identities for a reversal, should one be needed. */
  readonly newIds: () => NewOperationIds;
}

type Picked = Extract<Classified, { kind: 'row' }>;

/** Decides what an event means for one sale operation of a payment: the table's cell, carried out on a copy. */
export function advanceSale(
  payment: Payment,
  operationNo: number,
  event: SaleEvent,
  context: AdvanceContext,
): Decision {
  const sale = payment.sales.find((other) => other.operationNo === operationNo);
  if (!sale) throw new Error(`payment has no sale operation ${operationNo}`);
  const picked = classify(event, { payment, sale, now: context.now, settings: context.settings });
  switch (picked.kind) {
    case 'refused':
    case 'repeated':
      return picked;
    case 'nothing':
      return { kind: 'unchanged' };
    case 'row':
      return carryOut(payment, sale, event, picked, context);
  }
}

function carryOut(
  payment: Payment,
  sale: SaleOperation,
  event: SaleEvent,
  picked: Picked,
  context: AdvanceContext,
): Decision {
  const cell = saleCell(picked.row, sale.state);
  if (cell.kind === 'refuse') return { kind: 'refused', refusal: { why: 'not_possible' } };
  const draft = new Draft(payment, context.now);
  if (cell.kind === 'ignore') {
    // The question was answered, if with nothing new: left due, it would be asked for ever.
    if (event.type !== 'found' || event.source !== 'look_up' || sale.lookUpAt === null) return { kind: 'unchanged' };
    draft.putSale({ ...sale, lookUpAt: null });
    return draft.done();
  }

  let next = { ...settleCall(sale, event, picked), ...factsOf(sale, event, picked.row) };
  if (cell.kind === 'move') next = { ...next, ...entering(next, cell.to, picked, payment, context) };
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

/** What a new state resets: its calls, its schedule and its incidents are its own. */
function entering(
  sale: SaleOperation,
  state: SaleOperation['state'],
  picked: Picked,
  payment: Payment,
  { now, settings }: AdvanceContext,
): SaleOperation {
  const finished = state === 'succeeded' || state === 'declined';
  const declineReason = state === 'declined' ? (picked.reason ?? 'no_reason') : null;
  const mayTryAgain = declineReason !== null && picked.row !== 'payer_left';
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
    pendingCall: null,
    incidentRaised: false,
    overdueTold: false,
    // The code was accepted: nothing is asked of the payer any more, which `isCodeAccepted` reads afterwards.
    clarificationReason: state === 'confirming' ? null : sale.clarificationReason,
    deadlineAt: finished || state === 'confirming' ? null : sale.deadlineAt,
    openSince: state === 'confirming' ? now : null,
    declineReason,
    tryAgainUntil: mayTryAgain ? tryAgainUntil(payment, sale.operationNo, declineReason, now, settings) : null,
  };
}

/** Facts the event itself brings, apart from what the provider's finding records. */
function factsOf(sale: SaleOperation, event: SaleEvent, row: SaleRow): Partial<SaleOperation> {
  if (event.type === 'code_submitted') {
    // A resend still waiting to be sent again is given up for the code: none went out.
    const resendsUsed = sale.retryAt === null ? sale.resendsUsed : Math.max(0, sale.resendsUsed - 1);
    return { codeSubmitted: true, codeRequestId: event.requestId, resendsUsed };
  }
  if (event.type === 'code_rejected') {
    const wrongCodes = Math.min(MAX_WRONG_CODES, sale.wrongCodes + (event.reason === 'wrong' ? 1 : 0));
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
