import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { charge, Scenario, waiting } from './scenario.ts';

describe('confirming', () => {
  test('silence, nothing found, a day: asked again, never declined', () => {
    const s = Scenario.in('confirming');
    assert.equal(s.lost(), '=, look_up');
    assert.equal(s.when({ type: 'look_up_unanswered' }), '=');
    assert.equal(s.lookUp({ status: 'in_work' }), '=');
    assert.equal(s.pass(40_000).lookUp({ status: 'not_found' }), '=, incident');
    assert.equal(s.lookUp(waiting), '=, incident');
    assert.equal(s.sale.state, 'confirming');
  });

  test('a silent operator is asked every minute for half an hour, one that answers less and less often', () => {
    const s = Scenario.in('confirming');
    s.lost();
    const waits = (event: () => unknown): number[] =>
      Array.from({ length: 40 }, () => {
        event();
        const waited = ((s.sale.lookUpAt ?? 0) - s.now) / 1_000;
        s.pass(waited * 1_000);
        return waited;
      });
    const silent = waits(() => s.when({ type: 'look_up_unanswered' }));
    assert.deepEqual(silent.slice(0, 5), [15, 30, 60, 60, 60]);
    assert.deepEqual([silent[32], silent[33]], [60, 3_600]);
    const working = Scenario.in('confirming');
    working.lost();
    for (let asked = 0; asked < 5; asked++) working.lookUp({ status: 'in_work' });
    assert.equal((working.sale.lookUpAt ?? 0) - working.now, 300_000);
  });

  test('a call that was never answered is asked after when its lease ends, never made again unasked', () => {
    const s = Scenario.in('confirming');
    assert.equal(s.pass(24_999).when({ type: 'lease_expired' }), 'unchanged');
    assert.equal(s.pass(1).when({ type: 'lease_expired' }), '=, look_up');
    assert.equal(s.when({ type: 'lease_expired' }), 'unchanged');
  });

  test('an idempotent confirm that was lost is repeated when the money still lies reserved', () => {
    const s = Scenario.in('confirming');
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=', 'its call still runs');
    s.lost();
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=, confirm*');
  });

  test('no other confirm is ever repeated', () => {
    const s = Scenario.in('confirming', { settings: { confirmIsIdempotent: false } });
    s.lost();
    assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=');
    assert.equal(s.pass(60_000).lookUp({ ...waiting, status: 'reserved' }), '=');
  });

  test('a repeat that was not sent leaves the doubt about the first', () => {
    const s = Scenario.in('confirming');
    s.lost();
    s.lookUp({ ...waiting, status: 'reserved' });
    assert.equal(s.notSent(true), '=');
    assert.equal(s.pass(2_000).when({ type: 'retry_due' }), '=, confirm*');
  });

  test('a first that was not sent leaves none', () => {
    const s = Scenario.in('confirming');
    for (const wait of [2_000, 5_000, 10_000, 30_000, 60_000, 60_000]) {
      assert.equal(s.notSent(false), '=');
      assert.equal(s.pass(wait).when({ type: 'retry_due' }), '=, confirm');
    }
  });

  test('repeats that keep failing slow down', () => {
    const s = Scenario.in('confirming');
    s.lost();
    s.lookUp({ ...waiting, status: 'reserved' });
    const gaps: number[] = [];
    for (let round = 0; round < 6; round++) {
      assert.equal(s.lost(), '=', 'the schedule asks');
      const at = s.sale.lookUpAt ?? 0;
      gaps.push(at - s.now);
      s.now = at;
      assert.equal(s.lookUp({ ...waiting, status: 'reserved' }), '=, confirm*');
    }
    assert.deepEqual(gaps, [15_000, 30_000, 60_000, 300_000, 300_000, 300_000]);
  });

  test('a no to the first confirm ends it and frees the reservation', () => {
    const s = Scenario.in('confirming');
    const denied = { type: 'call_denied', call: 'confirm', reason: 'insufficient_balance' } as const;
    assert.equal(s.when({ ...denied, attempt: s.sale.attempt - 1 }), 'unchanged');
    assert.equal(s.when({ ...denied, attempt: s.sale.attempt }), 'declined, cancel, tell result');
    assert.equal(s.sale.declineReason, 'insufficient_balance');
  });

  test("the provider's denial and cancellation end it", () => {
    assert.equal(
      Scenario.in('confirming').notice({ status: 'denied', providerPaymentId: 'P1', reason: 'charge_failed' }),
      'declined, tell result',
    );
    const s = Scenario.in('confirming');
    assert.equal(s.lookUp({ status: 'cancelled', providerPaymentId: 'P1' }), 'declined, tell result');
    assert.equal(s.sale.declineReason, 'cancelled_at_operator');
  });

  test('a charge of another sum goes to a person, who alone can settle it', () => {
    const s = Scenario.in('confirming');
    assert.equal(s.when({ type: 'settled', as: 'declined' }), 'refused: not_possible');
    const sum = { amountMinor: 1, currency: 'KZT' } as const;
    assert.equal(s.notice({ ...charge, sum }), '=, look_up');
    assert.equal(s.lookUp({ ...charge, sum }), '=, incident');
    assert.equal(s.when({ type: 'settled', as: 'succeeded' }), 'succeeded, tell result');
  });

  test('after a day a person sees it once, and asking goes on', () => {
    const s = Scenario.in('confirming');
    s.lost();
    assert.equal(s.pass(86_400_000).when({ type: 'open_for_a_day' }), '=, incident');
    assert.equal(s.pass(86_400_000).when({ type: 'open_for_a_day' }), 'unchanged');
    assert.notEqual(s.sale.lookUpAt, null);
    assert.equal(s.when({ type: 'settled', as: 'declined' }), 'declined, tell result');
    assert.equal(s.sale.declineReason, 'settled_by_person');
  });

  test('the day is told even where an earlier incident was', () => {
    const s = Scenario.in('confirming');
    assert.equal(s.lost(true), '=, look_up, incident');
    assert.equal(s.pass(86_400_000).when({ type: 'open_for_a_day' }), '=, incident');
  });

  test('an answer that should not exist is asked after and seen by a person', () => {
    assert.equal(Scenario.in('confirming').lost(true), '=, look_up, incident');
  });

  test('a notice of another payment, or without its sum, makes us ask', () => {
    for (const finding of [
      { ...charge, providerPaymentId: 'P2' },
      { status: 'charged', providerPaymentId: 'P1' } as const,
    ]) {
      assert.equal(Scenario.in('confirming').notice(finding), '=, look_up');
    }
    assert.equal(Scenario.in('confirming').notice({ status: 'unclear', providerPaymentId: 'P1' }), '=, look_up');
  });

  test('a notice that is believed still brings no ids', () => {
    const s = Scenario.in('confirming');
    s.notice({ ...charge, authorizationId: 'A9', operator: 'BEELINE' });
    assert.equal(s.sale.authorizationId, 'A1');
    assert.equal(s.sale.operator, 'TELE2');
  });

  test('codes, resends and giving up come too late', () => {
    const s = Scenario.in('confirming');
    assert.equal(s.submit(true), 'refused: code_not_awaited');
    assert.equal(s.when({ type: 'resend_requested' }), 'refused: resend_not_possible');
    assert.equal(s.when({ type: 'given_up' }), 'refused: not_possible');
  });
});
