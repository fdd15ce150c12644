import { clarificationReasons } from '@rocketpay/core/payment/payment.ts';
import { Type } from 'typebox';
import { operationStatuses, paymentStatuses } from './envelope.ts';

/** The parts that callbacks and the status answer share, as we send them. */
export const sum = Type.Object({ amount: Type.Integer({ minimum: 0 }), currency: Type.String() });
const moment = Type.String({ format: 'date-time' });

export const payment = Type.Object({
  id: Type.String({ minLength: 1 }),
  type: Type.Enum(['purchase']),
  status: Type.Enum([...paymentStatuses]),
  date: moment,
  method: Type.Enum(['mobile']),
  sum,
  description: Type.String(),
  merchant_data: Type.Optional(Type.String()),
  /** Only where a payer may try again on the Payment Page. */
  is_new_attempts_available: Type.Optional(Type.Boolean()),
  attempts_timeout: Type.Optional(Type.Integer({ minimum: 0 })),
});

export const operationMembers = {
  id: Type.Integer(),
  type: Type.Enum(['sale', 'refund']),
  status: Type.Enum([...operationStatuses]),
  date: moment,
  created_date: moment,
  request_id: Type.String(),
  sum_initial: sum,
  sum_converted: sum,
  code: Type.String({ pattern: '^[0-9]{1,5}$' }),
  message: Type.String(),
  provider: Type.Object({ id: Type.Integer(), payment_id: Type.String(), auth_code: Type.String() }),
};

export const payer = Type.Object({ id: Type.String() });
export const account = Type.Object({ number: Type.String(), type: Type.String() });
const wantedList = Type.Array(Type.String());
const wantedSchema = Type.Object({
  type: Type.Enum(['object']),
  description: Type.String(),
  properties: Type.Object({
    approval_code: Type.Object({
      type: Type.Enum(['string']),
      minLength: Type.Integer(),
      maxLength: Type.Integer(),
      description: Type.String(),
    }),
  }),
  required: Type.Array(Type.String()),
  errors: Type.Optional(
    Type.Array(Type.Object({ property: Type.String(), message: Type.String(), constraint: Type.String() })),
  ),
});
/** The project chooses the form; the list is the usual one. */
export const clarificationFields = Type.Object({ additional_data: Type.Union([wantedList, wantedSchema]) });
export const clarificationInfo = Type.Object({
  reason: Type.Enum([...clarificationReasons]),
  attempts_left: Type.Optional(Type.Integer()),
  expires_at: Type.Optional(moment),
  resend_allowed_at: Type.Optional(moment),
  resends_left: Type.Optional(Type.Integer()),
});

export const answerSignature = Type.String({ format: 'signature', 'x-code': '3261' });
