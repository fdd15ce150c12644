import type { GateCode } from '@rocketpay/core/errors.ts';
import type { TSchema } from 'typebox';
import { clarificationBody } from '../clarification.ts';
import { availableMethodsBody, methodsBody } from '../methods.ts';
import { operatorsListBody } from '../operators-list.ts';
import { refundBody } from '../refund.ts';
import { requestStatusBody } from '../request-status.ts';
import { resendBody } from '../resend.ts';
import { saleBody } from '../sale.ts';
import { statusBody } from '../status.ts';
import type { AnswerName } from './answers.ts';

export type Endpoint = {
  readonly path: string;
  /** Unique; a generated client calls its method so. */
  readonly operationId: string;
  readonly tag: 'Purchase' | 'Refund' | 'Information';
  readonly summary: string;
  readonly description: string;
  /** The name of the request's schema; the same name is the same schema. */
  readonly request: string;
  readonly body: TSchema;
  /** Without its signature. */
  readonly example: object;
  /** What the answer 200 may be. */
  readonly answers: readonly AnswerName[];
  /** Codes of a 400, beside those that every request may get. */
  readonly codes: readonly GateCode[];
  /** Its own reason for a 404, where it has one. */
  readonly missing?: string;
  /** Whether callbacks follow. */
  readonly tells: boolean;
};

const general = { project_id: 1234, payment_id: 'payment_47' };
const ofProject = { general: { project_id: 1234 } };

const refund = {
  tag: 'Refund',
  request: 'RefundRequest',
  body: refundBody,
  example: {
    general,
    payment: { amount: 40000, currency: 'KZT', description: 'One of two', merchant_refund_id: 'refund_1' },
  },
  answers: ['Accepted'],
  codes: ['310', '3060', '3061', '3121', '3230', '3283', '3284', '3285', '3287', '3610'],
  tells: true,
} as const;

const operators = {
  tag: 'Information',
  request: 'OperatorsRequest',
  body: operatorsListBody,
  example: ofProject,
  answers: ['Operators'],
  codes: [],
  tells: false,
} as const;

const availableMethods = {
  tag: 'Information',
  request: 'AvailableMethodsRequest',
  body: availableMethodsBody,
  example: { ...ofProject, payment_method_list: [{ payment_method: 'mobile', amount: 100000, currency: 'KZT' }] },
  answers: ['AvailableMethods'],
  codes: ['3121'],
  tells: false,
} as const;

/** Every endpoint of Gate, in the order in which a purchase meets them. */
export const endpoints: readonly Endpoint[] = [
  {
    path: '/v2/payment/mobile/sale',
    operationId: 'startSale',
    tag: 'Purchase',
    summary: 'Start a purchase',
    description:
      '200 means durably accepted, nothing more. The operator texts the payer a code, and a callback asks for it. The same body again within 24 hours gets the first answer and starts nothing.',
    request: 'SaleRequest',
    body: saleBody,
    example: {
      general,
      customer: {
        id: 'customer_123',
        ip_address: '198.51.100.47',
        first_name: 'John',
        last_name: 'Doe',
        email: 'johndoe@example.com',
      },
      account: { number: '77011234567' },
      payment: { amount: 100000, currency: 'KZT' },
    },
    answers: ['Accepted'],
    codes: ['2124', '2426', '3023', '3041', '3121'],
    tells: true,
  },
  {
    path: '/v2/payment/clarification',
    operationId: 'submitCode',
    tag: 'Purchase',
    summary: 'Submit the payer’s code',
    description: 'Whether it was right is told by callback.',
    request: 'ClarificationRequest',
    body: clarificationBody,
    example: { general, additional_data: { additional_data: { approval_code: '123456' } } },
    answers: ['Accepted'],
    codes: ['3060', '3061'],
    tells: false,
  },
  {
    path: '/v2/customer/action/resend',
    operationId: 'resendCode',
    tag: 'Purchase',
    summary: 'Have a new code sent',
    description: 'At most three times for a payment, and not before `clarification_info.resend_allowed_at`.',
    request: 'ResendRequest',
    body: resendBody,
    example: { general, customer: { ip_address: '198.51.100.47' } },
    answers: ['Accepted'],
    codes: ['3060', '3061'],
    tells: false,
  },
  {
    path: '/v2/payment/status',
    operationId: 'paymentStatus',
    tag: 'Purchase',
    summary: 'How a payment stands',
    description: 'A payment that the project does not have is answered with 200 as well, status `error`, code 3061.',
    request: 'StatusRequest',
    body: statusBody,
    example: { general },
    answers: ['PaymentState', 'UnknownPayment'],
    codes: [],
    tells: false,
  },
  {
    path: '/v2/payment/status/request',
    operationId: 'requestStatus',
    tag: 'Purchase',
    summary: 'What became of a sale or refund, by its request id',
    description:
      'Signed at the root. A request that was refused has no request id, and a code’s or resend’s has no state of its own.',
    request: 'RequestStatusRequest',
    body: requestStatusBody,
    example: { project_id: 1234, request_id: '8e1f6f4e-5d0a-4b52-9a0e-0d3a1d3b9a77' },
    answers: ['RequestState'],
    codes: [],
    missing: 'No sale or refund of the project began with this request.',
    tells: false,
  },
  {
    ...refund,
    path: '/v2/payment/mobile/refund',
    operationId: 'startRefund',
    summary: 'Give money back',
    description: 'Without an amount: all that is left. The result is told by callback.',
  },
  {
    ...refund,
    path: '/v2/payment/refund',
    operationId: 'startRefundByNeutralName',
    summary: 'The same under the name that shop plugins use',
    description: 'Without an amount: all that is left. The result is told by callback.',
  },
  {
    ...refund,
    path: '/v2/payment/card/refund',
    operationId: 'startRefundByCardName',
    summary: 'The same under the name that PrestaShop’s plugin has for every method',
    description: 'Without an amount: all that is left. The result is told by callback.',
  },
  {
    ...operators,
    path: '/v2/info/mobile/sale/list',
    operationId: 'operatorsForSales',
    summary: 'The operators whose subscribers can pay',
    description: 'An operator that is switched off is not in it.',
  },
  {
    ...operators,
    path: '/v2/info/mobile/payout/list',
    operationId: 'operatorsForPayouts',
    summary: 'The operators for payouts',
    description: 'The same list.',
  },
  {
    path: '/v2/info/available_methods_for_merchant/list',
    operationId: 'methods',
    tag: 'Information',
    summary: 'The methods of a project',
    description:
      'Signed at the root. Keyed by currency and method; the names of some members are the family’s own spelling. There is one method, for purchases only, shown while an operator takes sales or where `show_unavailable_methods_by_rules` is set.',
    request: 'MethodsRequest',
    body: methodsBody,
    example: { project_id: 1234, directions: ['payin'], currency: 'KZT' },
    answers: ['Methods'],
    codes: ['3121'],
    tells: false,
  },
  {
    ...availableMethods,
    path: '/v2/info/available-methods/purchase/list',
    operationId: 'availableMethodsForPurchases',
    summary: 'Which of these methods would take a purchase now',
    description: 'One answer for each method asked for, in the same order.',
  },
  {
    ...availableMethods,
    path: '/v2/info/available-methods/payout/list',
    operationId: 'availableMethodsForPayouts',
    summary: 'Which of these methods would take a payout now',
    description: 'None: there are no payouts.',
  },
];
