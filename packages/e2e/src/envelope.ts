import assert from 'node:assert/strict';
import ecommpay from 'ecommpay';

export interface Sum {
  readonly amount: number;
  readonly currency: string;
}

export interface OperationBody {
  readonly id: number;
  readonly type: string;
  readonly status: string;
  readonly date: string;
  readonly created_date: string;
  readonly request_id: string;
  readonly sum_initial: Sum;
  readonly sum_converted: Sum;
  readonly code: string;
  readonly message: string;
  readonly provider: { readonly id: number; readonly payment_id: string; readonly auth_code: string };
}

export interface ClarificationInfo {
  readonly reason: string;
  readonly attempts_left?: number;
  readonly expires_at?: string;
  readonly resend_allowed_at?: string;
  readonly resends_left?: number;
}

export interface PaymentBody {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly date: string;
  readonly method: string;
  readonly sum: Sum;
  readonly description: string;
  readonly merchant_refund_id?: string;
  readonly merchant_data?: string;
  readonly is_new_attempts_available?: boolean;
  readonly attempts_timeout?: number;
}

interface Common {
  readonly project_id: number;
  readonly payment: PaymentBody;
  readonly customer: { readonly id: string };
  readonly account: { readonly number: string; readonly type: string };
  readonly clarification_fields?: object;
  readonly clarification_info?: ClarificationInfo;
  readonly signature: string;
}

export interface CallbackBody extends Common {
  readonly operation: OperationBody;
}

export interface StatusBody extends Common {
  readonly operations: readonly OperationBody[];
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
}

const SECRET = 'test-secret';
const COMMON = ['project_id', 'payment', 'customer', 'account', 'signature'];
const PAYMENT = ['id', 'type', 'status', 'date', 'method', 'sum', 'description'];
const OPERATION = 'id type status date created_date request_id sum_initial sum_converted code message provider'.split(
  ' ',
);
const OPERATORS = ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL', 'TELE2', ''];

/**
 * Reads a callback as a merchant with the family's public SDK does: `ecommpay` verifies it, then every rule that holds
 * for all callbacks is checked.
 */
export function readCallback(raw: string, secret = SECRET): CallbackBody {
  const body = verified(raw, secret) as CallbackBody;
  assertCommon(body, ['operation']);
  assertOperation(body.operation);
  assert.notEqual(body.payment.status, 'error');
  assert.notEqual(body.payment.status, 'processing', 'informational callbacks are not sent');
  return body;
}

/** The same for the answer of the status endpoint. */
export function readStatus(raw: string, secret = SECRET): StatusBody {
  const body = verified(raw, secret) as StatusBody;
  if (body.errors !== undefined) return body;
  assertCommon(body, ['operations']);
  for (const operation of body.operations) assertOperation(operation);
  return body;
}

function verified(raw: string, secret: string): object {
  const callback = new ecommpay.Callback(secret, raw);
  const body = JSON.parse(raw, (key, value: unknown) => {
    assert.notEqual(value, null, `${key} is null`);
    return value;
  }) as StatusBody;
  if (body.errors === undefined) assert.equal(callback.getPaymentId(), body.payment.id);
  assert.doesNotMatch(raw, /\n/, 'a body is one line');
  return body;
}

function assertCommon(body: Common, rest: readonly string[]): void {
  const asks = body.payment.status === 'awaiting clarification';
  const asked = asks ? ['clarification_fields', 'clarification_info'] : [];
  assertKeys(body, [...COMMON, ...rest, ...asked]);
  const {
    merchant_refund_id: refundId,
    merchant_data: _,
    is_new_attempts_available: mayTryAgain,
    attempts_timeout: timeout,
    ...payment
  } = body.payment;
  assertKeys(payment, PAYMENT);
  if (refundId !== undefined) assert.ok(refundId.length > 0);
  assert.equal(mayTryAgain === true, timeout !== undefined);
  if (body.payment.status === 'awaiting customer') assert.ok(mayTryAgain === true && Number(timeout) > 0);
  assert.equal(payment.type, 'purchase');
  assert.equal(payment.method, 'mobile');
  assertMoment(payment.date);
  assertSum(payment.sum, 0);
  assertKeys(body.customer, ['id']);
  assertKeys(body.account, ['number', 'type']);
  assert.match(body.account.number, /^[0-9]{4,24}$/);
  assert.ok(OPERATORS.includes(body.account.type), `account.type is ${body.account.type}`);
  if (!asks) return;
  assert.deepEqual(body.clarification_fields, { additional_data: ['approval_code'] });
  assertInfo(body.clarification_info);
}

function assertInfo(info: ClarificationInfo | undefined): void {
  assert.ok(info);
  const { reason, ...known } = info;
  assert.match(reason, /^(?:code_requested|code_wrong|code_expired|code_resent|resend_failed|enter_again)$/);
  for (const [name, value] of Object.entries(known)) {
    if (name === 'expires_at' || name === 'resend_allowed_at') assertMoment(String(value));
    else assert.ok(['attempts_left', 'resends_left'].includes(name) && Number.isInteger(value), name);
  }
}

function assertOperation(operation: OperationBody): void {
  assertKeys(operation, OPERATION);
  assertKeys(operation.provider, ['id', 'payment_id', 'auth_code']);
  assert.ok(Number.isSafeInteger(operation.id) && Number.isSafeInteger(operation.provider.id));
  assert.match(operation.type, /^(?:sale|refund)$/);
  assert.match(operation.code, /^[0-9]{1,5}$/);
  assert.ok(operation.message.length > 0);
  assert.match(operation.request_id, /^[\w-]{1,100}$/);
  assertMoment(operation.date);
  assertMoment(operation.created_date);
  assertSum(operation.sum_initial, 1);
  assert.deepEqual(operation.sum_converted, operation.sum_initial);
}

function assertSum(sum: Sum, least: number): void {
  assertKeys(sum, ['amount', 'currency']);
  assert.ok(Number.isSafeInteger(sum.amount) && sum.amount >= least);
  assert.match(sum.currency, /^[A-Z]{3}$/);
}

function assertMoment(text: string): void {
  assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/);
  assert.ok(Math.abs(momentMs(text) - Date.now()) < 86_400_000, `${text} is far from now`);
}

function assertKeys(object: object, expected: readonly string[]): void {
  assert.deepEqual(Object.keys(object).toSorted(), [...expected].toSorted());
}

/** Epoch milliseconds of a time on the wire. */
export function momentMs(text: string): number {
  return Date.parse(text.replace('+0000', 'Z'));
}
