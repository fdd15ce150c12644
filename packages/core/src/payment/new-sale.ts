import { isKazakhNumber } from '../phone.ts';
import type { OperatorId, RulesByOperator } from '../operators/operator.ts';
import { refusedByAll } from '../operators/guess.ts';
import type { Sum } from '../money.ts';
import type { PaymentKey } from '../payment-key.ts';
import type { DeclineReason } from './decline-reasons.ts';
import type { Changed, NewOperationIds } from './decision.ts';
import { Draft } from './draft.ts';
import type { CallbackChoice, Payment, SaleOperation } from './payment.ts';
import type { LifecycleSettings } from './rules.ts';
import { boundedDeadline } from './sale-times.ts';

export interface NewSale {
  readonly key: PaymentKey;
  readonly paymentId: string;
  readonly requestDigest: string;
  readonly sum: Sum;
  readonly description: string | null;
  readonly customerId: string;
  readonly accountNumber: string;
  readonly bestBeforeAt: number | null;
  readonly callbacks: CallbackChoice;
  readonly candidates: readonly OperatorId[];
  readonly breakerOpen: boolean;
}

/** What ends a sale before anything is sent to the operator; null when nothing does. */
function refusal(sale: NewSale, now: number, rules: RulesByOperator): DeclineReason | null {
  if (!isKazakhNumber(sale.accountNumber)) return 'not_a_mobile_number';
  if (sale.bestBeforeAt !== null && sale.bestBeforeAt <= now) return 'best_before';
  if (refusedByAll(sale.candidates, rules)) return 'operator_disabled';
  return sale.breakerOpen ? 'breaker_open' : null;
}

/** A new payment with its first sale operation; one that a rule refuses is born declined, and the merchant is told by callback. */
export function createSale(request: NewSale, ids: NewOperationIds, now: number, settings: LifecycleSettings): Changed {
  const reason = refusal(request, now, settings.rules);
  const { key, breakerOpen: _, candidates, ...told } = request;
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
  const sale = firstOperation(ids, candidates, now);
  draft.log('sale_created', sale.operationNo, { amountMinor: request.sum.amountMinor, currency: request.sum.currency });
  if (reason) {
    draft.putSale({ ...sale, state: 'declined', declineReason: reason });
    draft.log(reason === 'breaker_open' ? 'breaker_open' : 'refused_by_rules', sale.operationNo, { reason });
    draft.tell({ kind: 'result', operationNo: sale.operationNo });
    return draft.done();
  }
  draft.putSale({
    ...sale,
    attempt: 1,
    pendingCall: { kind: 'prepare', attempt: 1, startedAt: now, inDoubt: false },
    deadlineAt: boundedDeadline(empty, now + settings.prepareDeadlineMs, settings),
  });
  draft.order({ kind: 'prepare', operationNo: sale.operationNo, attempt: 1, isRepeat: false });
  return draft.done();
}

function firstOperation(ids: NewOperationIds, candidates: readonly OperatorId[], now: number): SaleOperation {
  return {
    operationNo: 1,
    ...ids,
    state: 'preparing',
    createdAt: now,
    changedAt: now,
    declineReason: null,
    candidates,
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
