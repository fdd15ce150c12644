import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { CallOrder } from '@rocketpay/core/payment/decision.ts';
import type { CallKind, Payment, RefundOperation, SaleOperation } from '@rocketpay/core/payment/payment.ts';
import { LEASE_SLACK_MS } from '@rocketpay/core/payment/rules.ts';
import type { SaleEvent } from '@rocketpay/core/payment/sale-events.ts';
import type { RefundEvent } from '@rocketpay/core/refund/refund-events.ts';
import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { OperatorGate } from '../operators/operators.ts';
import type { Provider } from '../providers/port.ts';
import type { LiveCodes } from './live-codes.ts';
import type { NoticeAddresses } from './notice-address.ts';

export interface CallParts {
  readonly provider: Provider;
  readonly gate: OperatorGate;
  readonly noticeAddresses: NoticeAddresses;
  readonly codes: LiveCodes;
  readonly monotonicMs: () => number;
}

/** An order as it left its commit, with the moment after which it may no longer be sent: its lease would end too early. */
export interface CommittedOrder extends CallOrder {
  readonly sendBeforeMonotonicMs: number;
}

/** The last moment a call ordered now may be written to the socket. */
export function sendBefore(monotonicMs: number): number {
  return monotonicMs + LEASE_SLACK_MS - 1_000;
}

/** Who serves the number, or may serve it. */
function operatorsOf(sale: SaleOperation | undefined): readonly OperatorId[] {
  if (!sale) return [];
  return sale.operator === null ? sale.candidates : [sale.operator];
}

type Unresolved = { readonly kind: 'not_sent' } | { readonly kind: 'in_doubt'; readonly suspicious: boolean };

function unresolved<Kind extends CallKind>(call: Kind, { attempt, isRepeat }: CommittedOrder, outcome: Unresolved) {
  return outcome.kind === 'not_sent'
    ? ({ type: 'not_sent', call, attempt, isRepeat } as const)
    : ({ type: 'answer_lost', call, attempt, suspicious: outcome.suspicious } as const);
}

/** Makes one ordered call for a sale and says what its outcome means as an event; null when there is nothing to tell. */
export async function callForSale(
  payment: Payment,
  sale: SaleOperation,
  order: CommittedOrder,
  parts: CallParts,
): Promise<SaleEvent | null> {
  const { provider, gate } = parts;
  const { attempt, sendBeforeMonotonicMs } = order;
  const operators = operatorsOf(sale);
  const later = { operators, sendBeforeMonotonicMs, counts: order.kind !== 'cancel' };
  const known = { correlator: sale.correlator, number: sale.accountNumber, sendBeforeMonotonicMs };
  const { providerPaymentId } = sale;
  if (order.kind !== 'look_up' && parts.monotonicMs() > sendBeforeMonotonicMs) {
    return order.kind === 'refund' ? null : { type: 'not_sent', call: order.kind, attempt, isRepeat: order.isRepeat };
  }
  switch (order.kind) {
    case 'look_up': {
      const { correlator } = sale;
      const outcome = await gate.ask(operators, () => provider.lookUp({ providerPaymentId, correlator }));
      // Not asked: it stays due.
      if (outcome === null) return null;
      return outcome.kind === 'found'
        ? { type: 'found', source: 'look_up', finding: outcome.finding, attempt }
        : { type: 'look_up_unanswered' };
    }
    case 'prepare': {
      const call = {
        ...known,
        reference: payment.paymentId,
        sum: payment.sum,
        description: payment.description ?? '',
        operators,
        notices: parts.noticeAddresses.of(payment, sale.operationNo, provider.name),
      };
      const outcome = await gate.first(operators, order.isRepeat, () => provider.prepare(call, order.isRepeat));
      if (outcome.kind === 'kept_back') return { type: 'breaker_open', attempt };
      if (outcome.kind === 'found') return { type: 'found', source: 'answer', finding: outcome.finding, attempt };
      return outcome.kind === 'denied'
        ? { type: 'call_denied', call: 'prepare', reason: outcome.reason, attempt }
        : unresolved('prepare', order, outcome);
    }
    case 'validate':
      return validate(payment, sale, order, parts);
    case 'resend': {
      if (providerPaymentId === null) return { type: 'resend_refused', attempt };
      const outcome = await gate.later(later, () => provider.resend({ ...known, providerPaymentId }));
      if (outcome.kind === 'resent') return { type: 'code_resent', facts: outcome.facts, attempt };
      if (outcome.kind !== 'resend_refused') return unresolved('resend', order, outcome);
      const { kind: _, ...facts } = outcome;
      return { type: 'resend_refused', attempt, ...facts };
    }
    case 'confirm': {
      if (providerPaymentId === null) return { type: 'answer_lost', call: 'confirm', attempt, suspicious: true };
      const { isRepeat } = order;
      const outcome = await gate.later(later, () => provider.confirm({ ...known, providerPaymentId }, isRepeat));
      // Taken on, no more: the order already says when to ask, and the notice usually comes first.
      if (outcome.kind === 'accepted') return null;
      return outcome.kind === 'denied'
        ? { type: 'call_denied', call: 'confirm', reason: outcome.reason, attempt }
        : unresolved('confirm', order, outcome);
    }
    case 'cancel': {
      if (providerPaymentId === null) return null;
      const outcome = await gate.later(later, () => provider.cancel({ ...known, providerPaymentId }));
      return outcome.kind === 'accepted' ? null : unresolved('cancel', order, outcome);
    }
    case 'refund':
      return null;
  }
}

