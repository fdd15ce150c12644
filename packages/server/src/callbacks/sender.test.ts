import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RequestListener } from 'node:http';
import type { Resolve } from './names.ts';
import { createSender } from './sender.ts';
import { bodyOf, openMerchant } from './testing/merchant.ts';

const loopback = ['127.0.0.0/8', '::1/128'];

function openSender(
  t: TestContext,
  settings: { allowedNetworks?: string[]; timeoutMs?: number } = {},
  resolve?: Resolve,
) {
  const sender = createSender({ allowedNetworks: loopback, timeoutMs: 5_000, ...settings }, resolve);
  t.after(() => sender.close());
  return sender;
}

async function open(t: TestContext, answer: RequestListener, timeoutMs = 5_000) {
  const merchant = await openMerchant(answer);
  t.after(() => merchant.close());
  return { merchant, sender: openSender(t, { timeoutMs }) };
}

/** Answers every name with these addresses in turn, as a name server that changes its mind does. */
function resolveTo(...answers: string[][]): { resolve: Resolve; asked: () => number } {
  let asked = 0;
  const resolve: Resolve = (_hostname, done) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked++;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { resolve, asked: () => asked };
}

test('a callback is a POST of exactly the prepared text', async (t) => {
  const seen: unknown[] = [];
  const { merchant, sender } = await open(t, async (request, response) => {
    const { method, url, headers } = request;
    const own = Object.entries(headers).filter(([name]) => name !== 'host' && name !== 'connection');
    seen.push({ method, url, headers: Object.fromEntries(own), body: await bodyOf(request) });
    response.end('accepted');
  });
  const body = '{"description":"Төлем №1","note":"a\\/b"}';
  assert.deepEqual(await sender.send(merchant.url, body), { kind: 'delivered', status: 200, answerStart: 'accepted' });
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Rocketpay-Callbacks/1',
    'content-length': String(Buffer.byteLength(body)),
  };
  assert.deepEqual(seen, [{ method: 'POST', url: '/callback?shop=1', headers, body }]);
});

for (const [status, kind] of [
  [200, 'delivered'],
  [201, 'refused_status'],
  [202, 'refused_status'],
  [204, 'refused_status'],
  [301, 'redirect'],
  [302, 'redirect'],
  [307, 'redirect'],
  [400, 'refused_status'],
  [404, 'refused_status'],
  [500, 'refused_status'],
  [503, 'refused_status'],
] as const) {
  test(`${status} is ${kind}, and no redirect is followed`, async (t) => {
    let requests = 0;
    const { merchant, sender } = await open(t, (_request, response) => {
      requests++;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    assert.deepEqual(await sender.send(merchant.url, '{}'), { kind, status, answerStart: '' });
    assert.equal(requests, 1);
  });
}

test('a merchant that never answers is a time-out', async (t) => {
  const { merchant, sender } = await open(t, () => undefined, 60);
  assert.deepEqual(await sender.send(merchant.url, '{}'), { kind: 'timeout', status: null, answerStart: null });
});

test('an answer that never ends counts by its status', async (t) => {
  const { merchant, sender } = await open(t, (_request, response) => void response.writeHead(200).write('begun\0'));
  assert.deepEqual(await sender.send(merchant.url, '{}'), { kind: 'delivered', status: 200, answerStart: 'begun' });
});

test('headers that drip past the deadline are a time-out', async (t) => {
  const { merchant, sender } = await open(
    t,
    (request) => void request.socket.write('HTTP/1.1 200 OK\r\nX-A: b\r\n'),
    60,
  );
  assert.equal((await sender.send(merchant.url, '{}')).kind, 'timeout');
});

test('an endless answer is cut off after its first bytes', async (t) => {
  let written = 0;
  const { merchant, sender } = await open(t, (_request, response) => {
    const chunk = 'ы'.repeat(8_192);
    const pump = (): void => {
      while (!response.destroyed && response.write(chunk)) written += chunk.length * 2;
    };
    response.writeHead(500).on('drain', pump);
    pump();
  });
  const outcome = await sender.send(merchant.url, '{}');
  assert.deepEqual(outcome, { kind: 'refused_status', status: 500, answerStart: 'ы'.repeat(256) });
  assert.ok(written < 20_000_000);
});

test('a connection that is reset without an answer', async (t) => {
  const { merchant, sender } = await open(t, (request) => void request.socket.resetAndDestroy());
  assert.deepEqual(await sender.send(merchant.url, '{}'), { kind: 'connection_lost', status: null, answerStart: null });
});

test('nobody listens', async (t) => {
  const { merchant, sender } = await open(t, (_request, response) => void response.end());
  merchant.close();
  assert.deepEqual(await sender.send(merchant.url, '{}'), { kind: 'connect_error', status: null, answerStart: null });
});

test('what is no HTTP', async (t) => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.9\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const sender = openSender(t);
  assert.equal((await sender.send(`http://127.0.0.1:${port}/`, '{}')).kind, 'connection_lost');
  assert.equal((await sender.send(`https://127.0.0.1:${port}/`, '{}')).kind, 'connect_error');
});

test('a connection is used again', async (t) => {
  const { merchant, sender } = await open(
    t,
    (request, response) => void request.resume().on('end', () => response.end('ok')),
  );
  for (let count = 0; count < 20; count++) {
    assert.equal((await sender.send(merchant.url, '{}')).kind, 'delivered');
    await nextTurn();
  }
  assert.equal(merchant.sockets(), 1);
});

test('many at once use no more connections than allowed', async (t) => {
  const { merchant } = await open(t, (request, response) => void request.resume().on('end', () => response.end()));
  const sender = createSender({ allowedNetworks: loopback, timeoutMs: 5_000, connectionsPerEndpoint: 4 });
  t.after(() => sender.close());
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => sender.send(merchant.url, '{}')));
  assert.ok(outcomes.every(({ kind }) => kind === 'delivered'));
  assert.equal(merchant.sockets(), 4);
});

