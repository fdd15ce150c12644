import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signMessage, verifyMessage } from '@rocketpay/contract/signature.ts';
import { sandbox } from '../testing/gate-bodies.ts';
import { buy, faultOf, postCode, postRefund, postSale, reachCode, requestIdOf } from '../testing/purchase.ts';
import { openPlatform, type Reply, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const path = '/v2/payment/status/request';

function ask(platform: TestPlatform, requestId: string, projectId = 1234, secret = sandbox.secret): Promise<Reply> {
  const body = { project_id: projectId, request_id: requestId };
  return platform.post(path, { ...body, signature: signMessage(body, secret) });
}

interface State {
  readonly general: { readonly payment_id: string; readonly signature: string };
  readonly request_id: string;
  readonly status: string;
  readonly payment: { readonly result_code: string };
  readonly transaction: { readonly type: string };
  readonly sum_request: { readonly amount: number };
  readonly sum_real: { readonly amount: number };
  readonly sum_refund: { readonly amount: number };
  readonly operations: readonly { readonly type: string; readonly status: string }[];
}

function stateOf(reply: Reply): State {
  assert.equal(reply.status, 200, reply.text);
  return JSON.parse(reply.text) as State;
}

test('a sale and each refund are found by the request id of their answers', async () => {
  const platform = await openPlatform(pool());
  const sale = requestIdOf(await postSale(platform, 'Order-1'));
  await platform.idle();
  const waiting = stateOf(await ask(platform, sale));
  assert.deepEqual(
    [waiting.status, waiting.general.payment_id, waiting.request_id, waiting.sum_real.amount],
    ['awaiting clarification', 'Order-1', sale, 0],
  );
  assert.ok(verifyMessage(waiting, waiting.general.signature, sandbox.secret));

  await buy(platform, 'Order-2');
  const refund = requestIdOf(await postRefund(platform, 'Order-2', { amount: 40_000, currency: 'KZT' }));
  await platform.idle();
  const refunded = stateOf(await ask(platform, refund));
  assert.deepEqual(
    [refunded.status, refunded.transaction.type, refunded.payment.result_code],
    ['partially refunded', 'refund', '0'],
  );
  assert.deepEqual(
    [refunded.sum_request.amount, refunded.sum_real.amount, refunded.sum_refund.amount],
    [40_000, 100_000, 40_000],
  );
  assert.deepEqual(
    refunded.operations.map(({ type, status }) => `${type} ${status}`),
    ['sale success', 'refund success'],
  );
});

test('what is not a sale’s or refund’s request of the project is 404', async () => {
  const platform = await openPlatform(pool());
  await reachCode(platform, 'order-1');
  const known = (await platform.payments.find({ projectId: 1234, paymentKey: 'order-1' }))?.sales[0]?.requestId ?? '';
  const code = requestIdOf(await postCode(platform, 'order-1'));
  const other = await platform.projects.create({
    projectId: 77,
    name: 'another',
    callbackUrl: null,
    currencies: ['KZT'],
    by: 'test',
  });
  assert.ok(other);
  platform.clock.advance(5_000);
  for (const reply of [
    await ask(platform, 'no-such-request'),
    await ask(platform, code),
    await ask(platform, known, 77, other.secret),
  ]) {
    assert.equal(faultOf(reply), '404 3061');
  }
  assert.equal((await ask(platform, known)).status, 200);
});

test('it is signed at the root, and takes nothing else there', async () => {
  const platform = await openPlatform(pool());
  assert.equal(faultOf(await ask(platform, 'x', 1234, 'wrong')), '400 3261 signature signature');
  assert.equal(
    faultOf(await platform.post(path, { project_id: 1234, request_id: 'x' })),
    '400 3262 signature required',
  );
  const body = { project_id: 1234, request_id: 'x', payment_id: 'order-1' };
  const signature = signMessage(body, sandbox.secret);
  assert.equal(faultOf(await platform.post(path, { ...body, signature })), '400 702 payment_id unknown');
});
