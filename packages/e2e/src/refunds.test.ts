import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Body, paths, refused, taken } from './merchant.ts';
import { newPaymentId, Stage } from './stage.ts';

const KZT = (amount: number) => ({ amount, currency: 'KZT' });

let stage: Stage;
before(async () => {
  stage = await Stage.set();
});
after(() => stage[Symbol.asyncDispose]());

describe('a refund', { concurrency: true }, () => {
  for (const [phone, code, why] of [
    ['77000000501', '20100', 'fails'],
    ['77000000502', '3610', 'is not allowed'],
    ['77000000503', '3610', 'comes too late'],
    ['77000000507', '3028', 'is not covered by the merchant’s balance'],
  ] as const) {
    test(`that ${why} at the operator is declined with ${code} and leaves the payment as it was`, async () => {
      const { merchant } = stage;
      const { paymentId, inbox } = await stage.paid({ phone });
      await taken(merchant.refund(paymentId, KZT(30_000)), paymentId);
      const { payment, operation } = await inbox.take(3, 'success');
      assert.deepEqual(payment.sum, KZT(100_000));
      assert.deepEqual([operation.type, operation.status, operation.code], ['refund', 'decline', code]);
      assert.deepEqual(operation.sum_initial, KZT(30_000));
      const status = await merchant.status(paymentId);
      assert.equal(status.payment.status, 'success');
      assert.deepEqual(status.payment.sum, KZT(100_000));
      assert.deepEqual(await stage.operator.moved(paymentId), [100_000]);
    });
  }

  for (const [phone, what] of [
    ['77000000504', 'whose answer is lost'],
    ['77000000506', 'that comes late'],
  ] as const) {
    test(`${what} is made once`, async () => {
      const { paymentId, inbox } = await stage.paid({ phone });
      await taken(stage.merchant.refund(paymentId), paymentId);
      const processing = await stage.merchant.status(paymentId);
      assert.equal(processing.payment.status, 'success');
      assert.equal(processing.operations[1]?.status, 'processing');
      assert.equal(processing.operations[1]?.code, '9999');
      const refunded = await inbox.take(3, 'refunded', 30_000);
      assert.deepEqual(refunded.payment.sum, KZT(0));
      assert.deepEqual(await stage.operator.moved(paymentId), [100_000, -100_000]);
    });
  }

  test('is refused where sum, currency or state do not allow it, and nothing is returned', async () => {
    const { merchant, operator } = stage;
    const { paymentId } = await stage.paid();
    await refused(merchant.refund(paymentId, KZT(100_001)), '3283 payment.amount maximum');
    await refused(merchant.refund(paymentId, { amount: 5, currency: 'USD' }), '3284 payment.currency equal');
    await refused(merchant.refund(paymentId, { currency: 'USD' }), '3284 payment.currency equal');
    await refused(merchant.refund(paymentId, { amount: 5 }), '3287 payment.currency required');
    await refused(merchant.refund(newPaymentId(), KZT(5)), '3061 general.payment_id exists');
    const unpaid = await stage.awaitingCode();
    await refused(merchant.refund(unpaid.paymentId), '3060 general.payment_id status');
    assert.deepEqual(await operator.moved(paymentId), [100_000]);
    assert.equal((await merchant.status(paymentId)).operations.length, 1);
  });

  test('with a merchant_refund_id can be repeated, and carries it back', async () => {
    const { merchant } = stage;
    const { paymentId, inbox } = await stage.paid();
    const wish = { ...KZT(10_000), merchant_refund_id: 'r-1' };
    const first = await merchant.refund(paymentId, wish);
    await taken(first, paymentId);
    const told = await inbox.take(3, 'partially refunded');
    assert.equal(told.payment.merchant_refund_id, 'r-1');
    const again = await merchant.refund(paymentId, wish);
    assert.equal(again.text, first.text);
    await refused(merchant.refund(paymentId, { ...wish, amount: 10_001 }), '3230 payment.merchant_refund_id unique');
    await taken(merchant.refund(paymentId, { ...wish, merchant_refund_id: 'r-2' }), paymentId);
    const second = await inbox.take(4, 'partially refunded');
    assert.deepEqual(second.payment.sum, KZT(80_000));
    assert.deepEqual(await stage.operator.moved(paymentId), [100_000, -10_000, -10_000]);
  });

  test('without an id that equals one in work gets that one’s answer; after its end it is a new one', async () => {
    const { merchant } = stage;
    const { paymentId, inbox } = await stage.paid({ phone: '77000000506' });
    const first = await merchant.refund(paymentId, KZT(10_000));
    assert.equal((await merchant.refund(paymentId, KZT(10_000))).text, first.text);
    const other = await merchant.refund(paymentId, KZT(20_000));
    assert.notEqual(other.json.request_id, first.json.request_id);
    await inbox.take(4, 'partially refunded');
    const third = await merchant.refund(paymentId, KZT(10_000));
    assert.notEqual(third.json.request_id, first.json.request_id);
    const last = await inbox.take(5, 'partially refunded');
    assert.deepEqual(last.payment.sum, KZT(60_000));
  });

  test('never returns more than was paid, a hundred at once', async () => {
    const { merchant, operator } = stage;
    const { paymentId, inbox } = await stage.paid();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        merchant.refund(paymentId, { ...KZT(3_000), merchant_refund_id: `r-${at}` }),
      ),
    );
    const yes = answers.filter((answer) => answer.status === 200);
    assert.equal(yes.length, 33);
    for (const no of answers.filter((answer) => answer.status !== 200)) {
      await refused(no, '3283 payment.amount maximum');
    }
    await inbox.take(2 + 33, 'partially refunded', 30_000);
    const returned = (await operator.moved(paymentId)).slice(1);
    assert.deepEqual(
      returned,
      Array.from({ length: 33 }, () => -3_000),
    );
    const { payment, operations } = await merchant.status(paymentId);
    assert.deepEqual(payment.sum, KZT(1_000));
    assert.equal(operations.length, 34);
    const lefts = inbox.received.slice(2).map((one) => one.body.payment.sum.amount);
    assert.deepEqual(
      lefts,
      lefts.toSorted((a, b) => b - a),
      'what is left only shrinks',
    );
  });

  test('of a full sum a hundred times at once is one refund', async () => {
    const { merchant, operator } = stage;
    // Its refund is in work for ten seconds, so that all of them meet it.
    const { paymentId, inbox } = await stage.paid({ phone: '77000000504' });
    const body: Body = merchant.general(paymentId);
    const answers = await Promise.all(Array.from({ length: 100 }, () => merchant.send(paths.refund, body)));
    assert.equal(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size, 1);
    await inbox.take(3, 'refunded');
    assert.deepEqual(await operator.moved(paymentId), [100_000, -100_000]);
  });
});
