import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accept, callback, refuse, signatureOf, startFakeGate } from './testing/fake-gate.ts';
import { openShop, purchase, type OpenShop, type PostAnswer } from './testing/open-shop.ts';

const id = purchase.payment_id;
const HOUR_MS = 3_600_000;

async function bought(shop: OpenShop, way: string): Promise<NonNullable<PostAnswer['checkout']>> {
  const { status, json } = await shop.post('/buy', { ...purchase, way });
  assert.equal(status, 200);
  assert.ok(json.checkout, 'the answer opens the page');
  return json.checkout;
}

for (const [way, sign] of [
  ['iframe', { target_element: 'checkout' }],
  ['modal', { css_modal_wrap: 'beside-phone' }],
] as const) {
  test(`for the ${way} the widget gets what the server signed, and nothing secret`, async () => {
    await using gate = await startFakeGate(accept);
    await using shop = openShop(gate.url);
    const { config, url } = await bought(shop, way);
    const { signature, ...parameters } = config ?? {};
    assert.equal(signature, signatureOf(parameters));
    assert.partialDeepStrictEqual(parameters, {
      project_id: 1234,
      payment_id: id,
      payment_amount: 120_000,
      payment_currency: 'KZT',
      payment_description: 'Flat white',
      customer_phone: '77011234567',
      force_payment_method: 'mobile',
      ...sign,
    });
    assert.match(String(parameters['merchant_callback_url']), /^http:\/\/127\.0\.0\.1:\d+\/callbacks$/);
    assert.ok(!/test-secret|encrypt_secret|whsec_/.test(JSON.stringify({ config, url })));
    assert.deepEqual([gate.calls.length, (await shop.orders()).map((order) => order.status)], [0, ['page opened']]);
  });
}

test('for its own page the link hides what it says, and without a script every way leads there', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const { url, config } = await bought(shop, 'page');
  assert.equal(config, undefined);
  const link = new RegExp(`^${gate.url}/1234/[A-Za-z0-9]+={0,2}$`);
  assert.match(url, link);
  for (const way of ['page', 'modal', 'iframe', 'no such way']) {
    const reply = await shop.http.inject({
      method: 'POST',
      url: '/buy',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...purchase, payment_id: 'order-0000000b', way }).toString(),
    });
    assert.equal(reply.statusCode, 303, way);
    assert.match(String(reply.headers['location']), link);
    assert.match(String(reply.headers['content-security-policy']), new RegExp(`form-action 'self' ${gate.url};`));
  }
  assert.equal((await shop.orders()).length, 2);
});

test('a project without a key for hidden links is opened by signed ones', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url, { SHOP_PAGE_KEY: 'none' });
  const link = new URL((await bought(shop, 'page')).url);
  assert.equal(link.origin + link.pathname, `${gate.url}/payment`);
  const { signature, ...parameters } = Object.fromEntries(link.searchParams);
  assert.equal(signature, signatureOf(parameters));
  assert.match(String(parameters['merchant_success_url']), /^http:\/\/127\.0\.0\.1:\d+\/#orders$/);
});

test('the page of an order can be opened again until it is paid', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await bought(shop, 'modal');
  const again = async (): Promise<number> => (await shop.http.inject(`/orders/${id}/page`)).statusCode;
  assert.equal(await again(), 303);
  assert.match((await shop.http.inject('/')).body, new RegExp(`href="/orders/${id}/page"`));
  await shop.deliver(callback({ id, status: 'success' }));
  assert.equal(await again(), 404);
  assert.equal((await shop.http.inject('/orders/none/page')).statusCode, 404);
  const { json } = await shop.post('/buy', { ...purchase, way: 'modal' });
  assert.deepEqual([json.checkout, (await shop.orders())[0]?.status], [undefined, 'success']);
});

test('a page that nobody pays on is given up after an hour, and a late payment counts all the same', async () => {
  await using gate = await startFakeGate(refuse('3061', 'Transaction not found'));
  await using shop = openShop(gate.url);
  await bought(shop, 'iframe');
  const status = async (afterMs: number): Promise<string | undefined> => {
    shop.pass(afterMs);
    await shop.shop.checkDue();
    return (await shop.orders())[0]?.status;
  };
  assert.equal(await status(HOUR_MS - 1), 'page opened');
  assert.equal(await status(HOUR_MS), 'not accepted');
  assert.match((await shop.orders())[0]?.problem ?? '', /left the Payment Page; nothing was charged/);
  await shop.deliver(callback({ id, status: 'success' }));
  assert.equal((await shop.orders())[0]?.status, 'success');
});
