import type { Decision, NewOperationIds } from '../payment/decision.ts';
import { Draft } from '../payment/draft.ts';
import {
  currentSale,
  refundableMinor,
  type Payment,
  type RefundOperation,
  type SaleOperation,
} from '../payment/payment.ts';
import type { Sum } from '../money.ts';
import type { RulesByOperator } from '../operators/operator.ts';

export interface RefundRequest {
  /** Minor units; null asks for all that is left. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly merchantRefundId: string | null;
  readonly requestDigest: string;
  readonly description: string | null;
  readonly callbackDelayMs: number;
  readonly callbacksDisabled: boolean;
  /** When this very request was begun by somebody who is gone without an answer; left out for every other one. */
  readonly firstAskedAt?: number;
}

export interface RefundContext {
  readonly now: number;
  readonly refundsEnabled: boolean;
  /** How long an equal refund is refused after one (`equalRefund`); 0 refuses none. */
  readonly refundRepeatWindowMs: number;
  readonly rules: RulesByOperator;
  readonly newIds: () => NewOperationIds;
}

/** An earlier refund that this request repeats: the same id with the same body, or, without an id, an equal body still unfinished. */
function repeatedRefund(payment: Payment, request: RefundRequest): RefundOperation | undefined {
  const refunds = payment.refunds.filter((refund) => refund.kind === 'refund');
  if (request.merchantRefundId !== null) {
    return refunds.find((refund) => refund.merchantRefundId === request.merchantRefundId);
  }
  // A request begun before may have made this refund itself: what was unfinished then, or came since, is what it asked for.
  const unfinishedAt = request.firstAskedAt ?? Number.POSITIVE_INFINITY;
  return refunds.find(
    (refund) =>
      refund.merchantRefundId === null &&
      refund.requestDigest === request.requestDigest &&
      (refund.state === 'sending' || refund.changedAt >= unfinishedAt),
  );
}

/**
 * The latest refund of the same sum that still stands. A declined one returned nothing, so it may be tried again; and two
 * refunds to which the merchant gave different ids are two by its own word. An amount left out counts as what it comes to.
 */
function equalRefund(payment: Payment, amountMinor: number, merchantRefundId: string | null) {
  return payment.refunds.findLast(
    (refund) =>
      refund.kind === 'refund' &&
      refund.state !== 'declined' &&
      refund.sum.amountMinor === amountMinor &&
      (refund.merchantRefundId === null || merchantRefundId === null),
  );
}

/** Decides a merchant's refund request against what is left of the payment; the sum is held in the same commit. */
export function requestRefund(payment: Payment, request: RefundRequest, context: RefundContext): Decision {
  const repeated = repeatedRefund(payment, request);
  if (repeated) {
    return repeated.requestDigest === request.requestDigest
      ? { kind: 'repeated', requestId: repeated.requestId }
      : { kind: 'refused', refusal: { why: 'refund_id_taken' } };
  }
  const sale = currentSale(payment);
  if (!context.refundsEnabled) return { kind: 'refused', refusal: { why: 'refunds_off_for_project' } };
  if (sale.state !== 'succeeded') return { kind: 'refused', refusal: { why: 'not_refundable' } };
  if (sale.providerPaymentId === null || (sale.operator && !context.rules[sale.operator].refundsEnabled)) {
    return { kind: 'refused', refusal: { why: 'refunds_off_for_operator' } };
  }
  if (request.currency !== null && request.currency !== payment.sum.currency) {
    return { kind: 'refused', refusal: { why: 'refund_currency' } };
  }
  const leftMinor = refundableMinor(payment);
  if (request.amountMinor === null && leftMinor === 0) return { kind: 'refused', refusal: { why: 'not_refundable' } };
  const amountMinor = request.amountMinor ?? leftMinor;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) throw new RangeError('a refund of no whole positive sum');
  if (amountMinor > leftMinor) return { kind: 'refused', refusal: { why: 'refund_too_large', leftMinor } };

  const equal = equalRefund(payment, amountMinor, request.merchantRefundId);
  const allowedAt = equal ? equal.createdAt + context.refundRepeatWindowMs : context.now;
  if (allowedAt > context.now) return { kind: 'refused', refusal: { why: 'refund_repeated', allowedAt } };

  const draft = new Draft(payment, context.now);
  draft.update({ heldMinor: payment.heldMinor + amountMinor });
  const refund: RefundOperation = {
    ...blankRefund(payment, sale, sale.providerPaymentId, context.newIds(), context.now),
    kind: 'refund',
    sum: { amountMinor, currency: payment.sum.currency },
    merchantRefundId: request.merchantRefundId,
    requestDigest: request.requestDigest,
    description: request.description,
    callbackDelayMs: request.callbackDelayMs,
    callbacksDisabled: request.callbacksDisabled,
  };
  draft.putRefund(refund);
  draft.order({ kind: 'refund', operationNo: refund.operationNo, attempt: refund.attempt, isRepeat: false });
  draft.log('refund_created', refund.operationNo, { amountMinor });
  return draft.done();
}

export interface Reversal {
  readonly providerPaymentId: string;
  /** What was charged, which may be another sum than was asked for. */
  readonly sum: Sum;
}

/** Gives back a charge that came too late; at most one per sale operation, all that was charged. */
export function newReversal(draft: Draft, sale: SaleOperation, charge: Reversal, newIds: () => NewOperationIds): void {
  const { payment, now } = draft;
  const exists = payment.refunds.some(
    (refund) => refund.kind === 'reversal' && refund.saleOperationNo === sale.operationNo,
  );
  if (exists) return;
  const reversal: RefundOperation = {
    ...blankRefund(payment, sale, charge.providerPaymentId, newIds(), now),
    kind: 'reversal',
    sum: charge.sum,
  };
  draft.putRefund(reversal);
  draft.order({ kind: 'refund', operationNo: reversal.operationNo, attempt: reversal.attempt, isRepeat: false });
  draft.log('reversal_created', reversal.operationNo, { amountMinor: reversal.sum.amountMinor });
}

function blankRefund(
  payment: Payment,
  sale: SaleOperation,
  providerPaymentId: string,
  ids: NewOperationIds,
  now: number,
): Omit<RefundOperation, 'kind' | 'sum'> {
  return {
    operationNo: payment.operationCount + 1,
    ...ids,
    saleOperationNo: sale.operationNo,
    state: 'sending',
    createdAt: now,
    changedAt: now,
    merchantRefundId: null,
    requestDigest: '',
    description: null,
    callbackDelayMs: 0,
    callbacksDisabled: true,
    providerPaymentId,
    providerRefundId: null,
    deniedOnRepeat: null,
    declineReason: null,
    attempt: 1,
    pendingCall: { kind: 'refund', attempt: 1, startedAt: now, inDoubt: false },
    lookUpAt: null,
    lookUps: 0,
    retryAt: null,
    notSent: 0,
    notSentSince: null,
    openSince: now,
    incidentRaised: false,
    overdueTold: false,
  };
}
