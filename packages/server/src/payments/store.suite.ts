import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Payment } from '@rocketpay/core/payment/payment.ts';
import { dueAt } from '@rocketpay/core/payment/sale-times.ts';
import {
  bareRefund,
  bareSale,
  callbackOf,
  changeOf,
  declinedSale,
  eventOf,
  fullSale,
  newPayment,
  refundOf,
  START,
} from './store.samples.ts';
import type { PaymentStore } from './store.ts';

const LEASE_MS = 15_000;

const nextOf = (payment: Payment, changes: Partial<Payment> = {}): Payment => ({
  ...payment,
  version: payment.version + 1,
  ...changes,
});

const committed = { kind: 'committed', readyCallbacks: [] } as const;
const conflict = { kind: 'conflict' } as const;

/** What every store of payments must do. `makeStore` gives an empty one. */
export function paymentStoreSuite(name: string, makeStore: () => Promise<PaymentStore>): void {
  describe(`payment store: ${name}`, () => {
    test('what was never committed is not there', async () => {
      const store = await makeStore();
      assert.equal(await store.load(newPayment('order-1')), null);
      assert.deepEqual(await store.events(newPayment('order-1')), []);
      assert.deepEqual(await store.incidents(newPayment('order-1')), []);
    });

    test('a payment comes back member by member, with everything absent', async () => {
      const store = await makeStore();
      const payment = newPayment('order-1');
      assert.deepEqual(await store.commit(changeOf(payment)), committed);
      assert.deepEqual(await store.load(payment), payment);
    });

    test('a payment comes back member by member, with everything present', async () => {
      const store = await makeStore();
      const payment = newPayment('заказ 1', {
        paymentId: 'Заказ 1 😀',
        changedAt: START + 20,
        sum: { amountMinor: 10_000_000_000_000, currency: 'KZT' },
        description: 'Two "tickets"; \\ and a slash /',
        merchantData: '{"basket":"ы"}',
        bestBeforeAt: START + 21,
        callbacks: {
          url: 'https://a.example',
          successUrl: 'https://b.example',
          declineUrl: 'https://c.example',
          delayMs: 600_000,
          disabled: true,
        },
        retries: { allowed: 5, windowMs: 600_000 },
        refundedMinor: 30_000,
        heldMinor: 40_000,
        operationCount: 4,
        eventCount: 4,
        callbackCount: 5,
        sales: [fullSale, declinedSale],
        refunds: [refundOf(), bareRefund],
      });
      await store.commit(changeOf(payment, { request: { customer: { id: 'customer-1', nested: [1, null, 'ы'] } } }));
      assert.deepEqual(await store.load(payment), payment);
    });

    test('a later version replaces what may change', async () => {
      const store = await makeStore();
      const first = newPayment('order-1');
      await store.commit(changeOf(first));
      const second = nextOf(first, {
        changedAt: START + 5,
        refundedMinor: 1,
        heldMinor: 2,
        operationCount: 2,
        eventCount: 3,
        callbackCount: 4,
        sales: [{ ...fullSale, candidates: [] }],
        refunds: [refundOf()],
      });
      assert.deepEqual(await store.commit(changeOf(second)), committed);
      assert.deepEqual(await store.load(first), second);
    });

    test('operations that a change does not name are left alone', async () => {
      const store = await makeStore();
      const first = newPayment('order-1', { operationCount: 2, heldMinor: 40_000, refunds: [refundOf()] });
      await store.commit(changeOf(first));
      const other = nextOf(first, { sales: [{ ...fullSale, candidates: [] }], refunds: [refundOf({ attempt: 9 })] });
      await store.commit(changeOf(other, { changedOperations: new Set([1]) }));
      assert.deepEqual(await store.load(first), { ...other, refunds: [refundOf()] });
    });

    test('a payment is found by the request of a sale or refund of its project, not by a reversal’s', async () => {
      const store = await makeStore();
      const payment = newPayment('order-1', { operationCount: 3, refunds: [refundOf(), bareRefund] });
      await store.commit(changeOf(payment));
      for (const requestId of ['request-1', 'request-2']) {
        assert.deepEqual(await store.findByRequest(1234, requestId), payment);
        assert.equal(await store.findByRequest(77, requestId), null);
      }
      assert.equal(await store.findByRequest(1234, bareRefund.requestId), null);
      assert.equal(await store.findByRequest(1234, 'request-9'), null);
    });

    test('a payment id is taken once', async () => {
      const store = await makeStore();
      const first = newPayment('order-1');
      await store.commit(changeOf(first));
      const second = newPayment('order-1', { requestDigest: 'another' });
      const change = changeOf(second, { log: [eventOf(1)], callbacks: [callbackOf(second, 1)] });
      assert.deepEqual(await store.commit(change), conflict);
      assert.deepEqual(await store.load(first), first);
      assert.deepEqual(await store.events(first), []);
    });

    test('the same id in another project is another payment', async () => {
      const store = await makeStore();
      const [mine, theirs] = [
        newPayment('order-1'),
        newPayment('order-1', { projectId: 5678, customerId: 'somebody' }),
      ];
      assert.deepEqual(await Promise.all([mine, theirs].map((payment) => store.commit(changeOf(payment)))), [
        committed,
        committed,
      ]);
      assert.deepEqual(await Promise.all([mine, theirs].map((payment) => store.load(payment))), [mine, theirs]);
    });

    test('a version that somebody else has written conflicts, and nothing of it is written', async () => {
      const store = await makeStore();
      const first = newPayment('order-1');
      await store.commit(changeOf(first));
      const second = nextOf(first, { eventCount: 1 });
      await store.commit(changeOf(second, { log: [eventOf(1)] }));
      const late = nextOf(first, { heldMinor: 5, sales: [{ ...fullSale, candidates: [] }] });
      const incidents = [{ operationNo: 1, kind: 'charged', at: START, detail: 'late' }] as const;
      const change = changeOf(late, {
        log: [eventOf(1, { name: 'charged' })],
        incidents,
        callbacks: [callbackOf(late, 1)],
      });
      assert.deepEqual(await store.commit(change), conflict);
      assert.deepEqual(await store.load(first), second);
      assert.deepEqual(await store.events(first), [eventOf(1)]);
      assert.deepEqual(await store.incidents(first), []);
    });

    test('a version cannot be skipped, and an update makes no payment', async () => {
      const store = await makeStore();
      const first = newPayment('order-1');
      assert.deepEqual(await store.commit(changeOf(nextOf(first))), conflict);
      await store.commit(changeOf(first));
      assert.deepEqual(await store.commit(changeOf(nextOf(nextOf(first)))), conflict);
      assert.deepEqual(await store.load(first), first);
    });

    test('of changes of one version that come at once, one is written', async () => {
      const store = await makeStore();
      const first = newPayment('order-1');
      await store.commit(changeOf(first));
      const rivals = [1, 2, 3, 4].map((heldMinor) => nextOf(first, { heldMinor, eventCount: 1 }));
      const changes = rivals.map((rival) =>
        changeOf(rival, { log: [eventOf(1, { detail: { held: rival.heldMinor } })] }),
      );
      const results = await Promise.all(changes.map((change) => store.commit(change)));
      assert.equal(results.filter((result) => result.kind === 'committed').length, 1);
      const winner = rivals[results.findIndex((result) => result.kind === 'committed')];
      assert.deepEqual(await store.load(first), winner);
      assert.deepEqual(await store.events(first), [eventOf(1, { detail: { held: winner?.heldMinor ?? 0 } })]);
    });

    test('a hundred sales under one id at once make one payment', async () => {
      const store = await makeStore();
      const rivals = Array.from({ length: 100 }, (_, index) =>
        newPayment('order-1', { customerId: `customer-${index}` }),
      );
      const results = await Promise.all(rivals.map((rival) => store.commit(changeOf(rival))));
      assert.equal(results.filter((result) => result.kind === 'committed').length, 1);
    });

    test('many payments that come at once are all written', async () => {
      const store = await makeStore();
      const payments = Array.from({ length: 300 }, (_, index) => newPayment(`order-${index}`));
      const results = await Promise.all(
        payments.map((payment) => store.commit(changeOf(payment, { log: [eventOf(1)] }))),
      );
      assert.ok(results.every((result) => result.kind === 'committed'));
      assert.deepEqual(await Promise.all(payments.map((payment) => store.load(payment))), payments);
    });

    test('text that cannot be stored fails alone', async () => {
      const store = await makeStore();
      const payments = ['a', 'b', 'c', 'd'].map((key) =>
        newPayment(`order-${key}`, key === 'c' ? { description: 'nul \u0000' } : {}),
      );
      const results = await Promise.allSettled(payments.map((payment) => store.commit(changeOf(payment))));
      assert.deepEqual(
        results.map((result) => result.status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      );
      const loaded = await Promise.all(payments.map((payment) => store.load(payment)));
      assert.deepEqual(
        loaded.map((payment) => payment !== null),
        [true, true, false, true],
      );
    });

    test('events come back in their order', async () => {
      const store = await makeStore();
      const first = newPayment('order-1', { eventCount: 2 });
      const created = [eventOf(1), eventOf(2, { name: 'refused_by_rules', detail: {} })];
      await store.commit(changeOf(first, { log: created }));
      const later = eventOf(3, { operationNo: 2, name: 'refund_created' });
      await store.commit(changeOf(nextOf(first, { eventCount: 3 }), { log: [later] }));
      assert.deepEqual(await store.events(first), [...created, later]);
    });

    test('an event is never written over', async () => {
      const store = await makeStore();
      const first = newPayment('order-1', { eventCount: 1 });
      await store.commit(changeOf(first, { log: [eventOf(1)] }));
      await assert.rejects(store.commit(changeOf(nextOf(first), { log: [eventOf(1, { name: 'charged' })] })));
      assert.deepEqual(await store.load(first), first);
    });

    test('an incident is raised once per operation and kind', async () => {
      const store = await makeStore();
      const first = newPayment('order-1');
      const raised = { operationNo: 1, kind: 'charged', at: START + 1, detail: 'charged while preparing' } as const;
      await store.commit(changeOf(first, { incidents: [raised] }));
      const again = { ...raised, at: START + 2, detail: 'again' };
      const another = { ...raised, kind: 'not_found', at: START + 3 } as const;
      await store.commit(changeOf(nextOf(first), { incidents: [again, another] }));
      assert.deepEqual(await store.incidents(first), [raised, another]);
    });

    test('what is due is claimed once, and again when its lease is over', async () => {
      const store = await makeStore();
      const due = bareSale({ deadlineAt: START + 1_000 });
      await store.commit(changeOf(newPayment('order-1', { sales: [due] })));
      await store.commit(changeOf(newPayment('order-2')));
      const mine = [{ projectId: 1234, paymentKey: 'order-1', operationNo: 1 }];
      assert.deepEqual(await store.claimDue(START + 999, 10, LEASE_MS), []);
      assert.deepEqual(await store.claimDue(START + 1_000, 10, LEASE_MS), mine);
      assert.deepEqual(await store.claimDue(START + 1_000, 10, LEASE_MS), []);
      assert.deepEqual(await store.claimDue(START + 999 + LEASE_MS, 10, LEASE_MS), []);
      assert.deepEqual(await store.claimDue(START + 1_000 + LEASE_MS, 10, LEASE_MS), mine);
    });

    test('claimants at once share what is due', async () => {
      const store = await makeStore();
      const keys = Array.from({ length: 20 }, (_, index) => `order-${index}`);
      await Promise.all(
        keys.map((key) => store.commit(changeOf(newPayment(key, { sales: [bareSale({ retryAt: START })] })))),
      );
      const claims = await Promise.all([1, 2, 3, 4].map(() => store.claimDue(START, 10, LEASE_MS)));
      const claimed = claims.flat().map((one) => one.paymentKey);
      assert.equal(new Set(claimed).size, claimed.length);
      const rest = await store.claimDue(START, 100, LEASE_MS);
      assert.deepEqual([...claimed, ...rest.map((one) => one.paymentKey)].toSorted(), keys.toSorted());
    });

    test('the longest overdue is claimed first', async () => {
      const store = await makeStore();
      for (const [key, retryAt] of [
        ['late', 30],
        ['earliest', 10],
        ['early', 20],
      ] as const) {
        await store.commit(changeOf(newPayment(key, { sales: [bareSale({ retryAt: START + retryAt })] })));
      }
      const claimed = await store.claimDue(START + 100, 2, LEASE_MS);
      assert.deepEqual(claimed.map((one) => one.paymentKey).toSorted(), ['earliest', 'early']);
    });

    test('a refund is claimed by its own number', async () => {
      const store = await makeStore();
      const refund = refundOf({ pendingCall: null, retryAt: null, openSince: null, lookUpAt: START + 50 });
      const payment = newPayment('order-1', { operationCount: 2, heldMinor: 40_000, refunds: [refund] });
      await store.commit(changeOf(payment));
      assert.deepEqual(await store.claimDue(START + 50, 10, LEASE_MS), [
        { projectId: 1234, paymentKey: 'order-1', operationNo: 2 },
      ]);
    });

    test('a claim changes no payment, and the next commit sets when it is due', async () => {
      const store = await makeStore();
      const first = newPayment('order-1', { sales: [bareSale({ lookUpAt: START })] });
      await store.commit(changeOf(first));
      await store.claimDue(START, 10, LEASE_MS);
      assert.deepEqual(await store.load(first), first);
      const sale = bareSale({ lookUpAt: START + 2_000 });
      assert.equal(dueAt(sale), START + 2_000);
      assert.deepEqual(await store.commit(changeOf(nextOf(first, { sales: [sale] }))), committed);
      assert.equal((await store.claimDue(START + 2_000, 10, LEASE_MS)).length, 1);
    });

    test('a commit takes its callbacks in and says which may be sent at once', async () => {
      const store = await makeStore();
      const first = newPayment('order-1', { callbackCount: 1 });
      const ready = await store.commit(changeOf(first, { callbacks: [callbackOf(first, 1)] }));
      assert.deepEqual(ready, { kind: 'committed', readyCallbacks: [1] });
      const second = nextOf(first, { callbackCount: 2 });
      assert.deepEqual(await store.commit(changeOf(second, { callbacks: [callbackOf(second, 2)] })), committed);
    });

    test('a delayed callback is not sent at once', async () => {
      const store = await makeStore();
      const payment = newPayment('order-1', { callbackCount: 1 });
      const notBefore = START + 60_000;
      const delayed = callbackOf(payment, 1, { notBefore, dueAt: notBefore, leaseUntil: null });
      assert.deepEqual(await store.commit(changeOf(payment, { callbacks: [delayed] })), committed);
    });

    test('callbacks of payments that come at once are each ready for their own', async () => {
      const store = await makeStore();
      const payments = ['a', 'b', 'c'].map((key) => newPayment(`order-${key}`, { callbackCount: 1 }));
      const results = await Promise.all(
        payments.map((payment) => store.commit(changeOf(payment, { callbacks: [callbackOf(payment, 1)] }))),
      );
      assert.deepEqual(
        results,
        payments.map(() => ({ kind: 'committed', readyCallbacks: [1] })),
      );
    });

    const walls: readonly (readonly [string, Partial<Payment>])[] = [
      ['more returned than paid', { refundedMinor: 100_001 }],
      ['more held and returned than paid', { refundedMinor: 60_000, heldMinor: 40_001 }],
      ['less than nothing held', { heldMinor: -1 }],
      ['a fourth resend', { sales: [bareSale({ resendsUsed: 4 })] }],
      ['a decline without a reason', { sales: [bareSale({ state: 'declined' })] }],
      ['a refund of nothing', { refunds: [refundOf({ sum: { amountMinor: 0, currency: 'KZT' } })] }],
      ['one merchant_refund_id twice', { refunds: [refundOf(), refundOf({ operationNo: 3 })] }],
      ['a second reversal of one sale', { refunds: [bareRefund, { ...bareRefund, operationNo: 4 }] }],
    ];
    for (const [what, changes] of walls) {
      test(`the last wall refuses ${what}`, async () => {
        const store = await makeStore();
        const first = newPayment('order-1');
        await store.commit(changeOf(first));
        await assert.rejects(store.commit(changeOf(nextOf(first, changes))));
        assert.deepEqual(await store.load(first), first);
      });
    }
  });
}