async function validate(
  payment: PaymentKey,
  sale: SaleOperation,
  order: CommittedOrder,
  parts: CallParts,
): Promise<SaleEvent> {
  const { attempt, sendBeforeMonotonicMs } = order;
  const live = parts.codes.get(payment, sale.operationNo, sale.codeRequestId);
  const { providerPaymentId, authorizationId } = sale;
  // The code was lost with the process that had it: asking shows that the operator still waits, and the payer is asked again.
  if (!live || providerPaymentId === null || authorizationId === null) {
    return { type: 'answer_lost', call: 'validate', attempt, suspicious: false };
  }
  const { correlator } = sale;
  const call = { providerPaymentId, correlator, authorizationId, code: live.code, sendBeforeMonotonicMs };
  const later = { operators: operatorsOf(sale), sendBeforeMonotonicMs, counts: true };
  const outcome = await parts.gate.later(later, () => parts.provider.validate(call));
  switch (outcome.kind) {
    case 'accepted':
      return { type: 'found', source: 'answer', finding: { status: 'reserved' }, attempt };
    case 'code_rejected':
      return { type: 'code_rejected', reason: outcome.reason, attempt };
    case 'authorization_changed':
      return { type: 'answer_lost', call: 'validate', attempt, suspicious: false };
    case 'denied':
      return { type: 'call_denied', call: 'validate', reason: outcome.reason, attempt };
    default:
      return unresolved('validate', order, outcome);
  }
}

/** Makes one ordered call for a refund or a reversal and says what its outcome means as an event; null when nothing was asked. */
export async function callForRefund(
  payment: Payment,
  refund: RefundOperation,
  order: CommittedOrder,
  parts: CallParts,
): Promise<RefundEvent | null> {
  const { provider, gate } = parts;
  const { attempt, sendBeforeMonotonicMs } = order;
  const { providerPaymentId, correlator } = refund;
  const operators = operatorsOf(payment.sales.find((sale) => sale.operationNo === refund.saleOperationNo));
  if (order.kind === 'look_up') {
    const outcome = await gate.ask(operators, () => provider.lookUpRefund({ providerPaymentId, correlator }));
    if (outcome === null) return null;
    return outcome.kind === 'found'
      ? { type: 'refund_found', source: 'look_up', finding: outcome.finding, attempt }
      : { type: 'look_up_unanswered' };
  }
  if (parts.monotonicMs() > sendBeforeMonotonicMs) return { type: 'not_sent', call: 'refund', attempt };
  const call = {
    providerPaymentId,
    correlator,
    reference: payment.paymentId,
    sum: refund.sum,
    reason: refund.description ?? '',
    notices: parts.noticeAddresses.of(payment, refund.operationNo, provider.name),
    sendBeforeMonotonicMs,
  };
  const later = { operators, sendBeforeMonotonicMs, counts: false };
  const outcome = await gate.later(later, () => provider.refund(call));
  if (outcome.kind === 'found') {
    return { type: 'refund_found', source: 'answer', finding: outcome.finding, attempt, isRepeat: order.isRepeat };
  }
  return unresolved('refund', order, outcome);
}
