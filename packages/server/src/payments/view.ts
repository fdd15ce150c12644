import type { ClarificationForm } from '@rocketpay/contract/clarification-fields.ts';
import type { CallbackView } from '@rocketpay/contract/callback.ts';
import type {
  AccountView,
  ClarificationView,
  NewAttemptsView,
  OperationStatus,
  OperationView,
  PaymentStatus,
  PaymentView,
} from '@rocketpay/contract/envelope.ts';
import type { RequestStatusView } from '@rocketpay/contract/request-status.ts';
import type { StatusView } from '@rocketpay/contract/status.ts';
import { gateCodes, type GateCode } from '@rocketpay/core/errors.ts';
import { declineCodes } from '@rocketpay/core/payment/decline-reasons.ts';
import {
  currentSale,
  paymentStatus,
  type Payment,
  type RefundOperation,
  type SaleOperation,
} from '@rocketpay/core/payment/payment.ts';
import { MAX_RESENDS, MAX_WRONG_CODES } from '@rocketpay/core/payment/rules.ts';
import { tryAgainOffer } from '@rocketpay/core/payment/try-again.ts';

const paymentWords = {
  processing: 'processing',
  awaiting_code: 'awaiting clarification',
  succeeded: 'success',
  awaiting_payer: 'awaiting customer',
  declined: 'decline',
  partially_refunded: 'partially refunded',
  refunded: 'refunded',
} as const satisfies Record<ReturnType<typeof paymentStatus>, PaymentStatus>;

const saleWords = {
  preparing: 'processing',
  awaiting_code: 'awaiting clarification',
  validating: 'processing',
  confirming: 'processing',
  succeeded: 'success',
  declined: 'decline',
} as const satisfies Record<SaleOperation['state'], OperationStatus>;

const refundWords = {
  sending: 'processing',
  succeeded: 'success',
  declined: 'decline',
} as const satisfies Record<RefundOperation['state'], OperationStatus>;

/** Only of a declined payment whose payer could have tried again: every other is shown as Gate shows it. */
function newAttemptsView(payment: Payment, now: number): NewAttemptsView | undefined {
  if (payment.retries === null || currentSale(payment).state !== 'declined') return undefined;
  const offer = tryAgainOffer(payment);
  return offer ? { available: true, timeoutMs: Math.max(0, offer.until - now) } : { available: false };
}

function paymentView(payment: Payment, now: number): PaymentView {
  return {
    id: payment.paymentId,
    status: paymentWords[paymentStatus(payment)],
    changedAt: payment.changedAt,
    amountMinor: payment.sum.amountMinor - payment.refundedMinor,
    currency: payment.sum.currency,
    description: payment.description ?? undefined,
    merchantData: payment.merchantData ?? undefined,
    newAttempts: newAttemptsView(payment, now),
  };
}

function codeOf(operation: SaleOperation | RefundOperation): GateCode {
  if (operation.state === 'succeeded') return '0';
  return operation.declineReason === null ? '9999' : declineCodes[operation.declineReason];
}

function saleView(payment: Payment, sale: SaleOperation, providerId: number): OperationView {
  const code = codeOf(sale);
  return {
    id: sale.operationId,
    type: 'sale',
    status: saleWords[sale.state],
    changedAt: sale.changedAt,
    createdAt: sale.createdAt,
    requestId: sale.requestId,
    initial: payment.sum,
    converted: payment.sum,
    code,
    message: gateCodes[code].message,
    provider: { id: providerId, paymentId: sale.providerPaymentId ?? '' },
  };
}

function refundView(refund: RefundOperation, providerId: number): OperationView {
  const code = codeOf(refund);
  return {
    id: refund.operationId,
    type: 'refund',
    status: refundWords[refund.state],
    changedAt: refund.changedAt,
    createdAt: refund.createdAt,
    requestId: refund.requestId,
    initial: refund.sum,
    converted: refund.sum,
    code,
    message: gateCodes[code].message,
    provider: { id: providerId, paymentId: refund.providerRefundId ?? '' },
  };
}

/** The operator's answer; before it our guess, where only one operator is possible. */
function accountView({ accountNumber, operator, candidates }: SaleOperation): AccountView {
  const guess = candidates.length === 1 ? candidates[0] : undefined;
  return { number: accountNumber, type: operator ?? guess ?? '' };
}

function clarificationView(sale: SaleOperation, form: ClarificationForm): ClarificationView | undefined {
  if (sale.state !== 'awaiting_code' || sale.clarificationReason === null) return undefined;
  const ours = MAX_RESENDS - sale.resendsUsed;
  return {
    reason: sale.clarificationReason,
    form,
    attemptsLeft: MAX_WRONG_CODES - sale.wrongCodes,
    expiresAt: sale.codeExpiresAt ?? undefined,
    resendAllowedAt: sale.resendAllowedAt ?? undefined,
    resendsLeft: sale.operatorResendsLeft === null ? ours : Math.min(ours, sale.operatorResendsLeft),
  };
}

/** What a message depends on beside the payment. */
export interface Shown {
  readonly providerId: number;
  readonly now: number;
  readonly form: ClarificationForm;
}

/** What a callback says: the payment as it stands and the one operation that brought the callback about. */
export function callbackView(payment: Payment, operationNo: number, { providerId, now, form }: Shown): CallbackView {
  const sale = payment.sales.find((other) => other.operationNo === operationNo);
  const refund = payment.refunds.find((other) => other.operationNo === operationNo);
  if (sale) {
    return {
      projectId: payment.projectId,
      payment: paymentView(payment, now),
      customerId: payment.customerId,
      operation: saleView(payment, sale, providerId),
      account: accountView(sale),
      clarification: clarificationView(sale, form),
    };
  }
  if (!refund) throw new Error(`payment has no operation ${operationNo}`);
  const refunded = payment.sales.find((other) => other.operationNo === refund.saleOperationNo);
  return {
    projectId: payment.projectId,
    payment: paymentView(payment, now),
    customerId: payment.customerId,
    operation: refundView(refund, providerId),
    account: accountView(refunded ?? currentSale(payment)),
    merchantRefundId: refund.merchantRefundId ?? undefined,
  };
}

/** What became of one request, in the family's older shape; null when none of the payment's operations began with it. */
export function requestStatusView(payment: Payment, requestId: string, providerId: number): RequestStatusView | null {
  const { operations, ...whole } = statusView(payment, { providerId, now: payment.changedAt, form: 'list' });
  const operation = operations.find((other) => other.requestId === requestId);
  if (!operation) return null;
  const isPaid = currentSale(payment).state === 'succeeded';
  return {
    projectId: whole.projectId,
    payment: whole.payment,
    operation,
    operations,
    account: whole.account,
    asked: payment.sum,
    chargedMinor: isPaid ? payment.sum.amountMinor : 0,
    refundedMinor: payment.refundedMinor,
  };
}

/** What the status endpoint says: the payment with all its operations; reversals are not the merchant's business. */
export function statusView(payment: Payment, { providerId, now, form }: Shown): StatusView {
  const sales = payment.sales.map((sale) => [sale.operationNo, saleView(payment, sale, providerId)] as const);
  const refunds = payment.refunds
    .filter((refund) => refund.kind === 'refund')
    .map((refund) => [refund.operationNo, refundView(refund, providerId)] as const);
  return {
    projectId: payment.projectId,
    payment: paymentView(payment, now),
    customerId: payment.customerId,
    operations: [...sales, ...refunds].toSorted(([a], [b]) => a - b).map(([, view]) => view),
    account: accountView(currentSale(payment)),
    clarification: clarificationView(currentSale(payment), form),
  };
}
