import { newReversal } from '../refund/new-refund.ts';
import type { AdvanceContext } from './advance-sale.ts';
import type { Classified } from './classify.ts';
import type { Draft } from './draft.ts';
import type { SaleCallKind, SaleOperation } from './payment.ts';
import {
  callTimeoutMs,
  LAST_LOOK_UP_MS,
  LOOK_UP_LEASE_MS,
  lookUpDelayMs,
  retryDelayMs,
  VALIDATING_GRACE_MS,
} from './rules.ts';
import type { CodeFacts, SaleEvent } from './sale-events.ts';
import type { SaleOrder } from './sale-table.ts';
import { boundedDeadline } from './sale-times.ts';

export interface OrderContext {
  readonly draft: Draft;
  readonly context: AdvanceContext;
  readonly event: SaleEvent;
  readonly picked: Extract<Classified, { kind: 'row' }>;
  /** The operation as it was when the event came. */
  readonly before: SaleOperation;
}

/** Carries one order of a cell out: on the operation's copy, and in the draft what is to follow the commit. */
export function applyOrder(order: SaleOrder, sale: SaleOperation, at: OrderContext): SaleOperation {
  const { draft, context, picked } = at;
  const { now, settings } = context;
  switch (order) {
    case 'record':
      return record(sale, at);
    case 'restart_wait':
      return { ...sale, deadlineAt: boundedDeadline(draft.payment, now + settings.clarificationWaitMs, settings) };
    case 'tell':
      draft.tell({ kind: sale.state === 'awaiting_code' ? 'clarification' : 'result', operationNo: sale.operationNo });
      return sale;
    case 'prepare':
    case 'validate':
    case 'confirm':
      return startCall(order, sale, at);
    case 'resend':
      return startCall(order, at.event.type === 'resend_requested' ? { ...sale, resendsUsed: sale.resendsUsed + 1 } : sale, at);
    case 'cancel':
      return cancel(sale, at);
    case 'retry':
      return {
        ...sale,
        notSent: sale.notSent + 1,
        notSentSince: sale.notSentSince ?? now,
        retryAt: now + retryDelayMs(sale.notSent + 1),
      };
    case 'look_up':
      draft.order({ kind: 'look_up', operationNo: sale.operationNo, attempt: sale.attempt, isRepeat: false });
      return { ...sale, lookUpAt: now + LOOK_UP_LEASE_MS };
    case 'look_up_later':
      return { ...sale, lookUpAt: now + lookUpDelayMs(sale.lookUps), lookUps: sale.lookUps + 1 };
    case 'last_look_up':
      draft.order({ kind: 'look_up', operationNo: sale.operationNo, attempt: sale.attempt, isRepeat: false });
      return {
        ...sale,
        lookUpAt: now + LOOK_UP_LEASE_MS,
        graceUntil: now + (sale.state === 'preparing' ? LAST_LOOK_UP_MS : VALIDATING_GRACE_MS),
      };
    case 'give_back_resend':
      return { ...sale, resendsUsed: Math.max(0, sale.resendsUsed - 1) };
    case 'clear_cancel':
      return { ...sale, pendingCall: null, lookUpAt: null, retryAt: null, openSince: null };
    case 'reverse':
      newReversal(draft, sale, picked.finding?.providerPaymentId ?? sale.providerPaymentId, context.newIds());
      return sale;
    case 'incident':
      draft.incident(picked.row, sale.operationNo, `${picked.row} while ${at.before.state}`);
      return { ...sale, incidentRaised: true };
    case 'close_incident':
      return { ...sale, incidentRaised: true, openSince: null, lookUpAt: null, retryAt: null, pendingCall: null };
  }
}

function startCall(kind: SaleCallKind, sale: SaleOperation, { draft, context, before }: OrderContext): SaleOperation {
  const attempt = sale.attempt + 1;
  const isRepeat = before.pendingCall?.kind === kind && before.pendingCall.inDoubt;
  draft.order({ kind, operationNo: sale.operationNo, attempt, isRepeat });
  // A confirm or cancel is only taken on by its answer; the outcome comes by notice, else by asking.
  const asks = kind === 'confirm' || kind === 'cancel';
  return {
    ...sale,
    attempt,
    pendingCall: { kind, attempt, startedAt: context.now, inDoubt: false },
    retryAt: null,
    lookUpAt: asks ? context.now + lookUpDelayMs(0) : null,
    lookUps: asks ? 1 : 0,
    openSince: asks ? (sale.openSince ?? context.now) : sale.openSince,
  };
}

/** Cancels what the operator holds; where its id is not known yet it is found by our correlator first. */
function cancel(sale: SaleOperation, at: OrderContext): SaleOperation {
  if (sale.providerPaymentId !== null) return startCall('cancel', sale, at);
  const { draft, context } = at;
  const attempt = sale.attempt + 1;
  draft.order({ kind: 'look_up', operationNo: sale.operationNo, attempt, isRepeat: false });
  return {
    ...sale,
    attempt,
    pendingCall: { kind: 'cancel', attempt, startedAt: context.now, inDoubt: true },
    retryAt: null,
    lookUpAt: context.now + callTimeoutMs.look_up,
    openSince: sale.openSince ?? context.now,
  };
}

/** Takes over what the provider told us; a notice's ids are never taken. */
function record(sale: SaleOperation, { event, picked, before, context }: OrderContext): SaleOperation {
  const newCode = picked.row === 'code_resent' || before.state === 'preparing';
  const known = newCode ? { ...sale, resendAllowedAt: context.now + context.settings.codeLifeMs } : sale;
  if (event.type === 'code_resent') return { ...sale, ...codeFacts(known, event.facts) };
  const { finding } = picked;
  if (!finding || picked.source === 'notice') return sale;
  return {
    ...sale,
    ...codeFacts(known, finding),
    providerPaymentId: sale.providerPaymentId ?? finding.providerPaymentId ?? null,
    operator: finding.operator ?? sale.operator,
    wrongCodes: Math.max(sale.wrongCodes, finding.wrongCodes ?? 0),
  };
}

function codeFacts(sale: SaleOperation, facts: CodeFacts): Partial<SaleOperation> {
  return {
    authorizationId: facts.authorizationId ?? sale.authorizationId,
    codeExpiresAt: facts.codeExpiresAt ?? sale.codeExpiresAt,
    resendAllowedAt: facts.resendAllowedAt ?? sale.resendAllowedAt,
    operatorResendsLeft: facts.resendsLeft ?? sale.operatorResendsLeft,
  };
}
