import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bodies, secret, withMember } from './fixtures/bodies.ts';
import { parseClarification } from './clarification.ts';
import type { Parsed } from './fault.ts';
import { NumberText, parseJson } from './json.ts';
import type { JsonValue } from './json.ts';
import { parseOperatorsList } from './operators-list.ts';
import { parseRefund } from './refund.ts';
import { parseResend } from './resend.ts';
import { parseSale } from './sale.ts';
import { faultTable } from './fixtures/request-faults.ts';
import { linkForgery } from './fixtures/signature-vectors.ts';
import { signMessage, verifyMessage } from './signature.ts';
import { parseStatus } from './status.ts';
import { maxMembers } from './text.ts';

const parsers = {
  sale: parseSale,
  clarification: parseClarification,
  resend: parseResend,
  refund: parseRefund,
  status: parseStatus,
  operators: parseOperatorsList,
} as const satisfies Record<string, (body: JsonValue) => Parsed<unknown>>;
type Endpoint = keyof typeof parsers;
const endpoints = Object.keys(parsers) as Endpoint[];

function faultsOf(endpoint: Endpoint, body: JsonValue): string[] {
  const parsed = parsers[endpoint](body);
  return parsed.ok ? [] : parsed.faults.map(({ code, field, constraint }) => `${code} ${field} ${constraint}`);
}

test('every limit of every documented member', () => {
  for (const [endpoint, path, value, ...faults] of faultTable) {
    const shown = JSON.stringify(value)?.slice(0, 60);
    assert.deepEqual(
      faultsOf(endpoint, withMember(bodies[endpoint], path, value)),
      faults,
      `${endpoint} ${path} ${shown}`,
    );
  }
});

test('the smallest body of each endpoint is taken', () => {
  for (const endpoint of endpoints) assert.deepEqual(faultsOf(endpoint, bodies[endpoint]), [], endpoint);
});

test('all faults are told at once, in the order of the documented members', () => {
  const body = {
    payment: { amount: '1', currency: 'zzz' },
    customer: { email: 'x', id: '' },
    extra: 1,
    general: { payment_id: '' },
  };
  assert.deepEqual(faultsOf('sale', body), [
    '2004 general.project_id required',
    '3024 general.payment_id minLength',
    '3262 general.signature required',
    '2124 customer.id minLength',
    '2004 customer.ip_address required',
    '2004 customer.first_name required',
    '2004 customer.last_name required',
    '2426 customer.email format',
    '2004 account required',
    '502 payment.amount type',
    '3121 payment.currency pattern',
    '702 extra unknown',
  ]);
});

test('a body that is no object is one fault', () => {
  for (const body of [null, 1, 'text', [], true, new NumberText('1.5')])
    for (const endpoint of endpoints) assert.deepEqual(faultsOf(endpoint, body), ['702  type'], endpoint);
});

test('the forgery of a refund from a page link is refused on both sides of the confusion', () => {
  const { gateBody, link, signature } = linkForgery;
  const refund = withMember(gateBody as JsonValue, 'general/signature', signature);
  assert.equal(verifyMessage(refund, signature, secret), true);
  const extra = [
    'project_id',
    'payment_id',
    'customer_id',
    'customer_email',
    'customer_first_name',
    'customer_last_name',
    'payment_amount',
    'payment_currency',
  ];
  assert.deepEqual(
    faultsOf('refund', refund),
    extra.map((name) => `702 ${name} unknown`),
  );
  const hidden = withMember(bodies.sale, 'customer/last_name', link.customer_last_name);
  assert.deepEqual(faultsOf('sale', hidden), ['702 customer.last_name signatureAmbiguity']);
});

test('a message says what was expected and never repeats what was sent', () => {
  const parsed = parseClarification(
    withMember(bodies.clarification, 'additional_data/additional_data/approval_code', '987654321098765432109'),
  );
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.faults.map((fault) => fault.message),
    ['additional_data.additional_data.approval_code must be a string of 1 to 20 characters'],
  );
  const amount = parseSale(withMember(bodies.sale, 'payment/amount', 0));
  assert.ok(!amount.ok);
  assert.equal(amount.faults[0]?.message, 'payment.amount must be an integer from 1 to 10000000000000');
});

