import { isKazakhNumber } from '../phone.ts';
import type { OperatorId, RulesByOperator } from '../operators/operator.ts';
import { refusedByAll } from '../operators/guess.ts';
import type { Sum } from '../money.ts';
import type { PaymentKey } from '../payment-key.ts';
import type { AdvanceContext } from './advance-sale.ts';
import type { DeclineReason } from './decline-reasons.ts';
import type { Changed, Decision, NewOperationIds } from './decision.ts';
import { Draft } from './draft.ts';
import { currentSale, type CallbackChoice, type Payment, type Retries, type SaleOperation } from './payment.ts';
import type { LifecycleSettings } from './rules.ts';
import { boundedDeadline } from './sale-times.ts';
import { tryAgainOffer, tryAgainUntil } from './try-again.ts';

export interface NewSale {
  readonly key: PaymentKey;
  readonly paymentId: string;
  readonly requestDigest: string;
  readonly sum: Sum;
  readonly description: string | null;
  readonly merchantData: string | null;
  readonly customerId: string;
  readonly accountNumber: string;
  readonly bestBeforeAt: number | null;
  readonly callbacks: CallbackChoice;
  /** Null for a payment that its first decline ends. */
  readonly retries: Retries | null;
  readonly candidates: readonly OperatorId[];
  readonly breakerOpen: boolean;
}

/** A sale's own part of a request: whose phone pays. */
type Payer = Pick<NewSale, 'accountNumber' | 'candidates' | 'breakerOpen'>;

/** What ends a sale before anything is sent to the operator; null when nothing does. */
function refusal(payer: Payer, bestBeforeAt: number | null, now: number, rules: RulesByOperator): DeclineReason | null {
  if (!isKazakhNumber(payer.accountNumber)) return 'not_a_mobile_number';
  if (bestBeforeAt !== null && bestBeforeAt <= now) return 'best_before';
  if (refusedByAll(payer.candidates, rules)) return 'operator_disabled';
  return payer.breakerOpen ? 'breaker_open' : null;
}

/** A new payment with its first sale operation; one that a rule refuses is born declined, and the merchant is told by callback. */
export function createSale(request: NewSale, ids: NewOperationIds, now: number, settings: LifecycleSettings): Changed {
  const { key, breakerOpen: _, candidates: __, accountNumber: ___, ...told } = request;
  const empty: Payment = {
    ...told,
    ...key,
    version: 0,
    createdAt: now,
    changedAt: now,
    refundedMinor: 0,
    heldMinor: 0,
    operationCount: 0,
    eventCount: 0,
    callbackCount: 0,
    sales: [],
    refunds: [],
  };
  const draft = new Draft(empty, now);
  begin(draft, request, ids, settings);
  return draft.done();
}

export interface NextSale extends Payer {
  /** The sale operation whose decline the payer saw; a newer one is the answer to the same wish. */
  readonly after: number;
}

/**
 * A next sale operation of the same payment, for a payer who tries again or has changed the number. It begins only when the
 * last one is declined and the operator has nothing of it left to cancel.
 */
export function createNextSale(
  payment: Payment,
  request: NextSale,
  { now, settings, newIds }: AdvanceContext,
): Decision {
  const last = currentSale(payment);
  const seen = payment.sales.find((sale) => sale.operationNo === request.after);
  if (seen && seen !== last) return { kind: 'repeated', requestId: last.requestId };
  if (seen?.state !== 'declined') return { kind: 'refused', refusal: { why: 'not_possible' } };
  const offer = tryAgainOffer(payment);
  if (!offer || offer.until <= now) return { kind: 'refused', refusal: { why: 'no_tries_left' } };
  if (offer.mustWait) return { kind: 'refused', refusal: { why: 'cancel_pending' } };
  const draft = new Draft(payment, now);
  draft.putSale({ ...last, tryAgainUntil: null });
  draft.update({ changedAt: now });
  begin(draft, request, newIds(), settings);
  return draft.done();
}

/** Adds a sale operation and orders its first call, or declines it where a rule says so. */
function begin(draft: Draft, payer: Payer, ids: NewOperationIds, settings: LifecycleSettings): void {
  const { payment, now } = draft;
  const reason = refusal(payer, payment.bestBeforeAt, now, settings.rules);
  const sale = newOperation(payment.operationCount + 1, ids, payer, now);
  const { operationNo } = sale;
  draft.log('sale_created', operationNo, { amountMinor: payment.sum.amountMinor, currency: payment.sum.currency });
  if (reason) {
    const until = tryAgainUntil(payment, operationNo, reason, now, settings);
    draft.putSale({ ...sale, state: 'declined', declineReason: reason, tryAgainUntil: until });
    draft.log(reason === 'breaker_open' ? 'breaker_open' : 'refused_by_rules', operationNo, { reason });
    draft.tell({ kind: 'result', operationNo });
    return;
  }
  draft.putSale({
    ...sale,
    attempt: 1,
    pendingCall: { kind: 'prepare', attempt: 1, startedAt: now, inDoubt: false },
    deadlineAt: boundedDeadline(payment, now + settings.prepareDeadlineMs, settings),
  });
  draft.order({ kind: 'prepare', operationNo, attempt: 1, isRepeat: false });
}

function newOperation(operationNo: number, ids: NewOperationIds, payer: Payer, now: number): SaleOperation {
  return {
    operationNo,
    ...ids,
    state: 'preparing',
    createdAt: now,
    changedAt: now,
    declineReason: null,
    tryAgainUntil: null,
    accountNumber: payer.accountNumber,
    candidates: payer.candidates,
    operator: null,
    providerPaymentId: null,
    authorizationId: null,
    clarificationReason: null,
    codeExpiresAt: null,
    resendAllowedAt: null,
    operatorResendsLeft: null,
    resendsUsed: 0,
    wrongCodes: 0,
    codeSubmitted: false,
    codeRequestId: null,
    attempt: 0,
    pendingCall: null,
    deadlineAt: null,
    graceUntil: null,
    lookUpAt: null,
    lookUps: 0,
    retryAt: null,
    notSent: 0,
    notSentSince: null,
    openSince: null,
    incidentRaised: false,
    overdueTold: false,
  };
}
