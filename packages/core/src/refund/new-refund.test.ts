import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paymentStatus } from '../payment/payment.ts';
import { allOn, Scenario, type ScenarioOptions } from '../payment/scenario.ts';

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
  assert.equal(paid().requestRefund({}, false), 'refused: refunds_off_for_project');
  const rules = { ...allOn, TELE2: { salesEnabled: true, refundsEnabled: false } };
  assert.equal(paid({ settings: { rules } }).requestRefund(), 'refused: refunds_off_for_operator');
});

test('a refund of nothing is a bug', () => {
  for (const amountMinor of [0, -1, 0.5, NaN]) assert.throws(() => paid().requestRefund({ amountMinor }), RangeError);
});
