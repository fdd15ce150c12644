import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { charge, Scenario, waiting } from './scenario.ts';

/** A code wanted, and the time for a new one come. */
function resendable(): Scenario {
  const s = Scenario.in('awaiting_code');
  return s.pass(80_000);
}

const askForResend = (s: Scenario) => s.when({ type: 'resend_requested' });
const rejected = (s: Scenario, reason: 'wrong' | 'expired') =>
  s.when({ type: 'code_rejected', reason, attempt: s.sale.attempt });

describe('awaiting a code', () => {
  test('the wait ends it, whatever is in flight', () => {
    const s = resendable();
    s.pass(1_719_000);
    assert.equal(askForResend(s), '=, resend');
    assert.equal(s.pass(1_000).when({ type: 'deadline_passed' }), 'declined, cancel, tell result');
    assert.equal(s.sale.declineReason, 'no_code_in_time');
  });

  test('a code at the deadline comes too late, before anybody swept', () => {
    const s = Scenario.in('awaiting_code');
    s.pass(1_800_000);
    assert.equal(s.submit(), 'refused: code_not_awaited');
    assert.equal(askForResend(s), 'refused: resend_not_possible');
  });

  test('the payer gives up', () => {
    const s = Scenario.in('awaiting_code');
    assert.equal(s.when({ type: 'given_up' }), 'declined, cancel, tell result');
    assert.equal(s.sale.declineReason, 'given_up');
  });

  test('repeated words of the provider change nothing', () => {
    const s = Scenario.in('awaiting_code');
    assert.equal(s.notice(waiting), 'unchanged');
    assert.equal(s.lookUp(waiting), '=');
    assert.equal(s.when({ type: 'found', source: 'answer', finding: waiting, attempt: 1 }), 'unchanged');
  });

  test('the provider ends it', () => {
    assert.equal(Scenario.in('awaiting_code').lookUp({ status: 'denied' }), 'declined, tell result');
    assert.equal(
      Scenario.in('awaiting_code').notice({ status: 'cancelled', providerPaymentId: 'P1' }),
      'declined, tell result',
    );
    assert.equal(Scenario.in('awaiting_code').notice(charge), 'succeeded, tell result, incident');
  });

  test('a reservation without a code is cancelled; meanwhile no code is taken', () => {
    const s = Scenario.in('awaiting_code');
    assert.equal(s.notice({ status: 'reserved', providerPaymentId: 'P1' }), '=, look_up');
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=, cancel, incident');
    assert.equal(s.submit(), 'refused: code_not_awaited');
    assert.equal(askForResend(s), 'refused: resend_not_possible');
    assert.equal(s.notSent(), '=', 'a cancel that was not sent is ordered anew by the look-up, not as a resend');
    assert.equal(s.sale.retryAt, null);
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=, cancel, incident');
    assert.equal(s.lookUp({ status: 'cancelled', providerPaymentId: 'P1' }), 'declined, tell result');
  });

  test('a reservation after a code was sent is confirmed', () => {
    const s = Scenario.in('validating');
    s.lost();
    s.lookUp(waiting);
    assert.equal(s.notice({ status: 'reserved', providerPaymentId: 'P1' }), '=, look_up');
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), 'confirming, confirm');
  });
});

