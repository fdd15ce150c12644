import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Body } from '../testing/gate-bodies.ts';
import { buy, faultOf, postRefund, requestIdOf, statusOf } from '../testing/purchase.ts';
import { idOf } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const kzt = (amount: number, more: Body = {}): Body => ({ amount, currency: 'KZT', ...more });
const accepted = { kind: 'found', finding: { status: 'in_work', providerRefundId: 're-1' } } as const;

async function heldOf(platform: TestPlatform, id: string): Promise<{ held: number; refunded: number }> {
  const payment = await platform.store.load({ projectId: 1234, paymentKey: id });
  return { held: payment?.heldMinor ?? -1, refunded: payment?.refundedMinor ?? -1 };
}

test('partial refunds add up, and the callbacks say what is left', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  for (const [amount, left, status] of [
    [30_000, 70_000, 'partially refunded'],
    [20_000, 50_000, 'partially refunded'],
    [50_000, 0, 'refunded'],
  ] as const) {
    const requestId = requestIdOf(
      await postRefund(platform, 'order-1', kzt(amount, { merchant_refund_id: `r-${left}` })),
    );
    await platform.idle();
    const { payment, operation } = platform.merchant.last();
    assert.deepEqual([payment.status, payment.sum.amount, payment.merchant_refund_id], [status, left, `r-${left}`]);
    assert.deepEqual(
      [operation.type, operation.status, operation.code, operation.sum_initial.amount],
      ['refund', 'success', '0', amount],
    );
    assert.equal(operation.request_id, requestId);
  }
  assert.equal(
    await statusOf(platform, 'order-1'),
    'refunded 0, sale success 0, refund success 0, refund success 0, refund success 0',
  );
  assert.equal(faultOf(await postRefund(platform, 'order-1', kzt(1))), '400 3283 payment.amount maximum');
});

test('without an amount all that is left is returned, and no refund id is told where none was given', async (t) => {
  for (const [name, payment] of [
    ['no payment', undefined],
    ['a currency alone', { currency: 'KZT' }],
    ['a description alone', { description: 'Sorry' }],
  ] as const) {
    await t.test(name, async () => {
      const platform = await openPlatform(pool());
      await buy(platform, 'order-1');
      requestIdOf(await postRefund(platform, 'order-1', kzt(1)));
      await platform.idle();
      requestIdOf(await postRefund(platform, 'order-1', payment));
      await platform.idle();
      assert.equal(platform.provider.lastRefund().sum.amountMinor, 99_999);
      assert.equal(platform.merchant.story().at(-1), 'refunded / refund success 0');
      assert.ok(!('merchant_refund_id' in platform.merchant.last().payment));
    });
  }
});

test('the operator gets the payment’s id, the sum and a correlator of the refund’s own', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  requestIdOf(await postRefund(platform, 'order-1', kzt(5, { description: 'Broken' })));
  await platform.idle();
  const prepared = platform.provider.lastPrepare();
  const { providerPaymentId, correlator, reference, sum, reason } = platform.provider.lastRefund();
  assert.deepEqual(
    [providerPaymentId, reference, sum, reason],
    [idOf(prepared), 'order-1', { amountMinor: 5, currency: 'KZT' }, 'Broken'],
  );
  assert.notEqual(correlator, prepared.correlator);
});

test('the sum is set aside with the acceptance, before the operator is asked', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  let atTheCall = {};
  platform.provider.answerNext('refund', async () => {
    atTheCall = await heldOf(platform, 'order-1');
    return accepted;
  });
  requestIdOf(await postRefund(platform, 'order-1', kzt(60_000)));
  await platform.idle();
  assert.deepEqual(atTheCall, { held: 60_000, refunded: 0 });
  assert.equal(await statusOf(platform, 'order-1'), 'success 100000, sale success 0, refund processing 9999');
  assert.equal(faultOf(await postRefund(platform, 'order-1', kzt(40_001))), '400 3283 payment.amount maximum');
});

test('a hundred refunds at once return no more than was paid, through two processes too', async () => {
  const platform = await openPlatform(pool());
  const other = await platform.twin();
  await buy(platform, 'order-1');
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, turn) =>
      postRefund(turn % 2 === 0 ? platform : other, 'order-1', kzt(7_000, { merchant_refund_id: `r-${turn}` })),
    ),
  );
  await Promise.all([platform.idle(), other.idle()]);
  const taken = replies.filter(({ status }) => status === 200);
  assert.equal(taken.length, 14);
  const refused = new Set(replies.filter(({ status }) => status !== 200).map(faultOf));
  assert.deepEqual(refused, new Set(['400 3283 payment.amount maximum']));
  assert.equal(platform.provider.news().filter((name) => name === 'refund').length, 14);
  assert.deepEqual(await heldOf(platform, 'order-1'), { held: 0, refunded: 98_000 });
});

test('a hundred equal refunds at once without an id are one', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const held = platform.provider.hold('refund');
  const replies = await Promise.all(Array.from({ length: 100 }, () => postRefund(platform, 'order-1', kzt(1_000))));
  assert.equal(new Set(replies.map(requestIdOf)).size, 1);
  await held.arrived;
  held.answer({ kind: 'found', finding: { status: 'succeeded' } });
  await platform.idle();
  assert.deepEqual(await heldOf(platform, 'order-1'), { held: 0, refunded: 1_000 });
  // Once it is finished the same request is another refund.
  requestIdOf(await postRefund(platform, 'order-1', kzt(1_000)));
  await platform.idle();
  assert.deepEqual(await heldOf(platform, 'order-1'), { held: 0, refunded: 2_000 });
});

test('a hundred equal refunds at once under one id are one', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const payment = kzt(1_000, { merchant_refund_id: 'r-1' });
  const replies = await Promise.all(Array.from({ length: 100 }, () => postRefund(platform, 'order-1', payment)));
  await platform.idle();
  assert.equal(new Set(replies.map(requestIdOf)).size, 1);
  assert.deepEqual(await heldOf(platform, 'order-1'), { held: 0, refunded: 1_000 });
});

test('a refund the operator denies frees its sum and leaves status and sum as they were', async (t) => {
  for (const [reason, code] of [
    ['merchant_balance', '3028'],
    ['refund_window_over', '3610'],
    ['unknown_reason', '20100'],
    [undefined, '20000'],
  ] as const) {
    await t.test(reason ?? 'without a reason', async () => {
      const platform = await openPlatform(pool());
      await buy(platform, 'order-1');
      platform.provider.answerNext('refund', {
        kind: 'found',
        finding: { status: 'denied', ...(reason && { reason }) },
      });
      requestIdOf(await postRefund(platform, 'order-1', kzt(100_000, { merchant_refund_id: 'r-1' })));
      await platform.idle();
      const { payment, operation } = platform.merchant.last();
      assert.deepEqual([payment.status, payment.sum.amount, payment.merchant_refund_id], ['success', 100_000, 'r-1']);
      assert.deepEqual([operation.type, operation.status, operation.code], ['refund', 'decline', code]);
      assert.deepEqual(await heldOf(platform, 'order-1'), { held: 0, refunded: 0 });
      requestIdOf(await postRefund(platform, 'order-1'));
      await platform.idle();
      assert.match(await statusOf(platform, 'order-1'), /^refunded 0/);
    });
  }
});
