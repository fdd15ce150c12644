import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { paymentStatus, refundableMinor } from './payment.ts';
import { PAGE_RETRIES } from './rules.ts';
import { charge, Scenario, waiting, type ScenarioOptions } from './scenario.ts';
import { dueAt, wake } from './sale-times.ts';
import { tryAgainOffer } from './try-again.ts';

const page = ({ sale, ...rest }: ScenarioOptions = {}): ScenarioOptions => ({
  ...rest,
  sale: { retries: PAGE_RETRIES, ...sale },
});

/** A first sale that the operator has refused. */
function denied(options: ScenarioOptions = {}): Scenario {
  const s = new Scenario(page(options));
  s.when({ type: 'call_denied', call: 'prepare', reason: 'insufficient_balance', attempt: 1 });
  return s;
}

const deny = (s: Scenario): string =>
  s.when({ type: 'call_denied', call: 'prepare', reason: 'insufficient_balance', attempt: s.sale.attempt });

describe('after a decline', () => {
  test('the payer is waited for ten minutes from the first decline on, and a due time ends it', () => {
    const s = denied();
    assert.equal(paymentStatus(s.payment), 'awaiting_payer');
    assert.equal(s.sale.state, 'declined');
    const until = s.now + 600_000;
    assert.deepEqual(tryAgainOffer(s.payment), { until, attemptsLeft: 5, mustWait: false });
    assert.equal(dueAt(s.sale), until);
    assert.equal(s.pass(599_999).when({ type: 'tries_over' }), 'unchanged');
    assert.equal(wake(s.sale, until), 'tries_over');
    assert.equal(s.pass(1).when({ type: 'tries_over' }), '=, tell result');
    assert.equal(paymentStatus(s.payment), 'declined');
    assert.equal(s.payment.changedAt, until);
    assert.equal(dueAt(s.sale), null);
    assert.equal(s.tryAgain(), 'refused: no_tries_left');
  });

  test('a try is a new operation under a new correlator, with its own number and code', () => {
    const s = Scenario.in('awaiting_code', page());
    s.when({ type: 'given_up' });
    s.lookUp({ status: 'cancelled' });
    const [first] = s.payment.sales;
    assert.equal(
      s.pass(1_000).tryAgain({ accountNumber: '77051112233', candidates: ['BEELINE'] }),
      'preparing, prepare',
    );
    assert.equal(paymentStatus(s.payment), 'processing');
    assert.equal(s.payment.sales.length, 2);
    const { operationNo, correlator, accountNumber, candidates, resendsUsed, wrongCodes, createdAt } = s.sale;
    assert.deepEqual(
      [operationNo, accountNumber, candidates, resendsUsed, wrongCodes],
      [2, '77051112233', ['BEELINE'], 0, 0],
    );
    assert.equal(createdAt, s.now);
    assert.notEqual(correlator, first?.correlator);
    assert.equal(s.payment.sales[0]?.accountNumber, '77071234567');
    assert.equal(s.payment.sales[0]?.tryAgainUntil, null);
  });

  test('five tries, and the sixth decline is the end', () => {
    const s = denied();
    for (let left = 5; left > 0; left--) {
      assert.equal(tryAgainOffer(s.payment)?.attemptsLeft, left);
      s.pass(1_000).tryAgain();
      assert.equal(deny(s), 'declined, tell result');
    }
    assert.equal(paymentStatus(s.payment), 'declined');
    assert.equal(s.tryAgain(), 'refused: no_tries_left');
    assert.equal(s.payment.sales.length, 6);
  });

  test('the window counts from the first decline, whenever the later ones come', () => {
    const s = denied();
    s.pass(590_000).tryAgain();
    s.pass(9_000);
    deny(s);
    assert.equal(tryAgainOffer(s.payment)?.until, s.now + 1_000);
    s.tryAgain();
    s.pass(1_000);
    deny(s);
    assert.equal(paymentStatus(s.payment), 'declined');
  });

  test('best_before governs instead of the window, the threshold bounds both', () => {
    assert.equal(tryAgainOffer(denied({ sale: { bestBeforeAt: 1_060_000 } }).payment)?.until, 1_060_000);
    assert.equal(tryAgainOffer(denied({ sale: { bestBeforeAt: 3_000_000 } }).payment)?.until, 3_000_000);
    assert.equal(tryAgainOffer(denied({ sale: { bestBeforeAt: 99_000_000 } }).payment)?.until, 4_600_000);
  });

  test('nobody is waited for who sent no code in time, nor past the payment’s own end', () => {
    const s = Scenario.in('awaiting_code', page());
    s.pass(1_800_000).when({ type: 'deadline_passed' });
    assert.equal(paymentStatus(s.payment), 'declined');
    const bound = Scenario.in('awaiting_code', page({ sale: { bestBeforeAt: 1_060_000 } }));
    bound.pass(60_000).when({ type: 'deadline_passed' });
    assert.equal(paymentStatus(bound.payment), 'declined');
  });

  test('a payment of Gate’s ends with its first decline', () => {
    const s = new Scenario();
    deny(s);
    assert.equal(paymentStatus(s.payment), 'declined');
    assert.equal(dueAt(s.sale), null);
    assert.equal(s.tryAgain(), 'refused: no_tries_left');
    assert.equal(s.when({ type: 'payer_left' }), 'unchanged');
  });
});