describe('a resend', () => {
  test('sends a new code and restarts the wait', () => {
    const s = resendable();
    assert.equal(askForResend(s), '=, resend');
    const facts = { codeExpiresAt: s.now + 80_000, resendsLeft: 2 };
    assert.equal(s.when({ type: 'code_resent', facts, attempt: s.sale.attempt }), '=, tell clarification');
    assert.equal(s.sale.clarificationReason, 'code_resent');
    assert.equal(s.sale.deadlineAt, s.now + 1_800_000);
    assert.equal(s.sale.codeExpiresAt, s.now + 80_000);
    assert.equal(s.sale.resendAllowedAt, s.now + 80_000);
    assert.equal(s.sale.resendsUsed, 1);
  });

  test("an old code's expiry is not said of a new one", () => {
    const s = resendable();
    askForResend(s);
    s.when({ type: 'code_resent', facts: {}, attempt: s.sale.attempt });
    assert.equal(s.sale.codeExpiresAt, null);
    assert.equal(s.sale.operatorResendsLeft, 2);
  });

  test('is refused early, while one is in flight or in doubt, and a fourth time', () => {
    const early = Scenario.in('awaiting_code');
    assert.equal(askForResend(early.pass(79_999)), 'refused: resend_too_early');
    const s = resendable();
    for (let used = 1; used <= 3; used++) {
      assert.equal(askForResend(s), '=, resend');
      assert.equal(askForResend(s), 'refused: resend_in_flight');
      s.when({ type: 'code_resent', facts: { resendsLeft: 5 }, attempt: s.sale.attempt });
      s.pass(80_000);
    }
    assert.equal(askForResend(s), 'refused: no_resends_left');
  });

  test('that the operator refuses is given back, with what it says', () => {
    const s = resendable();
    askForResend(s);
    const resendAllowedAt = s.now + 30_000;
    const refusedByOperator = {
      type: 'resend_refused',
      attempt: s.sale.attempt,
      resendAllowedAt,
      resendsLeft: 1,
    } as const;
    assert.equal(s.when(refusedByOperator), '=, tell clarification');
    assert.equal(s.sale.clarificationReason, 'resend_failed');
    assert.equal(s.sale.resendsUsed, 0);
    assert.equal(s.sale.resendAllowedAt, resendAllowedAt);
    assert.equal(s.sale.operatorResendsLeft, 1);
  });

  test('in flight holds a code back; one in doubt does not', () => {
    const s = resendable();
    askForResend(s);
    assert.equal(s.submit(), 'refused: resend_in_flight');
    s.lost();
    assert.equal(askForResend(s), 'refused: resend_in_flight');
    assert.equal(s.submit(), 'validating, validate');
  });

  test("whose answer comes while a code is judged still brings the session's new id", () => {
    const s = resendable();
    askForResend(s);
    s.pass(20_000).when({ type: 'lease_expired' });
    s.submit();
    const late = { type: 'code_resent', facts: { authorizationId: 'A2' }, attempt: s.sale.attempt - 1 } as const;
    assert.equal(s.when(late), '=');
    assert.equal(s.sale.authorizationId, 'A2');
    assert.equal(s.sale.pendingCall?.kind, 'validate');
  });

  test('whose answer was lost shows by the session: a new expiry, or the old', () => {
    const sent = resendable();
    askForResend(sent);
    assert.equal(sent.lost(), '=, look_up');
    assert.equal(sent.lookUp({ ...waiting, codeExpiresAt: sent.now + 80_000 }), '=, tell clarification');
    assert.equal(sent.sale.clarificationReason, 'code_resent');
    assert.equal(sent.sale.resendsUsed, 1);
    const unsent = resendable();
    askForResend(unsent);
    unsent.lost();
    assert.equal(unsent.lookUp(waiting), '=, tell clarification');
    assert.equal(unsent.sale.clarificationReason, 'resend_failed');
    assert.equal(unsent.sale.resendsUsed, 0);
  });

  test('that cannot be sent is tried three times, then given back; the next starts afresh', () => {
    const s = resendable();
    for (let round = 0; round < 2; round++) {
      assert.equal(askForResend(s), '=, resend');
      for (const wait of [2_000, 5_000]) {
        assert.equal(s.notSent(), '=');
        assert.equal(askForResend(s), 'refused: resend_in_flight');
        assert.equal(s.pass(wait).when({ type: 'retry_due' }), '=, resend');
      }
      assert.equal(s.notSent(), '=, tell clarification');
      assert.equal(s.sale.resendsUsed, 0);
      assert.equal(s.sale.retryAt, null);
    }
  });

  test('still unsent is given up for a code', () => {
    const s = resendable();
    askForResend(s);
    s.notSent();
    assert.equal(s.submit(), 'validating, validate');
    assert.equal(s.sale.resendsUsed, 0);
    assert.equal(s.sale.retryAt, null);
  });
});

