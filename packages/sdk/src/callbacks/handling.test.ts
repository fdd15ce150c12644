import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { test } from 'node:test';
import { Rocketpay } from '../client.ts';
import { RocketpayError } from '../errors.ts';
import { testCallbacks } from '../testing.ts';
import { SECRET } from '../test-kit/samples.ts';
import { frameworks, mistakes } from '../test-kit/servers.ts';
import type { CallbackEvent } from './events.ts';
import { MemoryOnceStore } from './once.ts';

const callbackSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const options = { projectId: 1234, secret: SECRET, callbackSecret };
const { callbacks } = new Rocketpay({ ...options, baseUrl: 'http://127.0.0.1:9' });
const made = testCallbacks(options);
const quiet = { onError: () => undefined };
const { fastify, node } = frameworks;
const post = (url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers });

/** Over the connections that an agent keeps. */
function postBy(agent: Agent, url: string, body: string, given: Readonly<Record<string, string>>) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined;
    connection: string | undefined;
  }>();
  const headers = { ...given, 'content-length': Buffer.byteLength(body) };
  const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
    const { statusCode, headers: told } = answer;
    answer.resume().once('end', () => resolve({ status: statusCode, connection: told.connection }));
  });
  sent.once('error', reject).end(body);
  return promise;
}

for (const [name, start] of Object.entries(frameworks)) {
  test(`${name}: a genuine callback reaches the handler and is answered with 200`, async () => {
    const events: CallbackEvent[] = [];
    await using shop = await start(callbacks, (maker) => maker((event) => void events.push(event)));
    const callback = made.codeWanted({ paymentId: 'Ә-1', reason: 'code_wrong' });
    const answer = await post(shop.url, callback.body, callback.headers);
    assert.deepEqual([answer.status, await answer.text()], [200, '']);
    const [event] = events;
    assert.ok(event?.kind === 'code_wanted');
    assert.deepEqual([event.id, event.payment.id], [callback.headers['webhook-id'], 'Ә-1']);
    assert.deepEqual(Math.floor((event.sentAt?.getTime() ?? 0) / 1_000), Number(callback.headers['webhook-timestamp']));
  });

  test(`${name}: what is not provably the platform’s is answered with 400 and reaches nobody`, async () => {
    let runs = 0;
    await using shop = await start(callbacks, (maker) => maker(() => void runs++));
    const { body, headers } = made.declined();
    const old = made.succeeded({ sentAt: new Date(Date.now() - 600_000) });
    const early = made.succeeded({ sentAt: new Date(Date.now() + 600_000) });
    const { 'webhook-signature': _none, ...unsigned } = headers;
    const bad: [string, Readonly<Record<string, string>>][] = [
      [body.replace('"decline"', '"success"'), headers],
      [`${body} `, headers],
      [body, {}],
      [body, unsigned],
      [body, { ...headers, 'webhook-id': 'msg_another' }],
      [body, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }],
      [old.body, old.headers],
      [early.body, early.headers],
      ['', headers],
      ['{', headers],
    ];
    for (const [text, given] of bad) {
      const answer = await post(shop.url, text, given);
      assert.equal(answer.status, 400, `${text.slice(-40)} ${JSON.stringify(given)}`);
      assert.notEqual(await answer.text(), '');
    }
    assert.equal((await post(shop.url, 'x'.repeat(5_000_000), headers)).status, 413);
    assert.equal(runs, 0);
  });

  test(`${name}: a body that is too large ends its connection and no other request`, async () => {
    await using shop = await start(callbacks, (maker) => maker(() => undefined, quiet));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const [large, { body, headers }] = ['x'.repeat(5_000_000), made.succeeded()];
    const refused = await postBy(agent, shop.url, large, {});
    const taken = await postBy(agent, shop.url, body, headers);
    agent.destroy();
    assert.deepEqual([refused.status, refused.connection, taken.status], [413, 'close', 200]);
  });

  test(`${name}: a repeat is taken without running, also while the first is at work`, async () => {
    let runs = 0;
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    await using shop = await start(callbacks, (maker) =>
      maker(async () => {
        runs++;
        await mayEnd;
      }),
    );
    const callback = made.succeeded();
    const sent = Array.from({ length: 5 }, () => callback.send(shop.url));
    const other = made.succeeded({ paymentId: 'another' }).send(shop.url);
    end();
    assert.deepEqual(await Promise.all(sent), [200, 200, 200, 200, 200]);
    assert.deepEqual([await callback.send(shop.url), await other], [200, 200]);
    assert.equal(runs, 2);
  });

  test(`${name}: a handler that fails is answered with 500, told of, and gets the callback again`, async () => {
    const told: unknown[] = [];
    const failures = [
      new Error('the disk is full'),
      new RocketpayError('x', { outcome: 'untrusted', retryable: false }),
    ];
    const expected = [...failures];
    await using shop = await start(callbacks, (maker) =>
      maker(
        () => {
          const failure = failures.shift();
          if (failure) throw failure;
        },
        { onError: (error) => told.push(error) },
      ),
    );
    const callback = made.refunded();
    const answer = await post(shop.url, callback.body, callback.headers);
    assert.equal(answer.status, 500);
    assert.ok(!(await answer.text()).includes('disk'));
    assert.deepEqual([await callback.send(shop.url), await callback.send(shop.url)], [500, 200]);
    assert.deepEqual(told, expected);
  });
}

