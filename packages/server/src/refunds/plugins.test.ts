import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyMessage } from '@rocketpay/contract/signature.ts';
import { sandbox, signed, type Body } from '../testing/gate-bodies.ts';
import { buy, faultOf, requestIdOf } from '../testing/purchase.ts';
import { openPlatform, type Reply, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

/** How a shop plugin asks for a refund, by its published source: what it sends, and where to. */
interface Plugin {
  readonly path: string;
  readonly body: Body;
  readonly amountMinor: number;
}

const callbackUrl = { merchant_callback_url: 'https://shop.example/?wc-api=callback&mode=1' };
const plugins: Readonly<Record<string, Plugin>> = {
  'WooCommerce: an id of its own for the refund': {
    path: '/v2/payment/mobile/refund',
    body: {
      general: callbackUrl,
      payment: { amount: 40_000, currency: 'KZT', description: 'Возврат: размер/цвет', merchant_refund_id: '1234_1' },
      interface_type: { id: 18 },
    },
    amountMinor: 40_000,
  },
  'Magento: the address of whoever clicked': {
    path: '/v2/payment/mobile/refund',
    body: {
      general: callbackUrl,
      customer: { ip_address: '203.0.113.9' },
      payment: { amount: 40_000, currency: 'KZT', description: 'User 1 create refund' },
      interface_type: { id: 13 },
    },
    amountMinor: 40_000,
  },
  'PrestaShop: the card’s path for every method, and an empty description': {
    path: '/v2/payment/card/refund',
    body: {
      general: callbackUrl,
      payment: { amount: 40_000, currency: 'KZT', description: '' },
      interface_type: { id: 17 },
    },
    amountMinor: 40_000,
  },
  'Salesforce Commerce Cloud: a currency without an amount, for all that is left': {
    path: '/v2/payment/refund',
    body: {
      general: callbackUrl,
      payment: { currency: 'KZT', description: 'Returned' },
      interface_type: { id: 4_000 },
    },
    amountMinor: 100_000,
  },
  'commercetools: the neutral path': {
    path: '/v2/payment/refund',
    body: {
      general: callbackUrl,
      payment: { amount: 40_000, currency: 'KZT', description: 'User a-b create refund' },
      interface_type: { id: 33 },
    },
    amountMinor: 40_000,
  },
};

/** JSON as PHP writes it: slashes and everything beyond ASCII escaped. */
const phpJson = (body: object): string =>
  JSON.stringify(body)
    .replaceAll('/', String.raw`\/`)
    .replaceAll(/[^ -~]/g, (char) => String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

const send = (platform: TestPlatform, { path, body }: Plugin, id: string): Promise<Reply> =>
  platform.post(path, phpJson(signed(id, body)), { accept: 'application/json' });

for (const [name, plugin] of Object.entries(plugins)) {
  test(name, async () => {
    const platform = await openPlatform(pool());
    await buy(platform, 'Order-1');
    const reply = await send(platform, plugin, 'Order-1');
    const requestId = requestIdOf(reply);
    await platform.idle();

    // What each of them waits for: the callback whose operation has the answer's request id, signed at the root.
    const told = platform.merchant.received.filter(({ body }) => body.operation.request_id === requestId);
    assert.equal(told.length, 1);
    const [{ body } = assert.fail('told above')] = told;
    assert.ok(verifyMessage(body, body.signature, sandbox.secret));
    assert.equal(body.operation.sum_initial.amount, plugin.amountMinor);
    assert.equal(body.payment.sum.amount, 100_000 - plugin.amountMinor);
    assert.equal(body.payment.status, plugin.amountMinor === 100_000 ? 'refunded' : 'partially refunded');
    assert.equal(body.payment.id, 'Order-1');
  });

  test(`${name}; refused, its answer is JSON with a status and a message`, async () => {
    const platform = await openPlatform(pool());
    const { status, text } = await send(platform, plugin, 'no-such-order');
    const body = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual([status, body['status'], body['message']], [400, 'error', 'Transaction not found']);
    assert.equal(body['request_id'], undefined);
  });
}

test('a currency alone after a part was refunded asks for the rest, and for nothing once all is back', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const part = { path: '/v2/payment/refund', body: { payment: { amount: 30_000, currency: 'KZT' } }, amountMinor: 1 };
  const rest = { ...part, body: { payment: { currency: 'KZT' } } };
  requestIdOf(await send(platform, part, 'order-1'));
  await platform.idle();
  requestIdOf(await send(platform, rest, 'order-1'));
  await platform.idle();
  assert.equal(platform.provider.lastRefund().sum.amountMinor, 70_000);
  assert.equal(platform.merchant.last().payment.status, 'refunded');
  assert.match(faultOf(await send(platform, rest, 'order-1')), /^400 3060/);
});

test('a currency that is not the payment’s is 3284, and an amount without one 3287', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const post = async (payment: Body): Promise<string> =>
    faultOf(await platform.post('/v2/payment/refund', signed('order-1', { payment })));
  assert.match(await post({ currency: 'USD' }), /^400 3284 payment.currency/);
  assert.match(await post({ amount: 5 }), /^400 3287 payment.currency/);
});

test('a refused refund leaves the payment at success: what WooCommerce takes for its failure', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  platform.provider.answerNext('refund', {
    kind: 'found',
    finding: { status: 'denied', reason: 'merchant_balance' },
  });
  requestIdOf(await platform.post('/v2/payment/refund', signed('order-1')));
  await platform.idle();
  const { payment, operation } = platform.merchant.last();
  assert.deepEqual([payment.status, operation.status, operation.code], ['success', 'decline', '3028']);
});

test('WooCommerce asks for the status with its callback address and a destination', async () => {
  const platform = await openPlatform(pool());
  await buy(platform, 'order-1');
  const body = signed('order-1', { general: callbackUrl, destination: 'merchant' });
  const { status, text } = await platform.post('/v2/payment/status', phpJson(body));
  assert.equal(status, 200, text);
  assert.equal((JSON.parse(text) as { payment: { status: string } }).payment.status, 'success');
});
