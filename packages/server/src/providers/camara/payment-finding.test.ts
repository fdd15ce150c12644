import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correlatorOf, paymentFinding } from './payment-finding.ts';
import { refundFinding } from './refund-finding.ts';

const amountTransaction = {
  clientCorrelator: 'c-1',
  paymentAmount: { chargingInformation: { amount: 1000, currency: 'KZT', description: 'x' } },
};
const payment = (paymentStatus: unknown, more: object = {}) => ({
  paymentId: 'p-1',
  paymentStatus,
  amountTransaction,
  ...more,
});
const id = { providerPaymentId: 'p-1' };

test('a payment is read by its status', () => {
  const cases: readonly (readonly [object, object | null])[] = [
    [payment('processing'), { status: 'in_work', ...id }],
    [payment('pending_validation'), { status: 'pending_code', ...id }],
    [
      payment('pending_validation', { validationInfo: { action: 'open', validationURL: 'u' } }),
      { status: 'unclear', ...id },
    ],
    [payment('reserved'), { status: 'reserved', ...id }],
    [payment('succeeded'), { status: 'charged', ...id, sum: { amountMinor: 100_000, currency: 'KZT' } }],
    [payment('succeeded', { amountTransaction: {} }), { status: 'unclear', ...id }],
    [payment('denied'), { status: 'denied', ...id, reason: 'no_reason' }],
    [payment('denied', { denialCode: 'limit_day' }), { status: 'denied', ...id, reason: 'limit_day' }],
    [payment('denied', { denialCode: 'bad_moon' }), { status: 'denied', ...id, reason: 'unknown_reason' }],
    [payment('denied', { denialCode: 7 }), { status: 'denied', ...id, reason: 'no_reason' }],
    [payment('cancelled'), { status: 'cancelled', ...id }],
    [
      payment('cancelled', { denialCode: 'reservation_expired' }),
      { status: 'cancelled', ...id, reason: 'reservation_expired' },
    ],
    [payment('refunded'), { status: 'unclear', ...id }],
    [payment(undefined), { status: 'unclear', ...id }],
    [payment('reserved', { operator: 'TELE2' }), { status: 'reserved', ...id, operator: 'TELE2' }],
    [payment('reserved', { operator: 'VERIZON' }), { status: 'reserved', ...id }],
    [payment('reserved', { paymentId: '' }), null],
    [payment('reserved', { paymentId: 'a\u0000b' }), null],
  ];
  for (const [body, finding] of cases) assert.deepEqual(paymentFinding(body), finding, JSON.stringify(body));
  for (const body of [null, [], 'text', {}]) assert.equal(paymentFinding(body), null);
});

test('the facts about the code come along, and nonsense among them does not', () => {
  const validationInfo = {
    action: 'validate',
    authorizationId: 'a-1',
    expiresAt: '2026-01-01T00:01:20Z',
    codeLength: 6,
    attemptsLeft: 8,
    wrongAttempts: 2,
    resendsLeft: 3,
    nextResendAt: '2026-01-01T00:00:30Z',
  };
  assert.deepEqual(paymentFinding(payment('pending_validation', { validationInfo })), {
    status: 'pending_code',
    ...id,
    authorizationId: 'a-1',
    codeExpiresAt: Date.UTC(2026, 0, 1, 0, 1, 20),
    resendAllowedAt: Date.UTC(2026, 0, 1, 0, 0, 30),
    resendsLeft: 3,
    wrongCodes: 2,
  });
  const odd = { authorizationId: 5, expiresAt: 'soon', wrongAttempts: -1, resendsLeft: '3', nextResendAt: null };
  assert.deepEqual(paymentFinding(payment('pending_validation', { validationInfo: odd })), {
    status: 'pending_code',
    ...id,
  });
});

test('a refund is read by its status', () => {
  const refund = (refundStatus: string, more: object = {}) => ({ refundId: 'r-1', refundStatus, ...more });
  const rid = { providerRefundId: 'r-1' };
  assert.deepEqual(refundFinding(refund('processing')), { status: 'in_work', ...rid });
  assert.deepEqual(refundFinding(refund('succeeded')), { status: 'succeeded', ...rid });
  assert.deepEqual(refundFinding(refund('denied')), { status: 'denied', ...rid, reason: 'no_reason' });
  const windowOver = { status: 'denied', ...rid, reason: 'refund_window_over' };
  assert.deepEqual(refundFinding(refund('denied', { denialCode: 'refund_window_over' })), windowOver);
  assert.deepEqual(refundFinding(refund('in_bill')), { status: 'unclear', ...rid });
  assert.equal(refundFinding({ refundStatus: 'succeeded' }), null);
});

test('the echoed correlator is found in payments and refunds', () => {
  assert.equal(correlatorOf(payment('reserved')), 'c-1');
  assert.equal(correlatorOf({ paymentId: 'p-1' }), null);
});
