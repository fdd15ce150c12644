import type { LoggedEvent } from '@rocketpay/core/payment/decision.ts';
import type { Payment, RefundOperation, SaleOperation } from '@rocketpay/core/payment/payment.ts';
import type { CallbackRow } from '../callbacks/callbacks.ts';
import type { PaymentChange } from './store.ts';

export const START = 1_800_000_000_000;

/** A sale with every member that can be absent absent. */
export function bareSale(changes: Partial<SaleOperation> = {}): SaleOperation {
  return {
    operationNo: 1,
    operationId: 3_818_000_010_999,
    requestId: 'request-1',
    correlator: 'correlator-1',
    state: 'preparing',
    createdAt: START,
    changedAt: START,
    declineReason: null,
    tryAgainUntil: null,
    accountNumber: '77011234567',
    candidates: [],
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
    ...changes,
  };
}

export const fullSale = bareSale({
  state: 'validating',
  changedAt: START + 1,
  candidates: ['KCELL', 'ACTIV'],
  operator: 'ACTIV',
  providerPaymentId: 'p-1',
  authorizationId: 'a-1',
  clarificationReason: 'code_wrong',
  codeExpiresAt: START + 2,
  resendAllowedAt: START + 3,
  operatorResendsLeft: 2,
  resendsUsed: 3,
  wrongCodes: 4,
  codeSubmitted: true,
  codeRequestId: 'code-request',
  attempt: 7,
  pendingCall: { kind: 'validate', attempt: 7, startedAt: START + 4, inDoubt: true },
  deadlineAt: START + 60_005,
  graceUntil: START + 60_006,
  lookUpAt: START + 60_007,
  lookUps: 5,
  retryAt: START + 60_008,
  notSent: 6,
  notSentSince: START + 9,
  openSince: START + 10,
  incidentRaised: true,
  overdueTold: true,
});

/** A second sale, with another number, after which the payer may try again. */
export const declinedSale = bareSale({
  operationNo: 4,
  operationId: 3_818_000_011_002,
  requestId: 'request-4',
  correlator: 'correlator-4',
  state: 'declined',
  declineReason: 'insufficient_balance',
  tryAgainUntil: START + 60_018,
  accountNumber: '77051112233',
});

export function refundOf(changes: Partial<RefundOperation> = {}): RefundOperation {
  return {
    operationNo: 2,
    operationId: 3_818_000_011_000,
    kind: 'refund',
    saleOperationNo: 1,
    requestId: 'request-2',
    correlator: 'correlator-2',
    state: 'sending',
    createdAt: START + 11,
    changedAt: START + 12,
    sum: { amountMinor: 40_000, currency: 'KZT' },
    merchantRefundId: 'refund Ы 1',
    requestDigest: 'digest-2',
    description: 'Возврат',
    callbackDelayMs: 5_000,
    callbacksDisabled: true,
    providerPaymentId: 'p-1',
    deniedOnRepeat: 'refund_not_allowed',
    providerRefundId: 'r-1',
    declineReason: null,
    attempt: 2,
    pendingCall: { kind: 'refund', attempt: 2, startedAt: START + 13, inDoubt: false },
    lookUpAt: START + 60_014,
    lookUps: 1,
    retryAt: START + 60_015,
    notSent: 2,
    notSentSince: START + 16,
    openSince: START + 17,
    incidentRaised: true,
    overdueTold: true,
    ...changes,
  };
}

export const bareRefund = refundOf({
  operationNo: 3,
  operationId: 3_818_000_011_001,
  requestId: 'request-3',
  correlator: 'correlator-3',
  kind: 'reversal',
  state: 'declined',
  merchantRefundId: null,
  description: null,
  callbackDelayMs: 0,
  callbacksDisabled: false,
  providerRefundId: null,
  declineReason: 'refund_failed',
  pendingCall: null,
  lookUpAt: null,
  retryAt: null,
  notSentSince: null,
  openSince: null,
  incidentRaised: false,
  overdueTold: false,
});

/** A payment's first version, with the one sale given. */
export function newPayment(paymentKey: string, changes: Partial<Payment> = {}): Payment {
  return {
    projectId: 1234,
    paymentKey,
    paymentId: paymentKey.toUpperCase(),
    version: 1,
    requestDigest: 'digest-1',
    createdAt: START,
    changedAt: START,
    sum: { amountMinor: 100_000, currency: 'KZT' },
    description: null,
    merchantData: null,
    customerId: 'customer-1',
    bestBeforeAt: null,
    callbacks: { url: null, successUrl: null, declineUrl: null, delayMs: 0, disabled: false },
    retries: null,
    refundedMinor: 0,
    heldMinor: 0,
    operationCount: 1,
    eventCount: 0,
    callbackCount: 0,
    sales: [bareSale()],
    refunds: [],
    ...changes,
  };
}

export const eventOf = (eventNo: number, changes: Partial<LoggedEvent> = {}): LoggedEvent => ({
  eventNo,
  operationNo: 1,
  at: START + eventNo,
  name: 'sale_created',
  detail: { amountMinor: 100_000, note: 'да', last: null, first: true },
  ...changes,
});

export const callbackOf = (payment: Payment, callbackNo: number, changes: Partial<CallbackRow> = {}): CallbackRow => ({
  projectId: payment.projectId,
  paymentKey: payment.paymentKey,
  callbackNo,
  url: 'https://shop.example/callbacks',
  origin: 'https://shop.example',
  body: `{"n":${callbackNo}}`,
  kind: 'result',
  final: true,
  operationId: 3_818_000_010_999,
  createdAt: START,
  notBefore: START,
  state: 'waiting',
  attempts: 0,
  attemptsBefore: 0,
  resends: 0,
  resentAt: null,
  dueAt: START + 30_000,
  leaseUntil: START + 30_000,
  ...changes,
});

/** The change that writes all of a payment. */
export function changeOf(payment: Payment, parts: Partial<PaymentChange> = {}): PaymentChange {
  const operations = [...payment.sales, ...payment.refunds].map((operation) => operation.operationNo);
  return {
    payment,
    changedOperations: new Set(operations),
    log: [],
    incidents: [],
    callbacks: [],
    request: null,
    ...parts,
  };
}
