import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from './test-kit/stage.ts';
import type { Body } from './test-kit/stage.ts';

test('partial refunds add up to what was paid and never beyond', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare();
  const tooSoon = await purchase.refund(1, 'r0');
  assert.equal(tooSoon.body['code'], 'CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS');
  await purchase.pay();

  const first = await purchase.refund(300.25, 'r1');
  assert.deepEqual([first.status, first.body['refundStatus']], [201, 'succeeded']);
  assert.equal(await purchase.remaining(), 699.75);
  const repeated = await purchase.refund(300.25, 'r1');
  assert.deepEqual([repeated.status, repeated.body['code']], [400, 'INVALID_ARGUMENT']);
  const over = await purchase.refund(699.76, 'r2');
  assert.deepEqual(
    [over.status, over.body['code'], over.body['denialCode']],
    [422, 'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT', 'over_refund'],
  );
  assert.equal((await purchase.refund(undefined, 'r3')).body['denialCode'], 'over_refund');
  assert.equal((await purchase.refund(699.75, 'r4')).status, 201);
  assert.equal(await purchase.remaining(), 0);

  const listed = await world.call('GET', purchase.refundPath);
  const correlators = (JSON.parse(listed.text) as Body[]).map(
    (refund) => (refund['amountTransaction'] as Body)['clientCorrelator'],
  );
  assert.deepEqual(correlators, ['r4', 'r1']);
  const one = await world.call('GET', `${purchase.refundPath}/${String(first.body['refundId'])}`);
  assert.deepEqual(one.body, first.body);
  assert.equal((await world.call('GET', `${purchase.refundPath}/nobody`)).status, 404);
  assert.deepEqual(
    (await world.ledger(`?reference=${purchase.reference}`)).map((entry) => [
      entry['kind'],
      entry['correlator'],
      entry['amount'],
    ]),
    [
      ['charge', 'correlator-1', 100_000],
      ['refund', 'r1', 30_025],
      ['refund', 'r4', 69_975],
    ],
  );
});

test('a hundred refunds at once return no more than was paid', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare();
  await purchase.pay();
  const asked = Array.from({ length: 100 }, (_, index) => purchase.refund(30, `r${index}`));
  const made = (await Promise.all(asked)).filter(({ status }) => status === 201);
  assert.equal(made.length, 33);
  assert.equal(await purchase.remaining(), 10);
});

test('a total refund leaves nothing', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare();
  await purchase.pay();
  assert.equal((await purchase.refund(undefined, 'all')).body['type'], 'total');
  assert.equal(await purchase.remaining(), 0);
  assert.equal((await world.ledger('?reference=payment_2')).length, 0);
});

test('a processing refund holds its sum; denied, it gives it back', async (t) => {
  const world = await setStage(t);
  const purchase = await world.prepare('77000000501');
  await purchase.pay();
  const { body } = await purchase.refund(400, 'r1');
  assert.equal(body['refundStatus'], 'processing');
  assert.equal(await purchase.remaining(), 600);
  world.clock.advance(1000);
  await world.sink.until(2);
  const notice = world.sink.received.find(({ event }) => event.type.endsWith('refund-denied'));
  assert.equal(notice?.event.data['denialCode'], 'refund_failed');
  assert.equal(notice?.event.data['refundId'], body['refundId']);
  assert.equal(notice?.event.data['clientCorrelator'], 'r1');
  assert.equal(await purchase.remaining(), 1000);
  assert.equal((await world.ledger()).length, 1);
});
