import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNotice } from './notices.ts';

const event = (type: string, data: unknown, more: object = {}) => ({
  id: 'e-1',
  source: '/operators/TELE2',
  specversion: '1.0',
  type: `org.camaraproject.${type}`,
  time: '2026-01-01T00:00:00Z',
  data,
  ...more,
});
const sale = (type: string, data: object = {}) =>
  readNotice(event(`carrier-billing.v0.${type}`, { paymentId: 'p-1', status: 'succeeded', description: 'x', ...data }));
const refund = (type: string, data: object = {}) =>
  readNotice(
    event(`carrier-billing-refund.v0.${type}`, { paymentId: 'p-1', refundId: 'r-1', status: 'succeeded', ...data }),
  );

test('notices about a sale', () => {
  const id = { providerPaymentId: 'p-1' };
  const charged = { amount: 1000, currency: 'KZT' };
  const cases: readonly (readonly [string, object, object])[] = [
    ['payment-pending-validation', {}, { status: 'pending_code', ...id }],
    ['payment-pending-validation', { status: 'failed' }, { status: 'unclear', ...id }],
    ['payment-reserved', { operator: 'ALTEL' }, { status: 'reserved', ...id, operator: 'ALTEL' }],
    ['payment-reserved', { status: 'failed' }, { status: 'unclear', ...id }],
    ['payment-completed', charged, { status: 'charged', ...id, sum: { amountMinor: 100_000, currency: 'KZT' } }],
    ['payment-completed', { ...charged, status: 'failed' }, { status: 'unclear', ...id }],
    ['payment-completed', { ...charged, status: undefined }, { status: 'unclear', ...id }],
    ['payment-completed', { currency: 'KZT' }, { status: 'unclear', ...id }],
    ['payment-completed', { amount: 1000 }, { status: 'unclear', ...id }],
    ['payment-completed', { amount: 10.005, currency: 'KZT' }, { status: 'unclear', ...id }],
    [
      'payment-denied',
      { status: 'failed', denialCode: 'insufficient_balance' },
      { status: 'denied', ...id, reason: 'insufficient_balance' },
    ],
    ['payment-denied', { denialReason: 'prose' }, { status: 'denied', ...id, reason: 'no_reason' }],
    ['payment-cancelled', {}, { status: 'cancelled', ...id }],
    [
      'payment-cancelled',
      { denialCode: 'cancelled_by_user' },
      { status: 'cancelled', ...id, reason: 'cancelled_by_user' },
    ],
    ['payment-cancelled', { status: 'failed' }, { status: 'unclear', ...id }],
    ['payment-forgotten', {}, { status: 'unclear', ...id }],
    ['payment-reserved', { paymentId: 17 }, { status: 'reserved' }],
  ];
  for (const [type, data, finding] of cases) {
    assert.deepEqual(sale(type, data), { about: 'sale', finding }, `${type} ${JSON.stringify(data)}`);
  }
});

test('notices about a refund carry our correlator', () => {
  const id = { providerRefundId: 'r-1' };
  const cases: readonly (readonly [string, object, string | null, object])[] = [
    ['refund-completed', { clientCorrelator: 'c-2' }, 'c-2', { status: 'succeeded', ...id }],
    ['refund-completed', {}, null, { status: 'succeeded', ...id }],
    ['refund-completed', { status: 'failed' }, null, { status: 'unclear', ...id }],
    [
      'refund-denied',
      { status: 'failed', denialCode: 'over_refund' },
      null,
      { status: 'denied', ...id, reason: 'over_refund' },
    ],
    ['refund-in-bill', {}, null, { status: 'unclear', ...id }],
  ];
  for (const [type, data, correlator, finding] of cases) {
    assert.deepEqual(refund(type, data), { about: 'refund', correlator, finding }, `${type} ${JSON.stringify(data)}`);
  }
});

test('an event of another family is unclear, and what is no event is no notice', () => {
  const foreign = readNotice({
    specversion: '1.0',
    type: 'com.example.payment-completed',
    data: { paymentId: 'p-1', status: 'succeeded' },
  });
  assert.deepEqual(foreign, { about: 'sale', finding: { status: 'unclear', providerPaymentId: 'p-1' } });
  const reserved = event('carrier-billing.v0.payment-reserved', {});
  for (const body of [
    null,
    [],
    'text',
    {},
    { ...reserved, specversion: '2.0' },
    { ...reserved, type: 1 },
    { ...reserved, data: [] },
  ]) {
    assert.equal(readNotice(body), null, JSON.stringify(body));
  }
});
