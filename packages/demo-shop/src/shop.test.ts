import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accept,
  callback,
  codeWanted,
  operation,
  payment,
  refuse,
  signed,
  startFakeGate,
  webhookHeaders,
  type GateScript,
} from './testing/fake-gate.ts';
import { openShop, purchase } from './testing/open-shop.ts';

const id = purchase.payment_id;
const refundCallback = (requestId: string, amount: number, leftMinor: number, status = 'success'): string =>
  callback({
    id,
    status: status === 'success' ? (leftMinor === 0 ? 'refunded' : 'partially refunded') : 'success',
    leftMinor,
    operation: {
      id: 48,
      type: 'refund',
      status,
      request_id: requestId,
      sum_initial: { amount, currency: 'KZT' },
      ...(status === 'decline' && { code: '3028', message: 'Insufficient funds on merchant balance' }),
    },
  });

test('a purchase: asked, code wrong, code right, paid', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  assert.equal((await shop.post('/buy', purchase)).status, 200);
  const sale = gate.calls[0]?.body;
  assert.deepEqual(
    [sale?.['account'], sale?.payment],
    [{ number: '77011234567' }, { amount: 120_000, currency: 'KZT', description: 'Flat white' }],
  );

  assert.equal(await shop.deliver(codeWanted(id)), 200);
  await shop.post(`/orders/${id}/code`, { code: ' 111111 ' });
  assert.deepEqual(gate.calls[1]?.body['additional_data'], { additional_data: { approval_code: '111111' } });
  await shop.deliver(codeWanted(id, { reason: 'code_wrong', attempts_left: 4 }));
  const [asked] = await shop.orders();
  assert.deepEqual(
    [asked?.status, asked?.clarification_info],
    ['awaiting clarification', { reason: 'code_wrong', attempts_left: 4 }],
  );

  await shop.deliver(callback({ id, status: 'success' }));
  const [paid] = await shop.orders();
  assert.deepEqual([paid?.status, paid?.operator, paid?.clarification_info], ['success', 'KCELL', undefined]);
  assert.deepEqual(
    paid?.callbacks.map((one) => one.kind),
    ['code_wanted', 'code_wanted', 'succeeded'],
  );
});

test('the same form twice is one purchase', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await Promise.all([shop.post('/buy', purchase), shop.post('/buy', purchase)]);
  assert.deepEqual([gate.calls.length, (await shop.orders()).length], [1, 1]);
});

test('a callback counts only with the headers of the platform, and not when it is old', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const body = callback({ id, status: 'success' });
  const { 'webhook-timestamp': _now, ...timeless } = webhookHeaders(body);
  assert.equal(await shop.deliver(body, {}), 400);
  assert.equal(await shop.deliver(body, webhookHeaders(body, Buffer.from('another key of 24 bytes.'))), 400);
  assert.equal(await shop.deliver(body, { ...timeless, 'webhook-timestamp': '1700000000' }), 400);
  assert.deepEqual(await shop.orders(), []);
  assert.equal(await shop.deliver(body), 200);
});

test('equal bytes count once, and forged ones not at all', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const body = callback({ id: 'curl-1', status: 'success' });
  assert.deepEqual([await shop.deliver(body), await shop.deliver(body)], [200, 200]);
  assert.equal(await shop.deliver(body.replace('120000', '1')), 400);
  assert.equal(await shop.deliver('{}'), 400);
  assert.equal(await shop.deliver(signed({ project_id: 1, payment: payment({ id: 'x', status: 'success' }) })), 400);
  const orders = await shop.orders();
  assert.deepEqual(
    orders.map((order) => [order.payment_id, order.started_here, order.callbacks]),
    [['curl-1', false, [{ ...orders[0]?.callbacks[0], kind: 'succeeded', times: 2 }]]],
  );
  const kept = (await shop.http.inject('/callbacks')).json<{ body: string }[]>();
  assert.deepEqual(
    kept.map((one) => one.body),
    [body],
  );
});

test('a payment once finished is not opened again by a late callback', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await shop.deliver(callback({ id, status: 'success' }));
  await shop.deliver(codeWanted(id));
  assert.equal((await shop.orders())[0]?.status, 'success');
});

test('a refused sale says why and is not asked about again', async () => {
  await using gate = await startFakeGate(refuse('3023', 'Provided currency disabled for Project ID'));
  await using shop = openShop(gate.url);
  await shop.post('/buy', purchase);
  const [order] = await shop.orders();
  assert.deepEqual(
    [order?.status, order?.problem],
    ['not accepted', 'Provided currency disabled for Project ID (code 3023)'],
  );
  shop.pass(3_600_000);
  await shop.shop.checkDue();
  assert.equal(gate.calls.length, 1);
});

test('a code refused by the platform is told at the order and forgotten with the next news', async () => {
  const script: GateScript = (call, count) =>
    call.path.endsWith('resend')
      ? refuse('3060', 'A new code may be asked for in 42 s')(call, count)
      : accept(call, count);
  await using gate = await startFakeGate(script);
  await using shop = openShop(gate.url);
  await shop.post('/buy', purchase);
  await shop.deliver(codeWanted(id));
  const { json } = await shop.post(`/orders/${id}/resend`, {});
  assert.match(json.card?.html ?? '', /in 42 s \(code 3060\)/);
  await shop.deliver(codeWanted(id, { reason: 'code_resent' }));
  assert.equal((await shop.orders())[0]?.problem, undefined);
});