test('a body of very many members is refused, and its answer stays small', () => {
  const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`m${index}`, index]));
  assert.deepEqual(faultsOf('status', withMember(bodies.status, 'customer', many)), ['702  maxProperties']);
  assert.equal(faultsOf('status', { ...bodies.status, ...many }).length, 100);
  const most = Object.fromEntries(Array.from({ length: maxMembers - 10 }, (_, index) => [`m${index}`, index]));
  assert.deepEqual(faultsOf('status', withMember(bodies.status, 'customer', most)), []);
});

test('a sale comes out in our words', () => {
  const full = withMember(
    withMember(withMember(bodies.sale, 'payment/best_before', '2024-12-07T19:08:45+05'), 'callback', {
      delay: 30,
      force_disable: true,
    }),
    'account/service_provider',
    'TELE2',
  );
  const parsed = parseSale(withMember(full, 'customer/loyalty', 'gold'));
  assert.ok(parsed.ok);
  const { customer, ...rest } = parsed.value;
  assert.equal(customer.firstName, 'John');
  assert.equal(customer.raw['loyalty'], 'gold');
  assert.deepEqual(rest, {
    projectId: 1234,
    paymentId: 'payment_47',
    signature: signMessage({}, secret),
    accountNumber: '71234567890',
    serviceProvider: 'TELE2',
    amountMinor: 100000,
    currency: 'KZT',
    description: undefined,
    extraParam: undefined,
    bestBeforeAt: Date.UTC(2024, 11, 7, 14, 8, 45),
    merchantCallbackUrl: undefined,
    merchantSuccessCallbackUrl: undefined,
    merchantDeclineCallbackUrl: undefined,
    callbackDelaySeconds: 30,
    callbacksDisabled: true,
    interfaceTypeId: undefined,
    returnUrl: undefined,
  });
});

test('the other requests come out in our words', () => {
  const who = { projectId: 1234, paymentId: 'payment_47', signature: signMessage({}, secret) };
  const payment = { amount: 5, currency: 'KZT', merchant_refund_id: 'r1' };
  assert.deepEqual(parseClarification(bodies.clarification), { ok: true, value: { ...who, approvalCode: '123456' } });
  assert.deepEqual(parseResend(bodies.resend), { ok: true, value: who });
  assert.deepEqual(parseStatus(bodies.status), { ok: true, value: who });
  assert.deepEqual(parseOperatorsList({ ...bodies.operators, service_provider: { code: 'TELE2' } }), {
    ok: true,
    value: { projectId: 1234, signature: who.signature, filter: { code: 'TELE2' } },
  });
  assert.deepEqual(parseRefund({ ...bodies.refund, payment }), {
    ok: true,
    value: {
      ...who,
      amountMinor: 5,
      currency: 'KZT',
      description: undefined,
      merchantRefundId: 'r1',
      callbackDelaySeconds: 0,
      callbacksDisabled: false,
    },
  });
});

const anyJson = fc.json({ maxDepth: 5, noUnicodeString: false }).map((text): JsonValue => {
  const parsed = parseJson(Buffer.from(text));
  return parsed.ok ? parsed.value : null;
});

test('no JSON at all makes a reader throw, alone or at any documented place', () => {
  const places = faultTable.map(([endpoint, path]) => [endpoint, path] as const);
  fc.assert(
    fc.property(anyJson, fc.constantFrom(...places), (value, [endpoint, path]) => {
      for (const each of endpoints) assert.equal(typeof parsers[each](value).ok, 'boolean');
      const parsed = parsers[endpoint](withMember(bodies[endpoint], path, value));
      if (!parsed.ok)
        for (const fault of parsed.faults) assert.ok(fault.field.isWellFormed() && fault.message.length < 400);
    }),
  );
});
