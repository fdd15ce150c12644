import { renderAccepted, renderError } from '../answers.ts';
import { renderCallback } from '../callback.ts';
import { renderOperators } from '../operators-list.ts';
import { renderAvailableMethods, renderMethods } from '../methods.ts';
import { signedRequestStatus } from '../request-status.ts';
import { signMessage, withSignature } from '../signature.ts';
import { renderStatus, renderUnknownPayment } from '../status.ts';
import type { AnswerName } from './answers.ts';
import { refusalExample } from './faults.ts';

/** The sandbox's, known to everybody. */
export const exampleSecret = 'test-secret';

const sum = { amountMinor: 100_000, currency: 'KZT' };
const startedAt = Date.UTC(2026, 10, 23, 10, 31, 24);
const payment = {
  id: 'payment_47',
  status: 'awaiting clarification',
  changedAt: startedAt + 1_000,
  ...sum,
} as const;
const operation = {
  id: 1000,
  type: 'sale',
  status: 'awaiting clarification',
  changedAt: startedAt + 1_000,
  createdAt: startedAt,
  requestId: '8e1f6f4e-5d0a-4b52-9a0e-0d3a1d3b9a77',
  initial: sum,
  converted: sum,
  code: '9999',
  message: 'Awaiting processing',
  provider: { id: 1, paymentId: 'cf204eed-0ac5-4ff7-897e-dd1d15785b5f' },
} as const;
const clarification = {
  reason: 'code_requested',
  form: 'list',
  attemptsLeft: 5,
  expiresAt: startedAt + 81_000,
  resendAllowedAt: startedAt + 82_000,
  resendsLeft: 3,
} as const;
const account = { number: '77011234567', type: 'KCELL' };
const tele2 = { code: 'TELE2', name: 'Tele2', country: 'KZ', currencies: ['KZT'] };
const whole = { projectId: 1234, payment, customerId: 'customer_123', account, clarification };

/** One of everything that the platform says, made as it makes the real ones. */
export const answerExamples = {
  Accepted: renderAccepted({ requestId: operation.requestId, projectId: 1234, paymentId: payment.id }),
  Refusal: refusalExample('2004'),
  Error: renderError({ code: '501' }),
  PaymentState: withSignature(renderStatus({ ...whole, operations: [operation] }), exampleSecret),
  UnknownPayment: withSignature(renderUnknownPayment(1234), exampleSecret),
  RequestState: signedRequestStatus(
    { ...whole, operation, operations: [operation], asked: sum, chargedMinor: 0, refundedMinor: 0 },
    exampleSecret,
  ),
  Operators: renderOperators([tele2]),
  Methods: renderMethods(['KZT'], [tele2]),
  AvailableMethods: withSignature(
    renderAvailableMethods(1234, [{ paymentMethod: 'mobile', isAvailable: true }]),
    exampleSecret,
  ),
  Callback: withSignature(renderCallback({ ...whole, operation }), exampleSecret),
} as const satisfies Record<AnswerName, object>;

/** A copy of the request with its signature where requests have it. */
export function signedRequest(body: object): object {
  const { general, ...rest } = body as { general?: object };
  if (!general) return withSignature(body, exampleSecret);
  return { general: { ...general, signature: signMessage(body, exampleSecret) }, ...rest };
}