test('parts and the rest are refunded, each form once', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await shop.deliver(callback({ id, status: 'success' }));
  const part = { amount: '300.50', refund_id: 'shop-refund-1' };
  await Promise.all([shop.post(`/orders/${id}/refund`, part), shop.post(`/orders/${id}/refund`, part)]);
  assert.deepEqual(
    gate.calls.map((call) => call.body.payment),
    [{ amount: 30_050, currency: 'KZT', merchant_refund_id: 'shop-refund-1' }],
  );
  await shop.deliver(refundCallback('request-1', 30_050, 89_950));
  const { json } = await shop.post(`/orders/${id}/refund`, { amount: '899.50', refund_id: 'shop-refund-2' });
  assert.deepEqual(gate.calls[1]?.body.payment, { merchant_refund_id: 'shop-refund-2' });
  assert.ok(!json.card?.html.includes('/refund"'));
  await shop.deliver(refundCallback('request-2', 89_950, 0));
  const [order] = await shop.orders();
  assert.deepEqual(
    [order?.status, order?.sum.amount, order?.refunds.map((one) => [one.state, one.amount])],
    [
      'refunded',
      0,
      [
        ['done', 30_050],
        ['done', 89_950],
      ],
    ],
  );
});

test('a declined refund leaves the payment as it was', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await shop.deliver(callback({ id, status: 'success' }));
  await shop.post(`/orders/${id}/refund`, { amount: '100', refund_id: 'shop-refund-1' });
  await shop.deliver(refundCallback('request-1', 10_000, 120_000, 'decline'));
  const [order] = await shop.orders();
  assert.deepEqual([order?.status, order?.sum.amount, order?.refunds[0]?.state], ['success', 120_000, 'declined']);
});

test('a refund callback that overtakes the answer is still one refund', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await shop.deliver(callback({ id, status: 'success' }));
  const asked = shop.post(`/orders/${id}/refund`, { amount: '100', refund_id: 'shop-refund-1' });
  const early = refundCallback('request-1', 10_000, 110_000);
  shop.shop.takeCallback(Buffer.from(early), webhookHeaders(early));
  await asked;
  const [order] = await shop.orders();
  assert.deepEqual(
    order?.refunds.map((one) => [one.merchant_refund_id, one.state]),
    [['shop-refund-1', 'done']],
  );
});

test('when no callback comes, the status is asked for after 30 s, then later and later', async () => {
  const told = { id, status: 'processing' };
  const script: GateScript = (call, count) =>
    call.path !== '/v2/payment/status'
      ? accept(call, count)
      : {
          httpStatus: 200,
          body: signed({
            project_id: 1234,
            payment: payment(told),
            operations: [operation(told.status)],
            account: { number: '77011234567', type: 'ACTIV' },
          }),
        };
  await using gate = await startFakeGate(script);
  await using shop = openShop(gate.url);
  const asked = async (afterMs: number): Promise<number> => {
    shop.pass(afterMs);
    await shop.shop.checkDue();
    return gate.calls.filter((call) => call.path === '/v2/payment/status').length;
  };
  await shop.post('/buy', purchase);
  assert.deepEqual([await asked(29_999), await asked(1), await asked(59_999)], [0, 1, 1]);
  told.status = 'success';
  assert.deepEqual([await asked(1), await asked(3_600_000)], [2, 2]);
  const [order] = await shop.orders();
  assert.deepEqual([order?.status, order?.operator, order?.callbacks], ['success', 'ACTIV', []]);
});

test('a sale whose answer was lost and that never arrived ends as not accepted', async () => {
  const unknown = JSON.stringify({
    payment: { status: 'error' },
    errors: [{ code: '3061', message: 'Transaction not found' }],
  });
  await using gate = await startFakeGate((call) =>
    call.path.endsWith('status') ? { httpStatus: 200, body: unknown } : undefined,
  );
  await using shop = openShop(gate.url);
  await shop.post('/buy', purchase);
  assert.equal((await shop.orders())[0]?.status, 'sending');
  shop.pass(30_000);
  await shop.shop.checkDue();
  assert.equal((await shop.orders())[0]?.status, 'not accepted');
});

test('a refund whose answer was lost is asked for again under the same id', async () => {
  let isUp = false;
  await using gate = await startFakeGate((call, count) => (isUp ? accept(call, count) : undefined));
  await using shop = openShop(gate.url);
  await shop.deliver(callback({ id, status: 'success' }));
  await shop.post(`/orders/${id}/refund`, { amount: '100', refund_id: 'shop-refund-1' });
  assert.equal((await shop.orders())[0]?.refunds[0]?.state, 'sending');
  isUp = true;
  shop.pass(30_000);
  await shop.shop.checkDue();
  assert.equal((await shop.orders())[0]?.refunds[0]?.state, 'taken');
  const refunds = gate.calls.filter((call) => call.path.endsWith('refund')).map((call) => JSON.stringify(call.body));
  assert.equal(new Set(refunds).size, 1);
});
