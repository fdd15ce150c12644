import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RequestListener } from 'node:http';
import { buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import { Connections, type ConnectionLimits } from './connections.ts';
import { createSender } from './sender.ts';
import { openMerchant } from './testing/merchant.ts';

const answerAll: RequestListener = (request, response) => void request.resume().on('end', () => response.end('ok'));

async function openMany(t: TestContext, count: number, answer = answerAll) {
  const merchants = await Promise.all(Array.from({ length: count }, () => openMerchant(answer)));
  t.after(() => merchants.forEach((merchant) => merchant.close()));
  return merchants;
}

function openConnections(t: TestContext, limits: ConnectionLimits) {
  const connections = new Connections(buildConnector({ timeout: 3_000, allowH2: false }), limits);
  t.after(() => connections.close());
  /** Resolves when the answer is there and, unless it is closed, its connection is idle again. */
  async function ask(url: string): Promise<void> {
    const { origin, pathname } = new URL(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(),
      onResponseError: (_controller, error) => reject(error),
    };
    const { end } = connections.dispatch({ origin, path: pathname, method: 'POST', body: '{}' }, handler);
    await promise.finally(end);
    await nextTurn();
  }
  return { connections, ask };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await nextTurn();
};

test('the total holds over any number of endpoints, and the longest idle gives way', async (t) => {
  const merchants = await openMany(t, 12);
  const { connections, ask } = openConnections(t, { perEndpoint: 4, total: 5 });
  for (const { url } of merchants) await ask(url);
  await until(() => connections.open <= 5);
  assert.equal(connections.endpoints, connections.open);
  const newest = merchants.at(-1);
  const oldest = merchants[0];
  assert.ok(newest && oldest);
  await ask(newest.url);
  await ask(oldest.url);
  assert.deepEqual([newest.sockets(), oldest.sockets()], [1, 2], 'one was kept, the other made anew');
});

test('what is on its way is never ended for another’s sake', async (t) => {
  const waiting: (() => void)[] = [];
  const slow: RequestListener = (request, response) =>
    void request.resume().on('end', () => waiting.push(() => response.end()));
  const merchants = await openMany(t, 4, slow);
  const { connections, ask } = openConnections(t, { perEndpoint: 4, total: 2 });
  const asked = merchants.map(({ url }) => ask(url));
  await until(() => waiting.length === 4);
  assert.equal(connections.open, 4);
  for (const answer of waiting) answer();
  await Promise.all(asked);
});

test('an endpoint whose connections are closed is forgotten', async (t) => {
  const merchants = await openMany(t, 6, (request, response) => {
    response.shouldKeepAlive = false;
    answerAll(request, response);
  });
  const { connections, ask } = openConnections(t, { perEndpoint: 4, total: 100 });
  for (const { url } of merchants) await ask(url);
  await until(() => connections.endpoints === 0 && connections.open === 0);
  merchants.forEach((merchant) => merchant.close());
  for (const { url } of merchants) await assert.rejects(ask(url));
  assert.deepEqual([connections.endpoints, connections.open], [0, 0]);
});

test('a request that is none leaves nothing behind', (t) => {
  const { connections } = openConnections(t, { perEndpoint: 4, total: 100 });
  const request = { origin: 'http://127.0.0.1:1', path: '/\n', method: 'POST', body: '{}' } as const;
  assert.throws(() => connections.dispatch(request, {}));
  assert.equal(connections.endpoints, 0);
});

test('a kept connection that the merchant closes as it is used costs no attempt', async (t) => {
  let requests = 0;
  const bySocket = new WeakMap<object, number>();
  const [merchant] = await openMany(t, 1, (request, response) => {
    requests++;
    const count = (bySocket.get(request.socket) ?? 0) + 1;
    bySocket.set(request.socket, count);
    if (count > 1) request.socket.destroy();
    else answerAll(request, response);
  });
  assert.ok(merchant);
  const sender = createSender({ allowedNetworks: ['127.0.0.0/8'], timeoutMs: 5_000 });
  t.after(() => sender.close());
  for (let count = 0; count < 2; count++) {
    assert.equal((await sender.send(merchant.url, '{}')).kind, 'delivered');
    await nextTurn();
  }
  assert.deepEqual([requests, merchant.sockets()], [3, 2]);
});

test('a merchant that drops every request is asked once an attempt where nothing was kept', async (t) => {
  let requests = 0;
  const [merchant] = await openMany(t, 1, (request) => {
    requests++;
    request.socket.destroy();
  });
  assert.ok(merchant);
  const sender = createSender({ allowedNetworks: ['127.0.0.0/8'], timeoutMs: 5_000 });
  t.after(() => sender.close());
  for (let count = 1; count <= 3; count++) {
    assert.equal((await sender.send(merchant.url, '{}')).kind, 'connection_lost');
    assert.equal(requests, count);
  }
});
