import type {
  AvailableMethodsRequest,
  Customer,
  ExtraMembers,
  MethodQuestion,
  OperatorsRequest,
  RefundRequest,
  SaleRequest,
} from './calls.ts';
import { assertDate, assertMinorUnits, assertObject, assertText, assertTexts } from './arguments.ts';
import { given, isJsonObject, type JsonObject } from './reading.ts';

/** A request without its signature, in the words of the wire. */
export type RequestBody = JsonObject & { readonly general: object };

export function generalOf(projectId: number, paymentId: string): { project_id: number; payment_id: string } {
  return { project_id: projectId, payment_id: paymentId };
}

/** @throws TypeError for an argument that is missing, an amount that is no whole number, or an extra member that the request already has. */
export function saleBody(projectId: number, request: SaleRequest): RequestBody {
  assertTexts('The argument of sale', request, ['paymentId', 'currency', 'phone']);
  assertMinorUnits('amountMinor', request.amountMinor);
  assertTexts('customer', request.customer, ['id', 'ipAddress', 'firstName', 'lastName', 'email'], 'customer.');
  if (request.bestBefore !== undefined) assertDate('bestBefore', request.bestBefore);
  if (request.returnUrl !== undefined) assertObject('returnUrl', request.returnUrl);
  const body = {
    general: given({
      ...generalOf(projectId, request.paymentId),
      merchant_callback_url: request.callbackUrl,
      merchant_success_callback_url: request.successCallbackUrl,
      merchant_decline_callback_url: request.declineCallbackUrl,
    }),
    customer: customerOf(request.customer),
    account: given({ number: request.phone, service_provider: request.operator }),
    payment: given({
      amount: request.amountMinor,
      currency: request.currency,
      description: request.description,
      extra_param: request.extraParam,
      best_before: request.bestBefore?.toISOString(),
    }),
    return_url: request.returnUrl && given({ ...request.returnUrl }),
    callback: callbackOf(request),
  };
  return withExtra(given(body), request.extra);
}

/** @throws TypeError for an argument that cannot be sent, or an extra member that the request already has. */
export function refundBody(projectId: number, request: RefundRequest, merchantRefundId: string): RequestBody {
  if (request.amountMinor !== undefined) assertMinorUnits('amountMinor', request.amountMinor);
  if (request.currency !== undefined) assertText('currency', request.currency);
  const body = {
    general: generalOf(projectId, request.paymentId),
    payment: given({
      amount: request.amountMinor,
      currency: request.currency,
      description: request.description,
      merchant_refund_id: merchantRefundId,
    }),
    callback: callbackOf(request),
  };
  return withExtra(given(body), request.extra);
}

export function operatorsPath(request: OperatorsRequest): string {
  assertObject('The argument of operators', request);
  const { operationType = 'sale' } = request;
  if (operationType !== 'sale' && operationType !== 'payout')
    throw new TypeError('operationType must be sale or payout');
  return `v2/info/mobile/${operationType}/list`;
}

export function operatorsBody(projectId: number, { code, country }: OperatorsRequest): RequestBody {
  return given({
    general: { project_id: projectId },
    service_provider: code === undefined && country === undefined ? undefined : given({ code, country }),
  });
}

/** This endpoint's project and signature stand at the root. */
export function availableMethodsBody(projectId: number, request: AvailableMethodsRequest): JsonObject {
  assertObject('The argument of availableMethods', request);
  if (request.amountMinor !== undefined) assertMinorUnits('amountMinor', request.amountMinor);
  return given({
    project_id: projectId,
    directions: request.directions ?? ['payin'],
    amount: request.amountMinor,
    currency: request.currency,
    payment_method: request.method,
    show_unavailable_methods_by_rules: request.withUnavailable,
    customer: request.customerId === undefined ? undefined : { id: request.customerId },
  });
}

/** @throws TypeError for a question without its method, or an amount that is no whole number. */
export function methodsAvailabilityBody(projectId: number, questions: readonly MethodQuestion[]): RequestBody {
  return {
    general: { project_id: projectId },
    payment_method_list: questions.map((question) => {
      assertTexts('Each question of checkMethods', question, ['method']);
      const { method, amountMinor, currency } = question;
      if (amountMinor !== undefined) assertMinorUnits('amountMinor', amountMinor);
      return given({ payment_method: method, amount: amountMinor, currency });
    }),
  };
}

function customerOf(customer: Customer): JsonObject {
  return given({
    id: customer.id,
    ip_address: customer.ipAddress,
    first_name: customer.firstName,
    last_name: customer.lastName,
    middle_name: customer.middleName,
    email: customer.email,
    phone: customer.phone,
    home_phone: customer.homePhone,
    work_phone: customer.workPhone,
    country: customer.country,
    state: customer.state,
    city: customer.city,
    district: customer.district,
    street: customer.street,
    building: customer.building,
    address: customer.address,
    zip: customer.zip,
    day_of_birth: customer.dayOfBirth,
    gender: customer.gender,
    iin: customer.iin,
    language: customer.language,
  });
}

function callbackOf({ callbackDelaySeconds, callbacksOff }: SaleRequest | RefundRequest): JsonObject | undefined {
  if (callbackDelaySeconds === undefined && callbacksOff === undefined) return undefined;
  return given({ delay: callbackDelaySeconds, force_disable: callbacksOff });
}

function withExtra(body: RequestBody, extra: ExtraMembers = {}): RequestBody {
  assertObject('extra', extra);
  const merged: Record<string, unknown> & { general: object } = { ...body };
  for (const [name, members] of Object.entries(given(extra)) as [string, unknown][]) {
    const known = merged[name] ?? {};
    merged[name] = isJsonObject(members) && isJsonObject(known) ? joined(name, known, members) : members;
  }
  return merged;
}

function joined(name: string, known: JsonObject, added: JsonObject): JsonObject {
  for (const member of Object.keys(added)) {
    if (Object.hasOwn(known, member) || (name === 'general' && member === 'signature'))
      throw new TypeError(`extra.${name}.${member} is in the request already`);
  }
  return { ...known, ...added };
}