describe('validating', () => {
  test('the same code again gets its first answer; another is refused', () => {
    const s = Scenario.in('validating');
    const first = s.sale.codeRequestId;
    assert.equal(s.submit(true), `repeated ${first}`);
    assert.equal(s.submit(false), 'refused: code_not_awaited');
    assert.equal(s.when({ type: 'given_up' }), 'refused: not_possible');
  });

  test('a wrong or expired code asks again and says why; only wrong ones count, and the fifth ends it', () => {
    const s = Scenario.in('awaiting_code');
    for (let wrong = 1; wrong <= 4; wrong++) {
      s.submit();
      assert.equal(rejected(s, 'wrong'), 'awaiting_code, tell clarification');
      assert.equal(s.sale.clarificationReason, 'code_wrong');
      s.submit();
      assert.equal(rejected(s, 'expired'), 'awaiting_code, tell clarification');
      assert.equal(s.sale.clarificationReason, 'code_expired');
      assert.equal(s.sale.wrongCodes, wrong);
    }
    s.submit();
    assert.equal(rejected(s, 'wrong'), 'declined, cancel, tell result');
    assert.equal(s.sale.declineReason, 'attempts_spent');
    assert.equal(s.sale.wrongCodes, 5);
  });

  test('the count spans resends, and lost answers by what the operator counted', () => {
    const s = Scenario.in('validating');
    s.lost();
    assert.equal(s.lookUp({ ...waiting, wrongCodes: 3 }), 'awaiting_code, tell clarification');
    assert.equal(s.sale.clarificationReason, 'enter_again');
    assert.equal(s.sale.wrongCodes, 3);
    s.submit();
    s.lost();
    assert.equal(s.lookUp({ ...waiting, wrongCodes: 7 }), 'declined, cancel, tell result');
  });

  test('a notice that the money is reserved is enough; the answer then says nothing new', () => {
    const s = Scenario.in('validating');
    const { attempt } = s.sale;
    assert.equal(s.notice({ status: 'reserved', providerPaymentId: 'P1' }), 'confirming, confirm');
    assert.equal(s.when({ type: 'found', source: 'answer', finding: { status: 'reserved' }, attempt }), 'unchanged');
  });

  test('what was not sent is sent again while the code lives, then the payer is asked again', () => {
    const s = Scenario.in('validating');
    assert.equal(s.notSent(), '=');
    assert.equal(s.pass(2_000).when({ type: 'retry_due' }), '=, validate');
    assert.equal(s.pass(100_000).notSent(), 'awaiting_code, tell clarification');
    assert.equal(s.sale.clarificationReason, 'enter_again');
  });

  test("the operator's own cap, and an answer that should not exist", () => {
    const s = Scenario.in('validating');
    assert.equal(s.lost(true), '=, look_up, incident');
    const reason = 'otp_attempts_exceeded';
    assert.equal(
      s.when({ type: 'call_denied', call: 'validate', reason, attempt: s.sale.attempt }),
      'declined, tell result',
    );
  });

  test('at the deadline it is asked after; still waiting for a code is the end', () => {
    const s = Scenario.in('validating');
    s.lost();
    assert.equal(s.pass(1_800_000).when({ type: 'deadline_passed' }), '=, look_up');
    assert.equal(s.when({ type: 'deadline_passed' }), 'unchanged');
    assert.equal(s.lookUp(waiting), 'declined, cancel, tell result');
  });

  test('a code rejected after the deadline is not asked for again', () => {
    const s = Scenario.in('validating', { sale: { bestBeforeAt: 1_015_000 } });
    assert.equal(s.pass(5_000).when({ type: 'deadline_passed' }), '=, look_up');
    assert.equal(rejected(s, 'wrong'), 'declined, cancel, tell result');
    assert.equal(s.sale.declineReason, 'best_before');
  });

  test('five silent minutes after the deadline end it', () => {
    const s = Scenario.in('validating');
    s.pass(1_800_000).when({ type: 'deadline_passed' });
    assert.equal(s.lookUp({ status: 'in_work' }), '=');
    assert.equal(s.pass(299_999).when({ type: 'deadline_unanswered' }), 'unchanged');
    assert.equal(s.pass(1).when({ type: 'deadline_unanswered' }), 'declined, cancel, tell result');
  });

  test('a validation that charges has no such end; a day is an incident', () => {
    const s = Scenario.in('validating', { settings: { validateCharges: true } });
    s.pass(1_800_000);
    assert.equal(s.when({ type: 'deadline_passed' }), '=, look_up');
    assert.equal(s.sale.deadlineAt, null);
    assert.equal(s.lookUp({ status: 'in_work' }), '=');
    assert.equal(s.pass(86_400_000).when({ type: 'open_for_a_day' }), '=, incident');
    assert.equal(s.lookUp(waiting), 'declined, cancel, tell result', 'no code is wanted past the deadline');
  });
});
