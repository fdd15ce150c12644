import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paymentStatus } from '../payment/payment.ts';
import { allOn, Scenario, usualRefund, type ScenarioOptions } from '../payment/scenario.ts';
import { requestRefund, type RefundRequest } from './new-refund.ts';

const paid = (options: ScenarioOptions = {}) => Scenario.in('succeeded', options);

function finish(s: Scenario, status: 'succeeded' | 'denied'): void {
  const { attempt, operationNo } = s.refund;
  const finding = { status, providerRefundId: `R${operationNo}` };
  s.whenRefund({ type: 'refund_found', source: 'answer', finding, attempt });
}

test('a hundred partial refunds add up to what was paid, and never to more', () => {
  const s = paid();
  for (let n = 1; n <= 100; n++) {
    assert.equal(
      s.requestRefund({ amountMinor: 1_000, merchantRefundId: `m${n}`, requestDigest: `r${n}` }),
      'sending, refund',
    );
  }
  assert.equal(s.payment.heldMinor, 100_000);
  assert.equal(s.requestRefund({ amountMinor: 1, requestDigest: 'more' }), 'refused: refund_too_large');
  for (const refund of s.payment.refunds) {
    const finding = { status: 'succeeded', providerRefundId: `R${refund.operationNo}` } as const;
    s.whenRefund({ type: 'refund_found', source: 'answer', finding, attempt: 1 }, refund.operationNo);
  }
  assert.equal(s.payment.refundedMinor, 100_000);
  assert.equal(s.payment.heldMinor, 0);
  assert.equal(paymentStatus(s.payment), 'refunded');
});

test('without an amount it is all that is left', () => {
  const s = paid();
  s.requestRefund({ amountMinor: 30_000 });
  finish(s, 'succeeded');
  assert.equal(s.requestRefund({ requestDigest: 'rest' }), 'sending, refund');
  assert.deepEqual(s.refund.sum, { amountMinor: 70_000, currency: 'KZT' });
  assert.equal(s.requestRefund({ requestDigest: 'again' }), 'refused: not_refundable');
});

test('more than is left is refused, and says what is', () => {
  const s = paid();
  s.requestRefund({ amountMinor: 99_999 });
  assert.equal(s.requestRefund({ amountMinor: 2, requestDigest: 'r2' }), 'refused: refund_too_large');
  assert.equal(s.payment.heldMinor, 99_999);
  finish(s, 'denied');
  assert.equal(s.requestRefund({ amountMinor: 100_000, requestDigest: 'r3' }), 'sending, refund');
});

test('another currency is refused, given alone too', () => {
  assert.equal(paid().requestRefund({ amountMinor: 1, currency: 'USD' }), 'refused: refund_currency');
  assert.equal(paid().requestRefund({ currency: 'USD' }), 'refused: refund_currency');
  assert.equal(paid().requestRefund({ currency: 'KZT' }), 'sending, refund');
});

test("a merchant's refund id means one refund: the same body gets its first answer, another is refused", () => {
  const s = paid();
  s.requestRefund({ amountMinor: 1, merchantRefundId: 'm', requestDigest: 'a' });
  const { requestId } = s.refund;
  assert.equal(s.requestRefund({ amountMinor: 1, merchantRefundId: 'm', requestDigest: 'a' }), `repeated ${requestId}`);
  assert.equal(
    s.requestRefund({ amountMinor: 2, merchantRefundId: 'm', requestDigest: 'b' }),
    'refused: refund_id_taken',
  );
  finish(s, 'denied');
  assert.equal(s.requestRefund({ amountMinor: 1, merchantRefundId: 'm', requestDigest: 'a' }), `repeated ${requestId}`);
});

test('without an id an equal body is the same refund while that one is unfinished', () => {
  const s = paid();
  s.requestRefund({ amountMinor: 1 });
  const { requestId } = s.refund;
  assert.equal(s.requestRefund({ amountMinor: 1 }), `repeated ${requestId}`);
  finish(s, 'succeeded');
  assert.equal(s.requestRefund({ amountMinor: 1 }), 'sending, refund');
  assert.equal(s.payment.refunds.length, 2);
});

test('only a paid payment can be refunded, and only where project and operator allow', () => {
  for (const state of ['preparing', 'awaiting_code', 'validating', 'confirming', 'declined'] as const) {
    assert.equal(Scenario.in(state).requestRefund(), 'refused: not_refundable', state);
  }
  assert.equal(paid().requestRefund({}, { refundsEnabled: false }), 'refused: refunds_off_for_project');
  const rules = { ...allOn, TELE2: { salesEnabled: true, refundsEnabled: false } };
  assert.equal(paid({ settings: { rules } }).requestRefund(), 'refused: refunds_off_for_operator');
});

