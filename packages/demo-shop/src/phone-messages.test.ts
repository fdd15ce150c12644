import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { accept, codeWanted, startFakeGate } from './testing/fake-gate.ts';
import { openShop, purchase } from './testing/open-shop.ts';

/** A simulator in which every phone has these messages. */
async function simulatorWith(messages: unknown): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) =>
    response.end(request.url === '/phones/77011234567/messages' ? JSON.stringify(messages) : '[]'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Shown {
  readonly number: string;
  readonly html: string;
  readonly newest?: { readonly html: string; readonly sent_at: string };
}

const sent = { code: '4711', operator: 'KCELL', sent_at: '2026-01-02T03:04:05.000Z' };

test('the phone beside the shop shows its messages with the code marked, and none of them becomes markup', async () => {
  await using simulator = await simulatorWith([
    { ...sent, text: 'Код 4711. <img src=x>' },
    { ...sent, text: 'older', code: null },
    { text: 1 },
    null,
  ]);
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url, { SIMULATOR_URL: simulator.url });
  const { number, html, newest } = (await shop.http.inject('/phones/77011234567/messages')).json<Shown>();
  assert.equal(number, '+7 701 123 45 67');
  assert.equal(html.match(/<li/g)?.length, 2);
  assert.ok(html.includes('Код <mark>4711</mark>. &lt;img src=x&gt;') && !html.includes('<img'));
  assert.deepEqual(newest, { html: 'Код <mark>4711</mark>. &lt;img src=x&gt;', sent_at: sent.sent_at });
  assert.equal((await shop.http.inject('/phones/x/messages')).statusCode, 404);
});

test('without a script the page holds the phone of what this browser ordered last, wherever its payer moves on to', async () => {
  await using simulator = await simulatorWith([{ ...sent, text: 'Код 4711.' }]);
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url, { SIMULATOR_URL: simulator.url, SHOP_PAGE_KEY: 'none' });
  const buy = async (id: string, phone: string): Promise<string> => {
    const reply = await shop.http.inject({
      method: 'POST',
      url: '/buy',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...purchase, way: 'page', payment_id: id, phone }).toString(),
    });
    const cookie = String(reply.headers['set-cookie']);
    assert.ok(cookie.includes('; HttpOnly') && !cookie.includes(phone));
    return cookie.split(';')[0] ?? '';
  };
  const page = async (cookie?: string): Promise<string> =>
    (await shop.http.inject({ url: '/', headers: { ...(cookie !== undefined && { cookie }) } })).body;
  const browser = await buy('order-0000000a', '77050000000');
  await buy('order-0000000b', '77000000101');

  assert.match(await page(), /value="\+7 707 123 45 67"[^]*id="phone-number">\+7 707 123 45 67</);
  assert.match(await page('demo_shop_order=order-ffffffff'), /value="\+7 707 123 45 67"/);
  const before = await page(browser);
  assert.match(before, /value="\+7 705 000 00 00"[^]*id="phone-number">\+7 705 000 00 00<[^]*No messages yet/);

  await shop.deliver(codeWanted('order-0000000a'));
  assert.match(await page(`other=1; ${browser}`), /id="phone-number">\+7 701 123 45 67<[^]*<mark>4711<\/mark>/);
  const again = await shop.http.inject('/orders/order-0000000a/page');
  assert.match(String(again.headers.location), /customer_phone=77050000000/, 'the same order is asked for again');
});

test('a simulator that does not answer is said to be silent', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const { html, newest } = (await shop.http.inject('/phones/77011234567/messages')).json<Shown>();
  assert.deepEqual([/does not answer/.test(html), newest], [true, undefined]);
  assert.match((await shop.http.inject('/')).body, /The simulator does not answer/);
});
