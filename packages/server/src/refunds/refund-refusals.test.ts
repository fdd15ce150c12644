import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paths, signed, type Body } from '../testing/gate-bodies.ts';
import {
  buy,
  faultOf,
  postRefund,
  postSale,
  reachCode,
  reachConfirming,
  requestIdOf,
  statusOf,
} from '../testing/purchase.ts';
import { openPlatform, type Reply } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const kzt = (amount: number, more: Body = {}): Body => ({ amount, currency: 'KZT', ...more });
const bothPaths = [paths.refund, '/v2/payment/refund'];

const refusals: readonly (readonly [string, Body, string])[] = [
  ['more than was paid', { payment: kzt(100_001) }, '400 3283 payment.amount maximum'],
  ['another currency', { payment: { amount: 1, currency: 'USD' } }, '400 3284 payment.currency equal'],
  ['another currency, given alone', { payment: { currency: 'USD' } }, '400 3284 payment.currency equal'],
  ['an amount without its currency', { payment: { amount: 1 } }, '400 3287 payment.currency required'],
  ['an amount of nothing', { payment: kzt(0) }, '400 502 payment.amount minimum'],
];

test('a refund that cannot be is refused on both paths, asks nobody and changes nothing', async (t) => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  platform.provider.news();
  for (const [name, body, fault] of refusals) {
    await t.test(name, async () => {
      for (const path of bothPaths) assert.equal(faultOf(await platform.post(path, signed('order-1', body))), fault);
    });
  }
  await platform.idle();
  assert.deepEqual(platform.provider.news(), []);
  assert.equal(await statusOf(platform, 'order-1'), 'success 100000, sale success 0');
});

test('what is left is said where more is asked for', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  requestIdOf(await postRefund(platform, 'order-1', kzt(99_000)));
  await platform.idle();
  const reply = await postRefund(platform, 'order-1', kzt(1_001));
  assert.equal(faultOf(reply), '400 3283 payment.amount maximum');
  assert.match((JSON.parse(reply.text) as { message: string }).message, /1000/);
  requestIdOf(await postRefund(platform, 'order-1', kzt(1_000)));
  await platform.idle();
  assert.equal(faultOf(await postRefund(platform, 'order-1')), '400 3060 general.payment_id status');
});

test('a payment that was not paid has nothing to refund', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'waiting');
  await reachConfirming(platform, 'confirming');
  requestIdOf(await postSale(platform, 'declined', { account: { number: '12345' } }));
  for (const id of ['waiting', 'confirming', 'declined']) {
    assert.equal(faultOf(await postRefund(platform, id)), '400 3060 general.payment_id status', id);
  }
});

test('a missing payment and another project’s look alike', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const made = await platform.projects.create({
    projectId: 77,
    name: 'Other',
    callbackUrl: null,
    currencies: ['KZT'],
    by: 'test',
  });
  await platform.pass(1_000);
  const other = { projectId: 77, secret: made?.secret ?? '' };
  const foreign: Reply = await platform.post(paths.refund, signed('order-1', {}, other));
  const missing: Reply = await platform.post(paths.refund, signed('order-2', {}, other));
  assert.equal(faultOf(foreign), '400 3061 general.payment_id exists');
  assert.deepEqual([foreign.status, foreign.text], [missing.status, missing.text]);
  await platform.idle();
  assert.equal(await statusOf(platform, 'order-1'), 'success 100000, sale success 0');
});

test('refunds switched off for the project are 310, a few seconds after the switch', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  await pool().query('UPDATE projects SET refunds_enabled = false WHERE project_id = 1234');
  platform.clock.advance(5_000);
  assert.equal(faultOf(await postRefund(platform, 'order-1')), '400 310 general.project_id allowed');
});

test('refunds switched off for the payer’s operator are 3610, for another they are not', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  await pool().query(`UPDATE operators SET refunds_enabled = (operator_id <> 'TELE2')`);
  await platform.operators.refresh();
  assert.equal(faultOf(await postRefund(platform, 'order-1')), '400 3610 general.payment_id refundable');
  await pool().query(`UPDATE operators SET refunds_enabled = (operator_id <> 'BEELINE')`);
  await platform.operators.refresh();
  requestIdOf(await postRefund(platform, 'order-1'));
  await platform.idle();
});

test('an equal refund within the project’s window is 3285 and says when one may be made, on both paths', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  await pool().query('UPDATE projects SET refund_repeat_window_ms = 60000 WHERE project_id = 1234');
  await platform.pass(1_000);
  requestIdOf(await postRefund(platform, 'order-1', kzt(10_000)));
  await platform.pass(10_000);
  const again = { payment: kzt(10_000, { description: 'the second click' }) };
  for (const path of bothPaths) {
    const reply = await platform.post(path, signed('order-1', again));
    assert.equal(faultOf(reply), '400 3285 payment.amount interval');
    const { message } = JSON.parse(reply.text) as { message: string };
    assert.match(message, /^Cannot make refund because of timeout block for repeat refund: .* from \d{4}-.*\+0000 on$/);
  }
  requestIdOf(await postRefund(platform, 'order-1', kzt(10_001)));
  await platform.pass(50_000);
  requestIdOf(await postRefund(platform, 'order-1', kzt(10_000)));
  await platform.idle();
  assert.equal(
    await statusOf(platform, 'order-1'),
    'partially refunded 69999, sale success 0, refund success 0, refund success 0, refund success 0',
  );
});

test('a merchant’s refund id names one refund of its payment', async (t) => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  await buy(platform, 'order-2');
  const first = requestIdOf(await postRefund(platform, 'order-1', kzt(100, { merchant_refund_id: 'r-1' })));
  await platform.idle();
  await t.test('the same body gets the first answer, on either path, also when it is done', async () => {
    for (const path of bothPaths) {
      const reply = await platform.post(path, signed('order-1', { payment: kzt(100, { merchant_refund_id: 'r-1' }) }));
      assert.equal(requestIdOf(reply), first);
    }
  });
  await t.test('another body is refused', async () => {
    const reply = await postRefund(platform, 'order-1', kzt(101, { merchant_refund_id: 'r-1' }));
    assert.equal(faultOf(reply), '400 3230 payment.merchant_refund_id unique');
  });
  await t.test('another payment may use it', async () => {
    assert.notEqual(requestIdOf(await postRefund(platform, 'order-2', kzt(100, { merchant_refund_id: 'r-1' }))), first);
  });
  await platform.idle();
  assert.equal(platform.provider.news().filter((name) => name === 'refund').length, 2);
});
