import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { bodies, withMember } from '@rocketpay/contract/fixtures/bodies.ts';
import { paths, saleBody, signed } from '../testing/gate-bodies.ts';
import { faultOf, postSale, requestIdOf } from '../testing/purchase.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';
import { createServer } from './server.ts';

const pool = usePool();
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const unreadable: readonly (readonly [string, string | Buffer, string])[] = [
  ['nothing at all', '', '422 2003'],
  ['half an object', '{"general":', '422 2003'],
  ['no JSON', 'general=1', '422 2003'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), '422 2003'],
  ['a list', '[]', '400 702  type'],
  ['a word', '"sale"', '400 702  type'],
  ['nested too deep', deep(40), '400 702  maxDepth'],
  ['nested absurdly deep', deep(100_000), '400 702  maxDepth'],
  ['more than a megabyte', `{"a":"${'x'.repeat(1_048_576)}"}`, '413 702'],
  ['five megabytes', Buffer.alloc(5_242_880, 32), '413 702'],
];

test('what cannot be read gets the documented error on every endpoint, and the server goes on', async (t) => {
  const platform = await openPlatform(pool());
  for (const [name, body, fault] of unreadable) {
    await t.test(name, async () => {
      for (const path of Object.values(paths)) {
        const reply = await platform.post(path, body);
        assert.equal(faultOf(reply), fault, path);
        const { status, message } = JSON.parse(reply.text) as Record<string, unknown>;
        assert.equal(status, 'error');
        assert.ok(typeof message === 'string' && message.length > 3);
      }
    });
  }
  assert.deepEqual(platform.errors, []);
  requestIdOf(await postSale(platform, 'order-1'));
  await platform.idle();
});

test('no Content-Type is asked for, and none is in the way', async (t) => {
  const types = [
    '',
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-8',
    'multipart/form-data',
    'nonsense',
  ];
  for (const [turn, type] of types.entries()) {
    await t.test(type === '' ? 'none' : type, async () => {
      const platform = await openPlatform(pool());
      const headers = type === '' ? undefined : { 'content-type': type };
      const reply = await platform.post(paths.sale, JSON.stringify(signed(`order-${turn}`, saleBody())), headers);
      requestIdOf(reply);
      assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8');
      await platform.idle();
    });
  }
});

test('a 400 tells the first fault at its top and all of them in its list', async () => {
  const platform = await openPlatform(pool());
  const body = withMember(withMember(bodies.sale, 'payment/amount', undefined), 'customer/email', 'nobody');
  const reply = await platform.post(paths.sale, body);
  const error = JSON.parse(reply.text) as { code: string; message: string; errors: Record<string, string | number>[] };
  assert.equal(reply.status, 400);
  assert.deepEqual(Object.keys(error), ['status', 'code', 'message', 'errors']);
  assert.ok(error.errors.length >= 2);
  assert.deepEqual([error.code, error.message, error.errors[0]?.['code']], ['2426', 'Invalid Email', 2426]);
  assert.match(String(error.errors[0]?.['message']), /^customer\.email must be/);
  for (const each of error.errors) assert.deepEqual(Object.keys(each), ['code', 'message', 'field', 'constraint']);
  assert.ok(!reply.text.includes('nobody'));
});

test('what does not exist is 404 in the same shape', async () => {
  const platform = await openPlatform(pool());
  assert.equal(faultOf(await platform.post('/v2/payment/mobile/sell', {})), '404 702');
  const { statusCode, body, headers } = await platform.app.inject({ method: 'GET', url: paths.sale });
  assert.equal(statusCode, 404);
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.equal((JSON.parse(body) as { status: string }).status, 'error');
});

test('a malformed address is an error in the same shape', async () => {
  const platform = await openPlatform(pool());
  const reply = await platform.post('/v2/%zz', {});
  assert.equal(reply.status, 400);
  assert.equal((JSON.parse(reply.text) as { status: string }).status, 'error');
});

test('every answer has a request id of its own', async () => {
  const platform = await openPlatform(pool());
  const replies = await Promise.all([
    platform.post(paths.status, signed('nobody')),
    platform.post(paths.sale, '{'),
    platform.post('/nowhere', {}),
    platform.post('/v2/%zz', {}),
    platform.post(paths.sale, Buffer.alloc(2_000_000)),
  ]);
  const ids = replies.map(({ headers }) => String(headers['x-request-id']));
  assert.ok(
    ids.every((id) => /^[\w-]{16,64}$/.test(id)),
    ids.join(),
  );
  assert.equal(new Set(ids).size, ids.length);
});

test('a bug of ours is a 500 that says nothing of itself', async () => {
  const lines: unknown[] = [];
  const app = createServer({ ...quiet, error: (...line: unknown[]) => void lines.push(line) });
  app.get('/bug', async () => {
    throw Object.assign(new Error('password of the database: hunter2'), { code: '23505', detail: 'Key (x)=(y)' });
  });
  const { statusCode, body, headers } = await app.inject('/bug');
  assert.equal(statusCode, 500);
  const { status, code, ...rest } = JSON.parse(body) as Record<string, string>;
  assert.deepEqual([status, code, Object.keys(rest)], ['error', '501', ['message']]);
  assert.ok(!body.includes('hunter2') && !body.includes('23505'));
  assert.match(JSON.stringify(lines), new RegExp(String(headers['x-request-id'])));
});

test('bytes that are no HTTP get an error in the same shape', async () => {
  const app = createServer(quiet);
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write('HELLO\r\n\r\n');
    await once(socket, 'close');
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.equal((JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { status: string }).status, 'error');
  } finally {
    await app.close();
  }
});
