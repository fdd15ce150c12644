import { Type } from 'typebox';
import { customer } from './customer.ts';
import { accountNumber, amount, country, currency, filledText, paymentId, text } from './fields.ts';

const maxProjectId = 4_294_967_295;

const url = Type.Optional(Type.String({ minLength: 1, maxLength: 255, format: 'http-url' }));

const generalMembers = {
  project_id: Type.Integer({ minimum: 1, maximum: maxProjectId }),
  payment_id: paymentId,
  signature: Type.String({
    minLength: 1,
    format: 'signature',
    'x-missing-code': '3262',
    'x-empty-code': '3262',
    'x-code': '3261',
  }),
  merchant_callback_url: url,
  merchant_success_callback_url: url,
  merchant_decline_callback_url: url,
  terminal_callback_url: Type.Optional(text(255)),
  referrer_url: Type.Optional(text(255)),
};

/** Where a body has no `general`: whose it is, and its signature, at the root. */
export const rootIdentity = { project_id: generalMembers.project_id, signature: generalMembers.signature };

export const general = Type.Object(generalMembers);
export const generalWithoutPayment = Type.Object({ ...generalMembers, payment_id: Type.Optional(paymentId) });

export const accountMembers = {
  number: Type.Optional(accountNumber),
  service_provider: Type.Optional(filledText(255)),
  country: Type.Optional(country),
  voucher_code: Type.Optional(text(255)),
  bank_id: Type.Optional(Type.Integer({ minimum: 1 })),
  save: Type.Optional(Type.Boolean()),
};

export const paymentMembers = {
  amount: Type.Optional(amount),
  currency: Type.Optional(currency),
  description: Type.Optional(text(255)),
  extra_param: Type.Optional(text(255)),
  best_before: Type.Optional(Type.String({ format: 'date-time' })),
  merchant_refund_id: Type.Optional(filledText(255)),
  customer_amount: Type.Optional(amount),
  customer_currency: Type.Optional(currency),
  local_conversion_currency: Type.Optional(currency),
  is_fast: Type.Optional(Type.Boolean()),
  details: Type.Optional(Type.Object({})),
};

const maxReturnUrl = 2048;
const returnUrl = Type.Object({
  success: Type.Optional(text(maxReturnUrl)),
  decline: Type.Optional(text(maxReturnUrl)),
  return: Type.Optional(text(maxReturnUrl)),
});

const callback = Type.Object({
  delay: Type.Optional(Type.Integer({ minimum: 0, maximum: 600 })),
  force_disable: Type.Optional(Type.Boolean()),
});

/** Any: each client of the family has made up its own, and nothing follows from it. */
const interfaceTypeId = Type.Union([Type.Integer(), text(255)], {
  'x-expected': 'an integer, or a string of at most 255 characters',
});
export const interfaceType = Type.Object({ id: Type.Optional(interfaceTypeId) });

/** The family's own samples write the amounts of a receipt as strings. */
const receiptFigure = Type.Union([Type.Number(), text(255)], { 'x-expected': 'a number, or its digits as a string' });
const receiptData = Type.Object({
  positions: Type.Optional(
    Type.Array(
      Type.Object({
        quantity: Type.Optional(receiptFigure),
        amount: receiptFigure,
        tax: Type.Optional(receiptFigure),
        tax_amount: Type.Optional(receiptFigure),
        description: Type.Optional(text(255)),
      }),
      { minItems: 1, maxItems: 50 },
    ),
  ),
  total_tax_amount: Type.Optional(receiptFigure),
  common_tax: Type.Optional(receiptFigure),
});

const serviceProvider = Type.Object({
  code: Type.Optional(filledText(255)),
  country: Type.Optional(country),
});

/** Every member that a root may have, in the order in which faults are told. An endpoint replaces what it demands more of. */
export const documentedRoot = {
  general,
  customer: Type.Optional(customer),
  account: Type.Optional(Type.Object(accountMembers)),
  payment: Type.Optional(Type.Object(paymentMembers)),
  return_url: Type.Optional(returnUrl),
  callback: Type.Optional(callback),
  interface_type: Type.Optional(interfaceType),
  receipt_data: Type.Optional(receiptData),
  additional_data: Type.Optional(Type.Object({})),
  service_provider: Type.Optional(serviceProvider),
  destination: Type.Optional(Type.Enum(['merchant', 'terminal'])),
};

/** Nothing undocumented at the root: a body signed for another door could otherwise pass this one. */
export const closed = { additionalProperties: false } as const;
