import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allOn, charge, Scenario, usualSale, waiting } from './scenario.ts';

const oneOff = { ...allOn, TELE2: { salesEnabled: false, refundsEnabled: true } };

test('an ordinary purchase', () => {
  const s = new Scenario();
  assert.deepEqual(s.last.orders, [{ kind: 'prepare', operationNo: 1, attempt: 1, isRepeat: false }]);
  assert.equal(s.answer(waiting), 'awaiting_code, tell clarification');
  assert.equal(s.sale.providerPaymentId, 'P1');
  assert.equal(s.sale.operator, 'TELE2');
  assert.equal(s.sale.clarificationReason, 'code_requested');
  assert.equal(s.sale.deadlineAt, s.now + 1_800_000);
  assert.equal(s.pass(20_000).submit(), 'validating, validate');
  assert.equal(s.sale.deadlineAt, s.now + 1_800_000);
  assert.equal(s.answer({ status: 'reserved' }), 'confirming, confirm');
  assert.equal(s.sale.deadlineAt, null);
  assert.equal(s.notice(charge), 'succeeded, tell result');
  assert.equal(s.sale.pendingCall, null);
  assert.equal(s.payment.eventCount, 5);
});

test('an operator that wants no code is confirmed at once', () => {
  assert.equal(new Scenario().answer({ ...waiting, status: 'reserved' }), 'confirming, confirm');
});

describe('a sale that a rule ends before anything is sent', () => {
  const births = [
    ['no mobile number', { accountNumber: '12345' }, {}, 'not_a_mobile_number'],
    ['too late already', { bestBeforeAt: 1_000_000 }, {}, 'best_before'],
    ['its only operator is off', {}, { rules: oneOff }, 'operator_disabled'],
    ['the breaker is open', { breakerOpen: true }, {}, 'breaker_open'],
  ] as const;
  for (const [name, sale, settings, reason] of births) {
    test(name, () => {
      const s = new Scenario({ sale, settings });
      assert.equal(s.sale.state, 'declined');
      assert.equal(s.sale.declineReason, reason);
      assert.deepEqual(s.last.orders, []);
      assert.deepEqual(s.last.tells, [{ kind: 'result', operationNo: 1 }]);
    });
  }

  test('one of two candidates being off refuses nothing', () => {
    const s = new Scenario({ sale: { candidates: ['TELE2', 'ALTEL'] }, settings: { rules: oneOff } });
    assert.equal(s.sale.state, 'preparing');
    assert.equal(usualSale.candidates.length, 1);
  });
});

