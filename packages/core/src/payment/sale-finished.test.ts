import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { charge, Scenario, waiting } from './scenario.ts';
import { dueAt } from './sale-times.ts';

describe('declined', () => {
  test('a cancel is asked after until the operator says what became of it', () => {
    const s = Scenario.in('declined');
    assert.equal(s.sale.pendingCall?.kind, 'cancel');
    assert.equal(s.lost(), '=, look_up');
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=, cancel*');
    assert.equal(s.lookUp({ status: 'cancelled', providerPaymentId: 'P1' }), '=');
    assert.equal(s.sale.pendingCall, null);
    assert.equal(dueAt(s.sale), null);
  });

  test('a cancel that was not sent is sent again, without an end', () => {
    const s = Scenario.in('declined');
    for (const wait of [2_000, 5_000, 10_000, 30_000, 60_000]) {
      assert.equal(s.notSent(), '=');
      assert.equal(s.pass(wait).when({ type: 'retry_due' }), '=, cancel');
    }
  });

  test('a cancel open for a day is an incident; a person may close it', () => {
    const s = Scenario.in('declined');
    assert.equal(s.pass(86_400_000).when({ type: 'open_for_a_day' }), '=, incident');
    assert.equal(s.when({ type: 'settled', as: 'declined' }), '=');
    assert.equal(dueAt(s.sale), null);
  });

  test('nothing found 40 s after the question clears it', () => {
    const s = new Scenario();
    s.lost();
    s.pass(90_000).when({ type: 'deadline_passed' });
    s.lookUp({ status: 'not_found' });
    assert.equal(s.pass(39_999).lookUp({ status: 'not_found' }), '=');
    assert.notEqual(dueAt(s.sale), null);
    assert.equal(s.pass(1).lookUp({ status: 'not_found' }), '=');
    assert.equal(dueAt(s.sale), null);
  });

  test('a late charge is given back once, and a person sees it', () => {
    const s = Scenario.in('declined');
    assert.equal(s.notice(charge), '=, refund, incident');
    assert.equal(s.sale.state, 'declined');
    assert.equal(s.refund.kind, 'reversal');
    assert.deepEqual(s.refund.sum, charge.sum);
    s.notice(charge);
    s.lookUp(charge);
    assert.equal(s.notice({ ...charge, sum: { amountMinor: 5, currency: 'KZT' } }), '=, look_up');
    s.lookUp(charge);
    assert.equal(s.payment.refunds.length, 1);
    assert.equal(dueAt(s.sale), null);
    assert.equal(s.payment.heldMinor, 0);
  });

  test('a late charge of another sum is given back as the operator states it when asked, not as a notice says', () => {
    const s = Scenario.in('declined');
    const sum = { amountMinor: 100_001, currency: 'KZT' } as const;
    assert.equal(s.notice({ ...charge, sum: { amountMinor: 1_000, currency: 'KZT' } }), '=, look_up');
    assert.equal(s.payment.refunds.length, 0);
    assert.equal(s.lookUp({ ...charge, sum }), '=, refund, incident');
    assert.deepEqual(s.refund.sum, sum);
  });

  test('a late session or reservation is asked after and cancelled', () => {
    const s = Scenario.in('declined');
    s.lookUp({ status: 'cancelled' });
    assert.equal(s.notice(waiting), '=, look_up');
    assert.equal(s.lookUp(waiting), '=, cancel');
    s.lookUp({ status: 'cancelled' });
    assert.equal(s.notice({ ...waiting, status: 'reserved' }), '=, look_up');
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=, cancel');
  });

  test('a late answer of the first call makes us ask', () => {
    const s = new Scenario();
    s.pass(90_000).when({ type: 'deadline_passed' });
    s.pass(5_000).when({ type: 'deadline_unanswered' });
    assert.equal(s.when({ type: 'found', source: 'answer', finding: waiting, attempt: 1 }), '=, look_up');
    assert.equal(s.when({ type: 'found', source: 'answer', finding: charge, attempt: 1 }), '=, look_up');
  });
});

describe('succeeded', () => {
  test('nothing changes it, and what contradicts it is an incident', () => {
    const s = Scenario.in('succeeded');
    assert.equal(s.notice(charge), 'unchanged');
    assert.equal(s.notice({ status: 'denied', providerPaymentId: 'P1' }), '=, incident');
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=, incident');
    assert.equal(s.pass(60_000).lookUp({ status: 'not_found' }), '=, incident');
    assert.equal(s.submit(), 'refused: code_not_awaited');
    assert.equal(s.sale.state, 'succeeded');
  });

  test('a question asked of it is over with its answer, even one that says nothing new', () => {
    const s = Scenario.in('succeeded');
    for (const finding of [charge, waiting, { status: 'in_work' } as const]) {
      assert.equal(s.notice({ status: 'unclear' }), '=, look_up');
      assert.notEqual(dueAt(s.sale), null);
      assert.equal(s.lookUp(finding), '=');
      assert.equal(dueAt(s.sale), null);
    }
    assert.equal(s.when({ type: 'look_up_unanswered' }), 'unchanged');
  });

  test('a second charge under another id is given back', () => {
    const s = Scenario.in('succeeded');
    assert.equal(s.lookUp({ ...charge, providerPaymentId: 'P2' }), '=, refund, incident');
    assert.equal(s.refund.providerPaymentId, 'P2');
    assert.equal(s.lookUp({ ...charge, providerPaymentId: 'P2' }), '=, incident');
    assert.equal(s.payment.refunds.length, 1);
  });
});
