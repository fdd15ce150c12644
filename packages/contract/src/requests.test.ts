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

const long = (length: number): string => 'x'.repeat(length);
const emoji = (length: number): string => '\u{1F600}'.repeat(length);
const big = new NumberText('12345678901234567890');

/** Endpoint, path of the member, what stands there (undefined: nothing), the faults expected. */
const table: [Endpoint, string, JsonValue | undefined, ...string[]][] = [
  ['sale', 'general', undefined, '2004 general required'],
  ['sale', 'general', null, '502 general type'],
  ['sale', 'general', [], '502 general type'],
  ['sale', 'general/project_id', undefined, '2004 general.project_id required'],
  ['sale', 'general/project_id', '1234', '502 general.project_id type'],
  ['sale', 'general/project_id', 0, '502 general.project_id minimum'],
  ['sale', 'general/project_id', 4294967295],
  ['sale', 'general/project_id', 4294967296, '502 general.project_id maximum'],
  ['sale', 'general/project_id', new NumberText('1.0'), '502 general.project_id integer'],
  ['sale', 'general/payment_id', undefined, '2004 general.payment_id required'],
  ['sale', 'general/payment_id', '', '3024 general.payment_id minLength'],
  ['sale', 'general/payment_id', 47, '3024 general.payment_id type'],
  ['sale', 'general/payment_id', long(255)],
  ['sale', 'general/payment_id', emoji(255)],
  ['sale', 'general/payment_id', long(256), '3024 general.payment_id maxLength'],
  ['sale', 'general/payment_id', emoji(256), '3024 general.payment_id maxLength'],
  ['sale', 'general/payment_id', 'a b\nc'],
  ...[' a', 'a ', '\ta', 'a\n', 'a\r', '\va', ' '].map((id): [Endpoint, string, JsonValue, string] => [
    'sale',
    'general/payment_id',
    id,
    '3024 general.payment_id pattern',
  ]),
  ['sale', 'general/payment_id', 'a\0b', '3024 general.payment_id forbiddenCharacter'],
  ['sale', 'general/payment_id', 'a\uD800', '3024 general.payment_id forbiddenCharacter'],
  ['sale', 'general/signature', undefined, '3262 general.signature required'],
  ['sale', 'general/signature', '', '3262 general.signature minLength'],
  ['sale', 'general/signature', 'short', '3261 general.signature format'],
  ['sale', 'general/signature', 7, '3261 general.signature type'],
  ['sale', 'general/merchant_callback_url', 'http://127.0.0.1:8070/cb?x=1&y=2'],
  ['sale', 'general/merchant_callback_url', 'HTTPS://пример.kz/путь'],
  [
    'sale',
    'general/merchant_callback_url',
    `https://a.example/${long(238)}`,
    '502 general.merchant_callback_url maxLength',
  ],
  ...[
    'ftp://a.example',
    'javascript:alert(1)',
    'https://',
    'merchant.example',
    'https://a b',
    ' https://a.example',
    'https://a.example/\n',
    '//a',
    'http:a',
  ].map((url): [Endpoint, string, JsonValue, string] => [
    'sale',
    'general/merchant_success_callback_url',
    url,
    '502 general.merchant_success_callback_url format',
  ]),
  ['sale', 'customer', undefined, '2004 customer required'],
  ['sale', 'customer/id', undefined, '2004 customer.id required'],
  ['sale', 'customer/id', '', '2124 customer.id minLength'],
  ['sale', 'customer/id', 5, '2124 customer.id type'],
  ['sale', 'customer/id', long(256), '2124 customer.id maxLength'],
  ['sale', 'customer/ip_address', '2001:db8::1'],
  ['sale', 'customer/ip_address', '::ffff:198.51.100.47'],
  ...['256.1.1.1', '1.2.3', '1.2.3.4.', '01.2.3.4', 'localhost', '::1%eth0', ':::', '1.2.3.4/24', '[::1]'].map(
    (ip): [Endpoint, string, JsonValue, string] => [
      'sale',
      'customer/ip_address',
      ip,
      '502 customer.ip_address format',
    ],
  ),
  ['sale', 'customer/first_name', undefined, '2004 customer.first_name required'],
  ['sale', 'customer/last_name', long(256), '502 customer.last_name maxLength'],
  ['sale', 'customer/last_name', emoji(255)],
  ['sale', 'customer/middle_name', null, '502 customer.middle_name type'],
  ['sale', 'customer/email', undefined, '2004 customer.email required'],
  ['sale', 'customer/email', 'имя@почта.kz'],
  ['sale', 'customer/email', "o'brien+tag@mail.example.co.uk"],
  ...['a', 'a@', '@b', 'a@b@c', 'a b@c.d', 'a@b..c', 'a@-b.c', 'a@b.c ', 'a@.b'].map(
    (email): [Endpoint, string, JsonValue, string] => ['sale', 'customer/email', email, '2426 customer.email format'],
  ),
  ['sale', 'customer/phone', '+77001234567', '502 customer.phone pattern'],
  ['sale', 'customer/country', 'kz', '2610 customer.country pattern'],
  ['sale', 'customer/day_of_birth', '29-02-2024'],
  ['sale', 'customer/day_of_birth', '29-02-2023', '502 customer.day_of_birth format'],
  ['sale', 'customer/day_of_birth', '1990-01-02', '502 customer.day_of_birth format'],
  ['sale', 'customer/gender', 'other', '502 customer.gender enum'],
  ['sale', 'customer/save', 1, '502 customer.save type'],
  ['sale', 'customer/identify', { doc_number: 5 }, '502 customer.identify.doc_number type'],
  ['sale', 'customer/loyalty', { level: ['gold', null, 1.5] }],
  ['sale', 'customer/loyalty', { level: ['gold', 'a\uDC00'] }, '502 customer.loyalty.level.1 forbiddenCharacter'],
  ['sale', 'customer/a\0b', 1, '502 customer.a\uFFFDb forbiddenCharacter'],
  ['sale', 'customer/a;general', { payment_id: 'x' }, '702 customer.a;general signatureAmbiguity'],
  ['sale', 'account/number', undefined, '2004 account.number required'],
  ['sale', 'account/number', 71234567890, '502 account.number type'],
  ...['123', '+71234567890', '7 123 4567', long(25).replaceAll('x', '1'), '٧١٢٣٤٥', '1234\n'].map(
    (number): [Endpoint, string, JsonValue, string] => ['sale', 'account/number', number, '502 account.number pattern'],
  ),
  ['sale', 'account/number', '1234'],
  ['sale', 'account/service_provider', '', '502 account.service_provider minLength'],
  ['sale', 'payment/amount', undefined, '2004 payment.amount required'],
  ['sale', 'payment/amount', null, '502 payment.amount type'],
  ['sale', 'payment/amount', '100', '502 payment.amount type'],
  ['sale', 'payment/amount', true, '502 payment.amount type'],
  ['sale', 'payment/amount', 0, '502 payment.amount minimum'],
  ['sale', 'payment/amount', -5, '502 payment.amount minimum'],
  ['sale', 'payment/amount', 1],
  ['sale', 'payment/amount', 10_000_000_000_000],
  ['sale', 'payment/amount', 10_000_000_000_001, '502 payment.amount maximum'],
  ['sale', 'payment/amount', big, '502 payment.amount maximum'],
  ['sale', 'payment/amount', new NumberText('-12345678901234567890'), '502 payment.amount minimum'],
  ...['1.5', '1.0', '1e3', '-0'].map((source): [Endpoint, string, JsonValue, string] => [
    'sale',
    'payment/amount',
    new NumberText(source),
    '502 payment.amount integer',
  ]),
  ['sale', 'payment/currency', undefined, '2004 payment.currency required'],
  ['sale', 'payment/currency', 'USD'],
  ['sale', 'payment/currency', 'kzt', '3121 payment.currency pattern'],
  ['sale', 'payment/currency', '', '3121 payment.currency pattern'],
  ['sale', 'payment/currency', 398, '3121 payment.currency type'],
  ['sale', 'payment/currency', 'ABC', '3121 payment.currency currencyUnknown'],
  ['sale', 'payment/description', ''],
  ['sale', 'payment/description', emoji(256), '502 payment.description maxLength'],
  ['sale', 'payment/description', 'Two; general: three;payments: no'],
  ['sale', 'payment/description', 'X;general:payment_id:payment_47', '702 payment.description signatureAmbiguity'],
  ['sale', 'payment/best_before', '2020-01-01T00:00:00+05'],
  ['sale', 'payment/best_before', 'soon', '502 payment.best_before format'],
  ['sale', 'callback', { delay: 600, force_disable: true }],
  ['sale', 'callback', { delay: 601 }, '502 callback.delay maximum'],
  [
    'sale',
    'callback',
    { delay: -1, force_disable: 'yes' },
    '502 callback.delay minimum',
    '502 callback.force_disable type',
  ],
  ['sale', 'interface_type', { id: 18, user: 'x' }],
  ['sale', 'interface_type', { id: big }, '502 interface_type.id maximum'],
  ['sale', 'interface_type', '{"id":18}', '502 interface_type type'],
  ['sale', 'return_url', { success: 'https://a.example', decline: 5 }, '502 return_url.decline type'],
  [
    'sale',
    'receipt_data',
    {
      positions: [
        { quantity: '10', amount: '108' },
        { amount: 5, quantity: new NumberText('1.5') },
      ],
    },
  ],
  [
    'sale',
    'receipt_data',
    { positions: [{ quantity: 1 }, { amount: {} }] },
    '2004 receipt_data.positions.0.amount required',
    '502 receipt_data.positions.1.amount type',
  ],
  ['sale', 'receipt_data', { positions: [] }, '502 receipt_data.positions minItems'],
  [
    'sale',
    'receipt_data',
    { positions: Array.from({ length: 51 }, () => ({ amount: 1 })) },
    '502 receipt_data.positions maxItems',
  ],
  ['sale', 'recurring', {}, '702 recurring unknown'],
  ['sale', 'signature', 'x', '702 signature unknown'],
  ['sale', '__proto__x', {}, '702 __proto__x unknown'],
  ['sale', 'a\0b', 1, '702 a\uFFFDb unknown', '502 a\uFFFDb forbiddenCharacter'],
  ['clarification', 'additional_data', undefined, '2004 additional_data required'],
  ['clarification', 'additional_data', {}, '2004 additional_data.additional_data required'],
  [
    'clarification',
    'additional_data/additional_data',
    {},
    '2004 additional_data.additional_data.approval_code required',
  ],
  [
    'clarification',
    'additional_data/additional_data/approval_code',
    '',
    '2004 additional_data.additional_data.approval_code minLength',
  ],
  [
    'clarification',
    'additional_data/additional_data/approval_code',
    123456,
    '502 additional_data.additional_data.approval_code type',
  ],
  ['clarification', 'additional_data/additional_data/approval_code', long(20)],
  [
    'clarification',
    'additional_data/additional_data/approval_code',
    long(21),
    '502 additional_data.additional_data.approval_code maxLength',
  ],
  ['resend', 'customer', undefined, '2004 customer required'],
  ['resend', 'customer', {}, '2004 customer.ip_address required'],
  ['refund', 'payment', {}],
  ['refund', 'payment', { currency: 'KZT' }],
  ['refund', 'payment', { amount: 5, currency: 'KZT', description: '', merchant_refund_id: 'r1' }],
  ['refund', 'payment', { amount: 5 }, '3287 payment.currency required'],
  ['refund', 'payment', { amount: 0 }, '502 payment.amount minimum', '3287 payment.currency required'],
  ['refund', 'payment', { merchant_refund_id: '' }, '502 payment.merchant_refund_id minLength'],
  ['refund', 'payment', { merchant_refund_id: long(256) }, '502 payment.merchant_refund_id maxLength'],
  ['status', 'destination', 'terminal'],
  ['status', 'destination', 'nowhere', '502 destination enum'],
  ['status', 'destination', null, '502 destination type'],
  ['operators', 'general/payment_id', 'p'],
  ['operators', 'service_provider', { code: 'TELE2', country: 'KZ' }],
  [
    'operators',
    'service_provider',
    { code: '', country: 'KAZ' },
    '502 service_provider.code minLength',
    '2610 service_provider.country pattern',
  ],
];

test('every limit of every documented member', () => {
  for (const [endpoint, path, value, ...faults] of table) {
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
  assert.deepEqual(parseResend(bodies.resend), { ok: true, value: { ...who, ipAddress: '198.51.100.47' } });
  assert.deepEqual(parseStatus(bodies.status), { ok: true, value: { ...who, destination: 'merchant' } });
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
  const places = table.map(([endpoint, path]) => [endpoint, path] as const);
  fc.assert(
    fc.property(anyJson, fc.constantFrom(...places), (value, [endpoint, path]) => {
      for (const each of endpoints) assert.equal(typeof parsers[each](value).ok, 'boolean');
      const parsed = parsers[endpoint](withMember(bodies[endpoint], path, value));
      if (!parsed.ok)
        for (const fault of parsed.faults) assert.ok(fault.field.isWellFormed() && fault.message.length < 400);
    }),
  );
});
