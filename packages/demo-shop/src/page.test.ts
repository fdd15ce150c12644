import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accept, callback, codeWanted, startFakeGate } from './testing/fake-gate.ts';
import { openShop, purchase } from './testing/open-shop.ts';

const form = (body: Record<string, string>, headers: Record<string, string> = {}): object => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'shop.test', ...headers },
  payload: new URLSearchParams(body).toString(),
});

test('without a script a purchase goes through and leads back to the orders', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const reply = await shop.http.inject({ url: '/buy', ...form(purchase, { accept: 'text/html' }) });
  assert.deepEqual([reply.statusCode, reply.headers['location']], [303, '/#orders']);
  assert.match((await shop.http.inject('/')).body, /order-0000000a/);
});

test('a bad number or amount comes back with what was typed, and nothing is sent', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const reply = await shop.http.inject({ url: '/buy', ...form({ ...purchase, phone: '"><b>', amount: '0' }) });
  assert.equal(reply.statusCode, 422);
  assert.match(reply.body, /value="&quot;&gt;&lt;b&gt;"/);
  const { status, json } = await shop.post('/buy', { ...purchase, phone: 'x', amount: '1.234' });
  assert.deepEqual([status, Object.keys(json.faults ?? {})], [422, ['phone', 'amount']]);
  assert.equal(gate.calls.length, 0);
});

test('nothing that the outside says becomes markup', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const evil = '<img src=x onerror=alert(1)>"\'&';
  await shop.deliver(
    callback({
      id: evil,
      status: 'decline',
      operation: { code: evil, message: evil },
      more: { account: { number: evil, type: evil } },
    }),
  );
  const { body } = await shop.http.inject('/');
  assert.ok(!body.includes('<img'));
  assert.match(body, /&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/);
});

test('only its own page may post its forms', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await shop.http.inject({ url: '/buy', ...form(purchase, headers) })).statusCode;
  assert.equal(await status({ 'sec-fetch-site': 'cross-site' }), 403);
  assert.equal(await status({ 'sec-fetch-site': 'same-site' }), 403);
  assert.equal(await status({ origin: 'http://evil.test' }), 403);
  assert.equal(await status({ origin: 'null' }), 403);
  assert.equal(gate.calls.length, 0);
  assert.equal(await status({ origin: 'http://shop.test' }), 303);
  assert.equal(await status({ 'sec-fetch-site': 'same-origin' }), 303);
});

test('the page allows no script but its own and the widget, and shows only the end of a number', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await shop.post('/buy', purchase);
  const reply = await shop.http.inject('/');
  assert.match(String(reply.headers['content-security-policy']), /default-src 'none'; script-src 'self' http:\/\/127/);
  const scripts = [...reply.body.matchAll(/<script[^>]*>/g)].map(([tag]) => tag.replaceAll(/\s+/g, ' '));
  assert.equal(scripts.length, 2);
  assert.match(
    scripts[0] ?? '',
    /^<script src="http:\/\/127\.0\.0\.1:\d+\/shared\/merchant@[\d.]+\.js" integrity="sha384-[\w+/]{64}" crossorigin="anonymous" async >$/,
  );
  assert.equal(scripts[1], '<script src="/assets/shop.js" type="module">');
  assert.doesNotMatch(reply.body, / style=| on\w+=/);
  assert.match(reply.body, /\+7 ••• ••• •• 67/);
  assert.match(reply.body, /href="http:\/\/127\.0\.0\.1:9\/phones\/77011234567"/);
});

test('a code card tells the reason, the attempts and when a new code may be asked for', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await shop.deliver(
    codeWanted('p', {
      reason: 'code_wrong',
      attempts_left: 1,
      expires_at: '2026-01-02T03:05:25+0000',
      resend_allowed_at: '2026-01-02T03:05:25+0000',
      resends_left: 2,
    }),
  );
  const { body } = await shop.http.inject('/');
  assert.match(body, /That code was wrong\. 1 attempt is left\./);
  assert.match(body, /data-from="2026-01-02T03:05:25.000Z"/);
  assert.match(body, /New codes left: 2\./);
  await shop.deliver(codeWanted('p', { reason: 'code_wrong', attempts_left: 1, resends_left: 0 }));
  assert.match((await shop.http.inject('/')).body, /\sdisabled\s*>\s*Send a new code/);
});

test('a watching page is told all at first and then each change', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  const url = await shop.http.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`${url}/events`);
  assert.ok(response.body);
  assert.match(String(response.headers.get('content-type')), /^text\/event-stream/);
  let text = '';
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  const until = async (wanted: RegExp): Promise<void> => {
    while (!wanted.test(text)) {
      const { value, done } = await reader.read();
      assert.ok(!done, text);
      text += decoder.decode(value, { stream: true });
    }
  };
  await until(/event: all\ndata: \{"now":.*"cards":\[\],"entries":\[\]\}\n\n/);
  await shop.deliver(callback({ id: 'p', status: 'success' }));
  await until(/event: entry\ndata: \{"id":"cb-1","html":".*success.*\n\n/);
  await until(/event: card\ndata: \{"id":"o-cA","html":".*success.*\n\n/);
  await shop.http.close();
  assert.ok((await reader.read()).done);
});

test('an order and the health are there for programs', async () => {
  await using gate = await startFakeGate(accept);
  await using shop = openShop(gate.url);
  await shop.deliver(callback({ id: 'заказ/1', status: 'success' }));
  assert.equal(
    (await shop.http.inject(`/orders/${encodeURIComponent('заказ/1')}`)).json<{ status: string }>().status,
    'success',
  );
  assert.equal((await shop.http.inject('/orders/none')).statusCode, 404);
  assert.equal((await shop.http.inject('/health/ready')).statusCode, 200);
  assert.equal((await shop.http.inject('/health/live')).statusCode, 200);
});
