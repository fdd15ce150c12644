import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { paymentStatus } from '../payment/payment.ts';
import { dueAt } from '../payment/sale-times.ts';
import { charge, Scenario } from '../payment/scenario.ts';
import type { RefundFinding } from './refund-events.ts';

function sending(): Scenario {
  const s = Scenario.in('succeeded');
  s.requestRefund({ amountMinor: 40_000 });
  return s;
}

const found = (
  s: Scenario,
  source: 'answer' | 'look_up' | 'notice',
  finding: RefundFinding,
  attempt = s.refund.attempt,
) => s.whenRefund({ type: 'refund_found', source, finding, attempt });
const lost = (s: Scenario, suspicious = false) =>
  s.whenRefund({ type: 'answer_lost', call: 'refund', attempt: s.refund.attempt, suspicious });
const done = { status: 'succeeded', providerRefundId: 'R1' } as const;

describe('a refund', () => {
  test('holds its sum until the provider has given it back', () => {
    const s = sending();
    assert.equal(s.payment.heldMinor, 40_000);
    assert.equal(found(s, 'answer', { status: 'in_work', providerRefundId: 'R1' }), '=');
    assert.equal(paymentStatus(s.payment), 'succeeded');
    assert.equal(found(s, 'notice', done), 'succeeded, tell result');
    assert.equal(s.payment.heldMinor, 0);
    assert.equal(s.payment.refundedMinor, 40_000);
    assert.equal(paymentStatus(s.payment), 'partially_refunded');
    assert.equal(dueAt(s.refund), null);
  });

  test('that is denied frees its sum and leaves the payment as it was', () => {
    const s = sending();
    assert.equal(found(s, 'answer', { status: 'denied', reason: 'refund_failed' }), 'declined, tell result');
    assert.equal(s.payment.heldMinor, 0);
    assert.equal(s.payment.refundedMinor, 0);
    assert.equal(s.refund.declineReason, 'refund_failed');
    assert.equal(paymentStatus(s.payment), 'succeeded');
  });

  test('is never declined by silence', () => {
    const s = sending();
    assert.equal(lost(s), '=, look_up');
    assert.equal(s.whenRefund({ type: 'look_up_unanswered' }), '=');
    assert.equal(found(s, 'look_up', { status: 'unclear' }), '=');
    assert.equal(s.pass(86_400_000).whenRefund({ type: 'open_for_a_day' }), '=, incident');
    assert.equal(s.whenRefund({ type: 'open_for_a_day' }), 'unchanged');
    assert.equal(s.payment.heldMinor, 40_000);
    assert.notEqual(dueAt(s.refund), null);
  });

  for (const [as, told, held, refunded, reason] of [
    ['succeeded', 'succeeded, tell result', 0, 40_000, null],
    ['declined', 'declined, tell result', 0, 0, 'settled_by_person'],
  ] as const) {
    test(`is ended as ${as} by a person alone when an incident has put it before one, and asked after no more`, () => {
      const s = sending();
      lost(s);
      assert.equal(s.whenRefund({ type: 'settled', as }), 'refused: not_possible');
      s.pass(86_400_000).whenRefund({ type: 'open_for_a_day' });
      assert.equal(s.whenRefund({ type: 'settled', as }), told);
      assert.deepEqual([s.payment.heldMinor, s.payment.refundedMinor], [held, refunded]);
      assert.equal(s.refund.declineReason, reason);
      assert.equal(dueAt(s.refund), null);
      assert.equal(s.whenRefund({ type: 'settled', as }), '=', 'said again');
      assert.equal(s.whenRefund({ type: 'settled', as: as === 'declined' ? 'succeeded' : 'declined' }), 'unchanged');
    });
  }

  test('that a person declined and the operator made after all is an incident, and stays as it is', () => {
    const s = sending();
    lost(s, true);
    s.whenRefund({ type: 'settled', as: 'declined' });
    for (const source of ['answer', 'look_up', 'notice'] as const) assert.equal(found(s, source, done), '=, incident');
    assert.deepEqual([s.payment.heldMinor, s.payment.refundedMinor, dueAt(s.refund)], [0, 0, null]);
  });

  test('is ended by nobody while a call of it is on its way', () => {
    const s = sending();
    lost(s, true);
    found(s.pass(40_000), 'look_up', { status: 'not_found' });
    assert.equal(s.whenRefund({ type: 'settled', as: 'declined' }), 'refused: refund_in_flight');
    assert.equal(s.payment.heldMinor, 40_000);
    lost(s);
    assert.equal(s.whenRefund({ type: 'settled', as: 'declined' }), 'declined, tell result');
  });

  test('is made again only when nothing is found 40 s after, and nothing of it runs', () => {
    const s = sending();
    assert.equal(s.pass(45_000).whenRefund({ type: 'retry_due' }), 'unchanged');
    assert.equal(found(s, 'look_up', { status: 'not_found' }), '=', 'its call may still run');
    assert.equal(s.whenRefund({ type: 'lease_expired' }), '=, look_up');
    assert.equal(found(s, 'look_up', { status: 'not_found' }), '=, refund*');
    assert.equal(lost(s), '=, look_up');
    assert.equal(s.pass(39_999).whenRefund({ type: 'lease_expired' }), 'unchanged');
    assert.equal(found(s, 'look_up', { status: 'not_found' }), '=');
    assert.equal(found(s, 'look_up', { status: 'not_found' }, 1), '=');
    assert.equal(s.pass(1).refund.attempt, 2);
    assert.equal(found(s, 'look_up', { status: 'not_found' }), '=, refund*');
  });

  test("an older call's no decides nothing while a newer one runs", () => {
    const s = sending();
    s.pass(40_000).whenRefund({ type: 'lease_expired' });
    found(s, 'look_up', { status: 'not_found' });
    assert.equal(found(s, 'answer', { status: 'denied', reason: 'over_refund' }, 1), '=, look_up');
    assert.equal(s.payment.heldMinor, 40_000);
    assert.equal(s.whenRefund({ type: 'not_sent', call: 'refund', attempt: 1 }), 'unchanged');
    assert.equal(s.whenRefund({ type: 'answer_lost', call: 'refund', attempt: 1, suspicious: false }), 'unchanged');
  });

  test('that was not sent is sent again', () => {
    const s = sending();
    assert.equal(s.whenRefund({ type: 'not_sent', call: 'refund', attempt: 1 }), '=');
    assert.equal(s.whenRefund({ type: 'retry_due' }), 'unchanged');
    assert.equal(s.pass(2_000).whenRefund({ type: 'retry_due' }), '=, refund');
  });

  test('whose repeat is denied is asked after: the first call may have given the money back', () => {
    const s = sending();
    lost(s);
    found(s, 'look_up', { status: 'not_found' });
    assert.equal(found(s.pass(40_000), 'look_up', { status: 'not_found' }), '=, refund*');
    const denied = { status: 'denied', reason: 'refund_not_allowed' } as const;
    const answer = { type: 'refund_found', source: 'answer', finding: denied, attempt: s.refund.attempt } as const;
    assert.equal(s.whenRefund({ ...answer, isRepeat: true }), '=, look_up');
    assert.equal(s.payment.heldMinor, 40_000);
    assert.equal(found(s, 'look_up', { status: 'not_found' }), '=', 'too early to prove anything');
    assert.equal(found(s.pass(40_000), 'look_up', { status: 'not_found' }), 'declined, tell result');
    assert.equal(s.refund.declineReason, 'refund_not_allowed');
    assert.equal(s.payment.heldMinor, 0);
  });

  test('whose repeat is denied and whose first call is found after all is done', () => {
    const s = sending();
    lost(s);
    found(s, 'look_up', { status: 'not_found' });
    found(s.pass(40_000), 'look_up', { status: 'not_found' });
    const denied = { status: 'denied', reason: 'over_refund' } as const;
    s.whenRefund({
      type: 'refund_found',
      source: 'answer',
      finding: denied,
      attempt: s.refund.attempt,
      isRepeat: true,
    });
    assert.equal(found(s, 'look_up', done), 'succeeded, tell result');
    assert.equal(s.payment.refundedMinor, 40_000);
  });

  test('a notice before our answer, or of another refund, makes us ask', () => {
    const s = sending();
    assert.equal(found(s, 'notice', done), '=, look_up');
    assert.equal(s.refund.providerRefundId, null);
    found(s, 'answer', { status: 'in_work', providerRefundId: 'R1' });
    assert.equal(found(s, 'notice', { ...done, providerRefundId: 'R2' }), '=, look_up');
  });

  test('an answer that should not exist is asked after and seen by a person', () => {
    assert.equal(lost(sending(), true), '=, look_up, incident');
  });

  test('finished stays finished; what contradicts it is an incident', () => {
    const s = sending();
    found(s, 'answer', done);
    assert.equal(found(s, 'look_up', { status: 'denied', providerRefundId: 'R1' }), '=, incident');
    assert.equal(s.whenRefund({ type: 'look_up_unanswered' }), 'unchanged');
    assert.equal(dueAt(s.refund), null);
    const declined = sending();
    found(declined, 'answer', { status: 'denied' });
    assert.equal(found(declined, 'look_up', done), '=, incident');
  });
});

describe('a reversal', () => {
  const reversing = () => {
    const s = Scenario.in('declined');
    s.notice(charge);
    return s;
  };

  test('is not told to the merchant and moves none of its sums', () => {
    const s = reversing();
    assert.equal(found(s, 'answer', done), 'succeeded');
    assert.equal(s.payment.refundedMinor, 0);
    assert.equal(s.payment.heldMinor, 0);
  });

  test('that is denied stays open before a person, and is asked after', () => {
    const s = reversing();
    assert.equal(found(s, 'answer', { status: 'denied' }), '=, incident');
    assert.equal(s.refund.state, 'sending');
    assert.notEqual(dueAt(s.refund), null);
  });

  test('that is denied is ended by a person, and nobody is told', () => {
    const s = reversing();
    found(s, 'answer', { status: 'denied' });
    assert.equal(s.whenRefund({ type: 'settled', as: 'succeeded' }), 'succeeded');
    assert.deepEqual([s.payment.heldMinor, s.payment.refundedMinor, dueAt(s.refund)], [0, 0, null]);
  });
});