const MINUTE_MS = 60_000;
/** A payment with one refund of 100.00, and what a second request is told after `ms`. */
function after(ms: number, first: Partial<RefundRequest>, second: Partial<RefundRequest>, windowMs = MINUTE_MS) {
  const s = paid();
  const guard = { refundRepeatWindowMs: windowMs };
  assert.equal(s.requestRefund({ amountMinor: 10_000, requestDigest: 'first', ...first }, guard), 'sending, refund');
  finish(s, 'succeeded');
  return s.pass(ms).requestRefund({ amountMinor: 10_000, requestDigest: 'second', ...second }, guard);
}

test('an equal refund within the window is refused, and may be asked for at its end', () => {
  assert.equal(after(0, {}, {}), 'refused: refund_repeated');
  assert.equal(after(MINUTE_MS - 1, {}, {}), 'refused: refund_repeated');
  assert.equal(after(MINUTE_MS, {}, {}), 'sending, refund');
  assert.equal(after(0, {}, {}, 0), 'sending, refund');
});

test('equal is the sum that it comes to, unless the merchant tells the two apart by ids', () => {
  assert.equal(after(1, {}, { description: 'other words', currency: 'KZT' }), 'refused: refund_repeated');
  assert.equal(after(1, { amountMinor: 50_000 }, { amountMinor: null }), 'refused: refund_repeated');
  assert.equal(after(1, {}, { amountMinor: 10_001 }), 'sending, refund');
  assert.equal(after(1, { merchantRefundId: 'm1' }, {}), 'refused: refund_repeated');
  assert.equal(after(1, {}, { merchantRefundId: 'm2' }), 'refused: refund_repeated');
  assert.equal(after(1, { merchantRefundId: 'm1' }, { merchantRefundId: 'm2' }), 'sending, refund');
});

test('the window neither changes the answer to a repeat nor blocks a try after a decline', () => {
  const guard = { refundRepeatWindowMs: MINUTE_MS };
  const request = { amountMinor: 1, merchantRefundId: 'm', requestDigest: 'a' };
  const s = paid();
  s.requestRefund(request, guard);
  const { requestId } = s.refund;
  assert.equal(s.requestRefund(request, guard), `repeated ${requestId}`);
  finish(s, 'denied');
  assert.equal(s.requestRefund({ amountMinor: 1, requestDigest: 'b' }, guard), 'sending, refund');
  finish(s, 'denied');
  assert.equal(s.requestRefund({ amountMinor: 200_000, requestDigest: 'c' }, guard), 'refused: refund_too_large');
});

test('the latest equal refund counts, and the refusal says until when', () => {
  const guard = { refundRepeatWindowMs: MINUTE_MS };
  const s = paid();
  s.requestRefund({ amountMinor: 5, requestDigest: 'a' }, guard);
  finish(s, 'succeeded');
  s.pass(MINUTE_MS).requestRefund({ amountMinor: 5, requestDigest: 'b' }, guard);
  finish(s, 'succeeded');
  s.pass(MINUTE_MS / 2);
  const context = { now: s.now, refundsEnabled: true, rules: allOn, newIds: () => s.newIds(), ...guard };
  const decision = requestRefund(s.payment, { ...usualRefund, amountMinor: 5, requestDigest: 'c' }, context);
  const refusal = { why: 'refund_repeated', allowedAt: s.now + MINUTE_MS / 2 };
  assert.deepEqual(decision, { kind: 'refused', refusal });
});

test('a refund of nothing is a bug', () => {
  for (const amountMinor of [0, -1, 0.5, NaN]) assert.throws(() => paid().requestRefund({ amountMinor }), RangeError);
});

test('a request begun again after a crash finds what it may have done itself, and does nothing a second time', () => {
  const s = paid();
  const asked = s.now;
  s.pass(5).requestRefund({ amountMinor: 5 });
  const { requestId } = s.refund;
  s.pass(5);
  finish(s, 'succeeded');
  s.pass(20_000);
  assert.equal(s.requestRefund({ amountMinor: 5, firstAskedAt: asked }), `repeated ${requestId}`);
  // One asked for after the refund had ended is another one.
  assert.equal(s.requestRefund({ amountMinor: 5, firstAskedAt: asked + 11 }), 'sending, refund');
});