for (const url of [
  'ftp://shop.example/',
  'file:///etc/passwd',
  'http://user:secret@shop.example/',
  'http://u@127.0.0.1/',
  'shop.example',
  '',
  'http://',
  'javascript:1',
]) {
  test(`"${url}" is no address for callbacks`, async (t) => {
    assert.deepEqual(await openSender(t).send(url, '{}'), { kind: 'bad_url', status: null, answerStart: null });
  });
}

test('a name is refused when any of its addresses is', async (t) => {
  const { merchant } = await open(t, () => undefined);
  const { port } = new URL(merchant.url);
  for (const addresses of [
    ['127.0.0.1'],
    ['93.184.215.14', '127.0.0.1'],
    ['::1'],
    ['2a00:1450:4010::71', '::ffff:127.0.0.1'],
    ['10.1.2.3'],
  ]) {
    const sender = openSender(t, { allowedNetworks: [] }, resolveTo(addresses).resolve);
    const outcome = await sender.send(`http://shop.example:${port}/`, '{}');
    assert.deepEqual(outcome, { kind: 'blocked_address', status: null, answerStart: null });
  }
  assert.equal(merchant.sockets(), 0);
});

test('a name is resolved once a connection, which goes to the address that was checked', async (t) => {
  const { merchant } = await open(t, (request, response) => void response.end(request.headers.host));
  const { port } = new URL(merchant.url);
  const { resolve, asked } = resolveTo(['127.0.0.1'], ['10.0.0.1']);
  const sender = openSender(t, {}, resolve);
  const url = `http://shop.example:${port}/`;
  const delivered = { kind: 'delivered', status: 200, answerStart: `shop.example:${port}` } as const;
  assert.deepEqual(await sender.send(url, '{}'), delivered);
  await nextTurn();
  assert.deepEqual(await sender.send(url, '{}'), delivered);
  assert.equal(asked(), 1);
  merchant.close();
  assert.notEqual((await sender.send(url, '{}')).kind, 'delivered');
  assert.equal((await sender.send(url, '{}')).kind, 'blocked_address');
});

test('a name without addresses is a failed connection', async (t) => {
  const sender = openSender(t, {}, resolveTo([]).resolve);
  assert.deepEqual(await sender.send('http://shop.example/', '{}'), {
    kind: 'connect_error',
    status: null,
    answerStart: null,
  });
});

test('localhost is this machine, for those who may go there', async (t) => {
  const { merchant, sender } = await open(t, (_request, response) => void response.end());
  const { port } = new URL(merchant.url);
  for (const host of ['localhost', 'LOCALHOST', 'shop.localhost', 'localhost.']) {
    assert.equal((await sender.send(`http://${host}:${port}/`, '{}')).kind, 'delivered', host);
    const outsider = openSender(t, { allowedNetworks: [] });
    assert.equal((await outsider.send(`http://${host}:${port}/`, '{}')).kind, 'blocked_address', host);
  }
});
