import { factsOf } from '@rocketpay/core/errors.ts';
import type { GateCode } from '@rocketpay/core/errors.ts';
import { renderError, renderFaults } from '../answers.ts';

/** What each refusal with 400 looks like: the member, its constraint, and the message where the registry's is not it. */
const shapes: Partial<Record<GateCode, readonly [field: string, constraint: string, message?: string]>> = {
  '310': ['general.project_id', 'allowed'],
  '502': ['payment.amount', 'type', 'payment.amount must be an integer from 1 to 10000000000000'],
  '702': ['extra', 'unknown', 'extra is not a member that a request may have'],
  '2004': ['customer.email', 'required', 'customer.email is required, and must be an email address'],
  '2124': ['customer.id', 'minLength', 'customer.id must be a string of 1 to 255 characters'],
  '2426': ['customer.email', 'format', 'customer.email must be an email address of at most 255 characters'],
  '3023': ['payment.currency', 'enabled'],
  '3024': ['general.payment_id', 'pattern', 'general.payment_id must be a string of 1 to 255 characters'],
  '3041': ['general.payment_id', 'unique'],
  '3060': ['general.payment_id', 'code_not_awaited', 'No code is awaited for this payment now'],
  '3061': ['general.payment_id', 'exists'],
  '3121': ['payment.currency', 'currencyUnknown', 'payment.currency must be an active ISO 4217 currency code'],
  '3230': ['payment.merchant_refund_id', 'unique'],
  '3261': ['general.signature', 'signature'],
  '3262': ['general.signature', 'required', 'general.signature is required, and must be 88 characters of base64'],
  '3283': ['payment.amount', 'remaining', 'At most 60000 can still be refunded'],
  '3284': ['payment.currency', 'matches'],
  '3285': ['payment.amount', 'interval'],
  '3287': ['payment.currency', 'required', 'payment.currency is required together with payment.amount'],
  '3610': ['general.payment_id', 'allowed'],
};

/** Codes that any request may be refused with. */
export const commonCodes: readonly GateCode[] = ['502', '702', '2004', '3024', '3261', '3262'];

/** The body of a refusal with 400. */
export function refusalExample(code: GateCode): object {
  const { message } = factsOf(code);
  const [field, constraint, says = message] = shapes[code] ?? ['', 'refused'];
  return renderFaults([{ code, message: says, field, constraint }]);
}

/** Refusals that lie in no one member, by HTTP status. */
export const errorStatuses = {
  '403': {
    description: 'The project takes no requests from this address.',
    example: renderError({ code: '303', message: 'Access denied: this project takes no requests from 198.51.100.47' }),
  },
  '413': { description: 'The body has more than 1 MB.', example: renderError({ code: '702' }) },
  '422': { description: 'The body is not JSON in UTF-8.', example: renderError({ code: '2003' }) },
  '500': {
    description: 'Our fault. It says nothing about the payment: ask for its status.',
    example: renderError({ code: '501' }),
  },
} as const;
