import { signedText } from '@rocketpay/contract/signature.ts';

export const SECRET = 'test-secret';

const sum = { amount: 100000, currency: 'KZT' };
const provider = { id: 12345, payment_id: '123abc123-123', auth_code: '' };

/** The documented callback of a paid purchase, without its signature. */
export const paid = {
  project_id: 1234,
  payment: {
    id: 'payment_47',
    type: 'purchase',
    status: 'success',
    date: '2024-12-07T19:08:45+0000',
    method: 'mobile',
    sum,
    description: '',
  },
  customer: { id: 'customer_123' },
  operation: {
    id: 47,
    type: 'sale',
    status: 'success',
    date: '2024-12-07T19:08:45+0000',
    created_date: '2024-12-07T19:08:05+0000',
    request_id: '1a23456bc7890de',
    sum_initial: sum,
    sum_converted: sum,
    code: '0',
    message: 'Success',
    provider,
  },
  account: { number: '71234567890', type: 'TELE2' },
};

export const declined = {
  ...paid,
  payment: { ...paid.payment, status: 'decline' },
  operation: { ...paid.operation, status: 'decline', code: '20105', message: 'Insufficient funds on customer account' },
};

export const awaitingCustomer = {
  ...declined,
  payment: {
    ...paid.payment,
    status: 'awaiting customer',
    is_new_attempts_available: true,
    attempts_timeout: 600,
    merchant_data: 'basket 7',
  },
};

export const codeWanted = {
  ...paid,
  payment: { ...paid.payment, status: 'awaiting clarification' },
  operation: {
    ...paid.operation,
    status: 'awaiting clarification',
    code: '9999',
    message: 'Awaiting processing',
    provider: { ...provider, payment_id: '' },
  },
  clarification_fields: { additional_data: ['approval_code'] },
};

export const codeWrong = {
  ...codeWanted,
  clarification_info: {
    reason: 'code_wrong',
    attempts_left: 3,
    expires_at: '2024-12-07T19:09:25+0000',
    resend_allowed_at: '2024-12-07T19:09:25+0000',
    resends_left: 2,
  },
};

export const refunded = {
  ...paid,
  payment: { ...paid.payment, status: 'partially refunded', sum: { ...sum, amount: 70000 } },
  operation: {
    ...paid.operation,
    id: 48,
    type: 'refund',
    request_id: 'refund-1',
    sum_initial: { ...sum, amount: 30000 },
  },
};

export const refundDeclined = {
  ...paid,
  operation: { ...refunded.operation, status: 'decline', code: '20000', message: 'General decline' },
};

export const signed = (body: object): string => signedText(body, SECRET);