describe('preparing', () => {
  test('an operator that is off by its own answer ends the sale, and what it holds is cancelled', () => {
    const s = new Scenario({ sale: { candidates: [] }, settings: { rules: oneOff } });
    assert.equal(s.answer(waiting), 'declined, cancel, tell result');
    assert.equal(s.sale.declineReason, 'operator_disabled');
  });

  test('a notice before the answer is a hint: we ask, and take no id from it', () => {
    const s = new Scenario();
    assert.equal(s.notice(waiting), '=, look_up');
    assert.equal(s.sale.providerPaymentId, null);
    assert.equal(s.sale.pendingCall?.kind, 'prepare');
    assert.equal(s.notice({ ...waiting, status: 'reserved' }), '=, look_up');
    assert.equal(s.notice(charge), '=, look_up');
    assert.equal(s.notice({ status: 'denied', providerPaymentId: 'P1' }), '=, look_up');
    assert.equal(s.lookUp(waiting), '=');
    assert.equal(s.answer(waiting), 'awaiting_code, tell clarification');
  });

  test('a lost answer is asked after, and what is found goes on as if it had been answered', () => {
    const s = new Scenario();
    assert.equal(s.pass(10_000).lost(), '=, look_up');
    assert.equal(s.lookUp(waiting), 'awaiting_code, tell clarification');
    assert.equal(s.sale.authorizationId, 'A1');
    assert.equal(s.sale.clarificationReason, 'code_requested');
  });

  test('nothing found proves nothing before 40 s; then the same call goes out again', () => {
    const s = new Scenario();
    s.pass(10_000).lost();
    assert.equal(s.pass(29_999).lookUp({ status: 'not_found' }), '=');
    assert.equal(s.pass(1).lookUp({ status: 'not_found' }), '=, prepare*');
    assert.equal(s.sale.attempt, 2);
    assert.equal(s.notSent(true), '=');
    assert.equal(s.pass(2_000).when({ type: 'retry_due' }), '=, prepare*');
    assert.equal(s.lookUp({ status: 'not_found' }, 1), '=', 'an overtaken look-up finds nothing');
  });

  test('three tries that surely were not sent end it', () => {
    const s = new Scenario();
    assert.equal(s.notSent(), '=');
    assert.equal(s.when({ type: 'retry_due' }), 'unchanged', 'too early');
    assert.equal(s.pass(2_000).when({ type: 'retry_due' }), '=, prepare');
    assert.equal(s.notSent(), '=');
    assert.equal(s.pass(5_000).when({ type: 'retry_due' }), '=, prepare');
    assert.equal(s.notSent(), 'declined, tell result');
    assert.equal(s.sale.declineReason, 'operator_unreachable');
    assert.equal(s.sale.pendingCall, null);
  });

  test('so does failing for 15 s', () => {
    const s = new Scenario();
    s.notSent();
    s.pass(15_000).when({ type: 'retry_due' });
    assert.equal(s.notSent(), 'declined, tell result');
  });

  test('a try that may have arrived is no try unsent', () => {
    const s = new Scenario();
    s.lost();
    s.pass(40_000).lookUp({ status: 'not_found' });
    for (const wait of [2_000, 5_000, 10_000]) {
      assert.equal(s.notSent(true), '=');
      assert.equal(s.pass(wait).when({ type: 'retry_due' }), '=, prepare*');
    }
  });

  test("the operator's no ends it; a repeat's no may speak of our first call, which is found and cancelled", () => {
    const first = new Scenario();
    const denied = { type: 'call_denied', call: 'prepare', reason: 'another_payment_open' } as const;
    assert.equal(first.when({ ...denied, attempt: 1 }), 'declined, tell result');
    assert.equal(first.sale.declineReason, 'another_payment_open');
    const repeat = new Scenario();
    repeat.lost();
    repeat.pass(40_000).lookUp({ status: 'not_found' });
    assert.equal(repeat.when({ ...denied, attempt: 1 }), 'unchanged', 'an answer overtaken by a newer call');
    assert.equal(repeat.when({ ...denied, attempt: 2 }), 'declined, look_up, tell result');
  });

  test('at the deadline a last look-up; what it finds is taken', () => {
    const s = new Scenario();
    s.pass(10_000).lost();
    assert.equal(s.pass(79_999).when({ type: 'deadline_passed' }), 'unchanged');
    assert.equal(s.pass(1).when({ type: 'deadline_passed' }), '=, look_up');
    assert.equal(s.sale.graceUntil, s.now + 5_000);
    assert.equal(s.lookUp(waiting), 'awaiting_code, tell clarification');
    assert.equal(s.sale.graceUntil, null);
  });

  test('at the deadline a running call may still answer', () => {
    const s = new Scenario({ settings: { prepareDeadlineMs: 5_000 } });
    s.pass(5_000).when({ type: 'deadline_passed' });
    assert.equal(s.pass(2_000).answer(waiting), 'awaiting_code, tell clarification');
  });

  test('nothing found, or still in work, or no answer in 5 s: declined, then found and cancelled', () => {
    const atDeadline = () => {
      const s = new Scenario();
      s.lost();
      s.pass(90_000).when({ type: 'deadline_passed' });
      return s;
    };
    const found = atDeadline();
    assert.equal(found.lookUp({ status: 'not_found' }), 'declined, look_up, tell result');
    assert.equal(found.sale.declineReason, 'first_call_unanswered');
    const busy = atDeadline();
    assert.equal(busy.lookUp({ status: 'in_work', providerPaymentId: 'P1' }), 'declined, cancel, tell result');
    const silent = atDeadline();
    assert.equal(silent.when({ type: 'look_up_unanswered' }), '=');
    assert.equal(silent.pass(5_000).when({ type: 'deadline_unanswered' }), 'declined, look_up, tell result');
    assert.equal(silent.sale.declineReason, 'first_call_unanswered');
    assert.equal(silent.lookUp(waiting), '=, cancel*', 'the operator waits for a code nobody will give');
  });

  test('past the deadline nothing unsent is sent any more', () => {
    const s = new Scenario({ settings: { prepareDeadlineMs: 1_000 } });
    s.notSent();
    s.pass(1_000).when({ type: 'deadline_passed' });
    assert.equal(s.pass(1_000).when({ type: 'retry_due' }), 'unchanged');
  });

  test('a code that could no longer be used is not asked for', () => {
    const s = new Scenario({ sale: { bestBeforeAt: 1_050_000 } });
    assert.equal(s.pass(50_000).answer(waiting), 'declined, cancel, tell result');
    assert.equal(s.sale.declineReason, 'best_before');
  });

  test('the breaker ends only what was never sent', () => {
    const s = new Scenario();
    assert.equal(s.when({ type: 'breaker_open' }), 'unchanged');
    s.notSent();
    assert.equal(s.when({ type: 'breaker_open' }), 'declined, tell result');
  });

  test('the breaker ends a first call that it kept back, and no other', () => {
    assert.equal(new Scenario().when({ type: 'breaker_open', attempt: 1 }), 'declined, tell result');
    assert.equal(new Scenario().when({ type: 'breaker_open', attempt: 2 }), 'unchanged');
    const again = new Scenario();
    again.notSent();
    again.pass(2_000).when({ type: 'retry_due' });
    assert.equal(again.when({ type: 'breaker_open', attempt: 2 }), 'declined, tell result');
    const doubtful = new Scenario();
    doubtful.when({ type: 'answer_lost', call: 'prepare', attempt: 1, suspicious: false });
    assert.equal(doubtful.when({ type: 'breaker_open', attempt: 1 }), 'unchanged');
  });
});
