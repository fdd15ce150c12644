import { Type } from 'typebox';
import * as wire from '../envelope-schema.ts';
import { callbackBody } from '../read-callback.ts';

const code = Type.String({ pattern: '^[0-9]{1,5}$' });
const itemCode = Type.Integer({ minimum: 0, maximum: 99_999 });
const message = Type.String({ minLength: 1 });
const projectId = Type.Integer({ minimum: 1 });

const accepted = Type.Object({
  status: Type.Enum(['success']),
  request_id: Type.String({ minLength: 1, maxLength: 100 }),
  project_id: projectId,
  payment_id: Type.String({ minLength: 1 }),
});

const refusal = Type.Object({
  status: Type.Enum(['error']),
  code,
  message,
  errors: Type.Array(Type.Object({ code: itemCode, message, field: Type.String(), constraint: Type.String() }), {
    minItems: 1,
  }),
});

/** A refusal that lies in no one member. */
const error = Type.Object({ status: Type.Enum(['error']), code, message });

const paymentState = Type.Object({
  project_id: projectId,
  payment: wire.payment,
  customer: wire.payer,
  operations: Type.Array(Type.Object(wire.operationMembers), { minItems: 1 }),
  account: wire.account,
  clarification_fields: Type.Optional(wire.clarificationFields),
  clarification_info: Type.Optional(wire.clarificationInfo),
  signature: wire.answerSignature,
});

const unknownPayment = Type.Object({
  project_id: projectId,
  payment: Type.Object({ status: Type.Enum(['error']) }),
  operations: Type.Array(Type.Object({}), { maxItems: 0 }),
  errors: Type.Array(Type.Object({ code, message }), { minItems: 1 }),
  signature: wire.answerSignature,
});

const requestState = Type.Object({
  general: Type.Object({ project_id: projectId, payment_id: Type.String(), signature: wire.answerSignature }),
  request_id: Type.String({ minLength: 1 }),
  status: wire.payment.properties.status,
  payment: Type.Object({
    id: Type.String(),
    payment_system_id: Type.Integer(),
    method: Type.Enum(['mobile']),
    result_code: code,
    result_message: message,
    date: wire.payment.properties.date,
  }),
  transaction: Type.Object({
    id: Type.Integer(),
    type: wire.operationMembers.type,
    date: wire.payment.properties.date,
  }),
  sum_request: wire.sum,
  sum_real: wire.sum,
  sum_refund: wire.sum,
  operations: Type.Array(
    Type.Object({
      id: Type.Integer(),
      type: wire.operationMembers.type,
      status: wire.operationMembers.status,
      date: wire.payment.properties.date,
      sum: wire.sum,
    }),
    { minItems: 1 },
  ),
  account: wire.account,
  description: Type.String(),
});

const methodsOfCurrency = Type.Object({
  mobile: Type.Object({
    title: Type.String({ minLength: 1 }),
    direction: Type.Enum(['payin']),
    limits: Type.Object({ 'min amount': Type.Integer(), 'max amount': Type.Integer() }),
    mobile_operatiors: Type.Array(
      Type.Object({ code: Type.String({ minLength: 1 }), name: Type.String({ minLength: 1 }), country: Type.String() }),
    ),
  }),
});
/** A currency that the project does not take is absent. */
const methods = Type.Object({ KZT: Type.Optional(methodsOfCurrency) });

const availableMethods = Type.Object({
  project_id: projectId,
  available_methods: Type.Array(Type.Object({ payment_method: Type.String(), is_available: Type.Boolean() })),
  signature: wire.answerSignature,
});

const operators = Type.Array(
  Type.Object({
    code: Type.String({ minLength: 1 }),
    name: Type.String({ minLength: 1 }),
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { minItems: 1 }),
    currencies: Type.Array(Type.String({ pattern: '^[A-Z]{3}$' })),
  }),
);

const callback = Type.Object({
  ...callbackBody.properties,
  operation: Type.Object(wire.operationMembers),
  signature: wire.answerSignature,
});

/** Everything that the platform says, by the name it has in the document. */
export const answers = {
  Accepted: accepted,
  Refusal: refusal,
  Error: error,
  PaymentState: paymentState,
  UnknownPayment: unknownPayment,
  RequestState: requestState,
  Operators: operators,
  Methods: methods,
  AvailableMethods: availableMethods,
  Callback: callback,
} as const;

export type AnswerName = keyof typeof answers;