for (const [name, start] of Object.entries(mistakes)) {
  test(`${name} is told as what it is, and the callback is sent again`, async () => {
    const told: unknown[] = [];
    const onError = (error: unknown): unknown => told.push(error);
    await using shop = await start(callbacks, (maker) => maker(() => assert.fail('not reached'), { onError }));
    const callback = made.succeeded();
    assert.equal(await callback.send(shop.url), 500);
    const [error] = told;
    assert.ok(error instanceof RocketpayError);
    assert.equal(error.reason, 'body_parsed');
    assert.match(error.message, /read before its handler.*: \w+/);
  });
}

test('the rest of a Fastify app keeps its parsers', async () => {
  await using shop = await fastify(callbacks, (maker) => maker(() => undefined));
  const answer = await post(shop.url.replace('callbacks', 'json'), '{"a":1}', { 'content-type': 'application/json' });
  assert.deepEqual(await answer.json(), { a: 1 });
});

test('Node’s listener takes POST only', async () => {
  await using shop = await node(callbacks, (maker) => maker(() => undefined));
  const answer = await fetch(shop.url);
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST']);
});

test('a store of the merchant’s own gets the id and hands the handler its transaction', async () => {
  const seen: unknown[] = [];
  const store = {
    async once(id: string, work: (transaction: { name: string }) => Promise<void>): Promise<void> {
      seen.push(id);
      await work({ name: 'transaction' });
    },
  };
  const receive = callbacks.receive((event, transaction) => void seen.push(event.kind, transaction.name), { store });
  const { body, headers } = made.awaitingCustomer();
  assert.deepEqual(await receive({ body, headers }), { status: 200, message: '' });
  assert.deepEqual(seen, [headers['webhook-id'], 'awaiting_customer', 'transaction']);
});

test('the store in memory forgets the oldest, never one at work', async () => {
  const store = new MemoryOnceStore(2);
  const ran: string[] = [];
  const once = (id: string): Promise<void> => store.once(id, async () => void ran.push(id));
  for (const id of ['a', 'b', 'a', 'c', 'b', 'a']) await once(id);
  assert.deepEqual(ran, ['a', 'b', 'c', 'a']);
});

test('a second delivery waits for the first and shares its end, good or bad', async () => {
  const store = new MemoryOnceStore();
  let runs = 0;
  const deliver = (end: Promise<void>): Promise<void> =>
    store.once('a', () => {
      runs++;
      return end;
    });
  const bad = Promise.withResolvers<void>();
  const failing = [deliver(bad.promise), deliver(Promise.resolve())];
  bad.reject(new Error('planted'));
  for (const delivery of failing) await assert.rejects(delivery, /planted/);
  const good = Promise.withResolvers<void>();
  const passing = [deliver(good.promise), deliver(Promise.resolve())];
  good.resolve();
  await Promise.all(passing);
  assert.equal(runs, 2);
});

test('what the shop must mend is printed, a stranger’s message is not', async (t) => {
  const printed = t.mock.method(console, 'error', () => undefined);
  const failing = callbacks.receive(() => {
    throw new Error('planted');
  });
  assert.equal((await failing({ body: 'strange', headers: {} })).status, 400);
  assert.equal(printed.mock.callCount(), 0);
  const { body, headers } = made.succeeded();
  assert.equal((await failing({ body, headers: new Headers(headers) })).status, 500);
  assert.equal(printed.mock.callCount(), 1);
});

test('without a callback secret a replay under another webhook-id is the same callback', async () => {
  const { callbacks: plain } = new Rocketpay({ projectId: 1234, secret: SECRET, baseUrl: 'http://127.0.0.1:9' });
  let runs = 0;
  const receive = plain.receive(() => void runs++, quiet);
  const { body, headers } = made.succeeded();
  for (const id of ['msg_1', 'msg_2']) await receive({ body, headers: { ...headers, 'webhook-id': id } });
  assert.equal(runs, 1);
});