describe('a next sale', () => {
  test('waits for the end of the last one’s cancel, however that is asked after', () => {
    const s = Scenario.in('declined', page());
    assert.equal(s.tryAgain(), 'refused: cancel_pending');
    s.notSent();
    assert.equal(s.sale.pendingCall, null);
    assert.equal(s.tryAgain(), 'refused: cancel_pending');
    s.pass(2_000).when({ type: 'retry_due' });
    s.lost();
    assert.equal(s.tryAgain(), 'refused: cancel_pending');
    s.lookUp({ status: 'in_work' });
    assert.equal(s.tryAgain(), 'refused: cancel_pending');
    s.lookUp({ status: 'cancelled' });
    assert.equal(s.tryAgain(), 'preparing, prepare');
  });

  test('is not begun beside a live one, nor after a success', () => {
    const states = ['preparing', 'awaiting_code', 'validating', 'confirming', 'succeeded'] as const;
    for (const state of states) assert.equal(Scenario.in(state, page()).tryAgain(), 'refused: not_possible', state);
  });

  test('wished for twice is begun once', () => {
    const s = denied();
    assert.equal(s.tryAgain({ after: 1 }), 'preparing, prepare');
    assert.equal(s.tryAgain({ after: 1 }), `repeated ${s.sale.requestId}`);
    assert.equal(s.tryAgain({ after: 7 }), 'refused: not_possible');
    assert.equal(s.payment.sales.length, 2);
  });

  test('is held to the same rules as the first, and a refused one may be tried again as well', () => {
    const s = denied();
    assert.equal(s.tryAgain({ accountNumber: '12345' }), 'declined, tell result');
    assert.equal(s.sale.declineReason, 'not_a_mobile_number');
    assert.equal(paymentStatus(s.payment), 'awaiting_payer');
    assert.equal(s.tryAgain({ accountNumber: '77071234567', breakerOpen: true }), 'declined, tell result');
    assert.equal(s.sale.declineReason, 'breaker_open');
    assert.equal(s.tryAgain(), 'preparing, prepare');
  });
});

describe('a payer who leaves', () => {
  test('ends the payment at once, and only once', () => {
    const s = denied();
    assert.equal(s.when({ type: 'payer_left' }), '=, tell result');
    assert.equal(s.when({ type: 'payer_left' }), 'unchanged');
    assert.equal(paymentStatus(s.payment), 'declined');
  });

  test('gives up the sale that waits for a code, for good', () => {
    const s = Scenario.in('awaiting_code', page());
    assert.equal(s.when({ type: 'payer_left' }), 'declined, cancel, tell result');
    assert.equal(paymentStatus(s.payment), 'declined');
    assert.equal(s.sale.declineReason, 'given_up');
  });

  test('ends nothing whose end only the operator knows', () => {
    for (const state of ['preparing', 'validating', 'confirming', 'succeeded'] as const) {
      assert.equal(Scenario.in(state, page()).when({ type: 'payer_left' }), 'refused: not_possible', state);
    }
  });
});

describe('a charge that still arrives on an older sale', () => {
  const lateCharge = { ...charge, providerPaymentId: 'P1' };
  /** A second sale in the state wished for, after a first that was given up and cancelled. */
  function second(state: 'preparing' | 'awaiting_code' | 'succeeded' | 'declined'): Scenario {
    const s = Scenario.in('declined', page());
    s.lookUp({ status: 'cancelled' });
    s.tryAgain();
    if (state === 'preparing') return s;
    s.answer({ ...waiting, providerPaymentId: 'P2', authorizationId: 'A2' });
    if (state === 'awaiting_code') return s;
    if (state === 'declined') {
      s.when({ type: 'given_up' });
      return s;
    }
    s.submit();
    s.answer({ status: 'reserved' });
    s.notice({ ...charge, providerPaymentId: 'P2' });
    assert.equal(s.sale.state, 'succeeded');
    return s;
  }

  test('is given back once, whatever has become of the newer', () => {
    for (const state of ['preparing', 'awaiting_code', 'succeeded', 'declined'] as const) {
      const s = second(state);
      const left = refundableMinor(s.payment);
      const newer = s.sale;
      const late = { type: 'found', source: 'notice', finding: lateCharge, attempt: null } as const;
      assert.equal(s.when(late, 1), '=, refund, incident', state);
      s.when(late, 1);
      assert.equal(s.payment.refunds.length, 1);
      assert.deepEqual([s.refund.kind, s.refund.saleOperationNo, s.refund.providerPaymentId], ['reversal', 1, 'P1']);
      assert.equal(s.sale, newer);
      s.whenRefund({
        type: 'refund_found',
        source: 'answer',
        finding: { status: 'succeeded', providerRefundId: 'R1' },
        attempt: 1,
      });
      assert.deepEqual([s.payment.heldMinor, s.payment.refundedMinor, refundableMinor(s.payment)], [0, 0, left]);
    }
  });

  test('leaves the newer one’s money to be refunded whole', () => {
    const s = second('succeeded');
    s.when({ type: 'found', source: 'notice', finding: lateCharge, attempt: null }, 1);
    assert.equal(s.requestRefund(), 'sending, refund');
    assert.deepEqual([s.refund.kind, s.refund.saleOperationNo, s.refund.providerPaymentId], ['refund', 2, 'P2']);
    assert.equal(s.payment.heldMinor, 100_000);
  });
});
