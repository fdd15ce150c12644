import { newReversal } from '../refund/new-refund.ts';
import type { AdvanceContext } from './advance-sale.ts';
import type { Classified } from './classified.ts';
import type { Draft } from './draft.ts';
import type { SaleCallKind, SaleOperation } from './payment.ts';
import {
  askAgainDelayMs,
  LAST_LOOK_UP_MS,
  LOOK_UP_LEASE_MS,
  lookUpDelayMs,
  MAX_WRONG_CODES,
  retryDelayMs,
  VALIDATING_GRACE_MS,
} from './rules.ts';
import type { CodeFacts, SaleEvent } from './sale-events.ts';
import type { SaleOrder, SaleRow } from './sale-table.ts';
import { boundedDeadline } from './sale-times.ts';

/** A first call's lease ends after so many scheduled look-ups. */
const FIRST_LEASE_LOOK_UPS = 3;

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
      return startCall(
        order,
        at.event.type === 'resend_requested' ? { ...sale, resendsUsed: sale.resendsUsed + 1 } : sale,
        at,
      );
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
      if (isPaced(sale, picked.row)) return sale;
      draft.order({ kind: 'look_up', operationNo: sale.operationNo, attempt: sale.attempt, isRepeat: false });
      return { ...sale, lookUpAt: now + LOOK_UP_LEASE_MS };
    case 'look_up_later': {
      const delayMs = picked.row === 'look_up_unanswered' ? askAgainDelayMs : lookUpDelayMs;
      return { ...sale, lookUpAt: now + delayMs(sale.lookUps), lookUps: sale.lookUps + 1 };
    }
    case 'last_look_up':
      // Time is over: what was not sent yet is not sent any more.
      draft.order({ kind: 'look_up', operationNo: sale.operationNo, attempt: sale.attempt, isRepeat: false });
      return {
        ...sale,
        retryAt: null,
        lookUpAt: now + LOOK_UP_LEASE_MS,
        graceUntil: now + (sale.state === 'preparing' ? LAST_LOOK_UP_MS : VALIDATING_GRACE_MS),
      };
    case 'give_back_resend':
      return { ...sale, resendsUsed: Math.max(0, sale.resendsUsed - 1) };
    case 'clear_cancel':
      return { ...sale, pendingCall: null, lookUpAt: null, retryAt: null, openSince: null };
    case 'reverse': {
      const providerPaymentId = picked.finding?.providerPaymentId ?? sale.providerPaymentId;
      const sum = picked.finding?.sum ?? draft.payment.sum;
      if (providerPaymentId !== null) newReversal(draft, sale, { providerPaymentId, sum }, context.newIds);
      return sale;
    }
    case 'end_tries':
      if (sale.tryAgainUntil === null) return sale;
      draft.update({ changedAt: now });
      draft.tell({ kind: 'result', operationNo: sale.operationNo });
      return { ...sale, tryAgainUntil: null };
    case 'incident':
      draft.incident(picked.row, sale.operationNo, `${picked.row} while ${at.before.state}`);
      return { ...sale, incidentRaised: true, overdueTold: sale.overdueTold || picked.row === 'open_for_a_day' };
    case 'close_incident':
      return {
        ...sale,
        incidentRaised: true,
        overdueTold: true,
        openSince: null,
        lookUpAt: null,
        retryAt: null,
        pendingCall: null,
      };
  }
}

function startCall(kind: SaleCallKind, sale: SaleOperation, { draft, context, before }: OrderContext): SaleOperation {
  const attempt = sale.attempt + 1;
  const inDoubt = before.pendingCall?.kind === kind && before.pendingCall.inDoubt;
  // In preparing every attempt is a prepare: one that is not known unsent may have arrived.
  const isRepeat = kind === 'prepare' ? before.attempt > before.notSent : inDoubt;
  draft.order({ kind, operationNo: sale.operationNo, attempt, isRepeat });
  // A confirm or cancel is only taken on by its answer; the outcome comes by notice, else by asking.
  const asks = kind === 'confirm' || kind === 'cancel';
  const lookUps = isRepeat ? sale.lookUps : 0;
  return {
    ...sale,
    attempt,
    pendingCall: { kind, attempt, startedAt: context.now, inDoubt: false },
    retryAt: null,
    lookUpAt: asks ? context.now + lookUpDelayMs(lookUps) : null,
    lookUps: asks ? lookUps + 1 : 0,
    openSince: asks ? (sale.openSince ?? context.now) : sale.openSince,
  };
}

/**
 * True when an answer that failed again must not be asked after at once: the question's own schedule, which every repeat of
 * the call has slowed down, does it. Else a provider that refuses each repeat would be called without a pause.
 */
function isPaced(sale: SaleOperation, row: SaleRow): boolean {
  const kind = sale.pendingCall?.kind;
  if (sale.lookUpAt === null || (kind !== 'confirm' && kind !== 'cancel')) return false;
  if (row === 'answer_lost' || row === 'answer_suspicious') return sale.lookUps > 1;
  return row === 'lease_expired' && sale.lookUps > FIRST_LEASE_LOOK_UPS;
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
    lookUpAt: context.now + LOOK_UP_LEASE_MS,
    openSince: sale.openSince ?? context.now,
  };
}

/** Takes over what the provider told us; a notice's ids are never taken. */
function record(sale: SaleOperation, { event, picked, before, context }: OrderContext): SaleOperation {
  const isNewCode = picked.row === 'code_resent' || before.state === 'preparing';
  const known = isNewCode ? forgetOldCode(sale, context.now + context.settings.codeLifeMs) : sale;
  if (event.type === 'code_resent') return { ...known, ...codeFacts(known, event.facts) };
  if (event.type === 'resend_refused') return { ...known, ...codeFacts(known, event) };
  const { finding } = picked;
  if (!finding || picked.source === 'notice') return sale;
  return {
    ...known,
    ...codeFacts(known, finding),
    providerPaymentId: sale.providerPaymentId ?? finding.providerPaymentId ?? null,
    operator: finding.operator ?? sale.operator,
    wrongCodes: Math.min(MAX_WRONG_CODES, Math.max(sale.wrongCodes, finding.wrongCodes ?? 0)),
  };
}

/** What was known of the last code says nothing about the new one. */
function forgetOldCode(sale: SaleOperation, resendAllowedAt: number): SaleOperation {
  const left = sale.operatorResendsLeft;
  return {
    ...sale,
    codeExpiresAt: null,
    resendAllowedAt,
    operatorResendsLeft: left === null ? null : Math.max(0, left - 1),
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
