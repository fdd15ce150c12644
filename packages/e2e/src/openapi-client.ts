/**
 * A program over the types that `openapi-typescript` makes of the document, and the SDK's own. It compiles only while
 * the two say the same: what the SDK's callers give fits the wire's requests, and the wire's answers give what the SDK
 * promises.
 */
export const clientSample = (sdk: string): string => `
import type { components, paths, webhooks } from './gate.ts';
import type { Accepted, Account, Clarification, Customer, MobileOperator, Operation, Payment, RefundRequest, SaleRequest } from ${JSON.stringify(sdk)};

type Schemas = components['schemas'];
type Path = Exclude<keyof paths, '/params/check'>;
type RequestOf<P extends Path> = paths[P]['post']['requestBody']['content']['application/json'];
type AnswerOf<P extends Path> = paths[P]['post']['responses'][200]['content']['application/json'];

/** A typed client in one function. */
export async function call<P extends Path>(base: string, path: P, body: RequestOf<P>): Promise<AnswerOf<P>> {
  const response = await fetch(base + path, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as AnswerOf<P>;
}

type Check = paths['/params/check']['get'];
export const check = (query: Check['parameters']['query'], answer: Check['responses'][400]['content']['application/json']): number[] =>
  query.payment_id === '' ? [] : answer.errors.map(({ code }) => code);

/** Leaves out what is undefined, in the value and in its type. */
declare function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> };
declare const signature: string;

export const customer = (from: Customer): Schemas['SaleRequest']['customer'] => ({
  id: from.id,
  ip_address: from.ipAddress,
  first_name: from.firstName,
  last_name: from.lastName,
  email: from.email,
  ...given({
    middle_name: from.middleName,
    phone: from.phone,
    home_phone: from.homePhone,
    work_phone: from.workPhone,
    country: from.country,
    state: from.state,
    city: from.city,
    district: from.district,
    street: from.street,
    building: from.building,
    address: from.address,
    zip: from.zip,
    day_of_birth: from.dayOfBirth,
    gender: from.gender,
    iin: from.iin,
    language: from.language,
  }),
});

export const sale = (from: SaleRequest): RequestOf<'/v2/payment/mobile/sale'> => ({
  general: {
    project_id: 1234,
    payment_id: from.paymentId,
    signature,
    ...given({
      merchant_callback_url: from.callbackUrl,
      merchant_success_callback_url: from.successCallbackUrl,
      merchant_decline_callback_url: from.declineCallbackUrl,
    }),
  },
  customer: customer(from.customer),
  account: { number: from.phone, ...given({ service_provider: from.operator }) },
  payment: { amount: from.amountMinor, currency: from.currency, ...given({ description: from.description, extra_param: from.extraParam }) },
});

export const refund = (from: RefundRequest): RequestOf<'/v2/payment/mobile/refund'> => ({
  general: { project_id: 1234, payment_id: from.paymentId, signature },
  payment: given({ amount: from.amountMinor, currency: from.currency, description: from.description, merchant_refund_id: from.merchantRefundId }),
});

export const accepted = (from: AnswerOf<'/v2/payment/mobile/sale'>): Accepted => ({
  requestId: from.request_id,
  projectId: from.project_id,
  paymentId: from.payment_id,
});

export const payment = (from: Schemas['PaymentState']['payment']): Payment => ({
  id: from.id,
  type: from.type,
  status: from.status,
  method: from.method,
  description: from.description,
  sum: { amountMinor: from.sum.amount, currency: from.sum.currency },
  date: new Date(from.date),
});

export const operation = (from: Schemas['Operation']): Operation => ({
  id: String(from.id),
  type: from.type,
  status: from.status,
  code: from.code,
  message: from.message,
  requestId: from.request_id,
  providerPaymentId: from.provider.payment_id,
});

type Told = webhooks['callback']['post']['requestBody']['content']['application/json'];
export const account = (from: Told): Account => ({ number: from.account.number, operator: from.account.type });
export const reason = (from: NonNullable<Told['clarification_info']>): NonNullable<Clarification['reason']> => from.reason;
export const operators = (from: AnswerOf<'/v2/info/mobile/sale/list'>): MobileOperator[] => from;

/** The status tells an unknown payment from a known one. */
export async function status(): Promise<Payment | string> {
  const answer = await call('http://127.0.0.1:8080', '/v2/payment/status', { general: { project_id: 1234, payment_id: 'a', signature } });
  return 'errors' in answer ? (answer.errors[0]?.message ?? '') : payment(answer.payment);
}
`;
