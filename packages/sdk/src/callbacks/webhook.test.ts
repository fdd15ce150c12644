import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Rocketpay } from '../client.ts';
import { RocketpayError } from '../errors.ts';
import { paid, SECRET, signed } from '../test-kit/samples.ts';
import { testCallbacks } from '../testing.ts';

const secretOf = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const reader = (callbackSecret: string | readonly string[], now = Date.now): Rocketpay =>
  new Rocketpay({ projectId: 1234, secret: SECRET, callbackSecret, baseUrl: 'http://127.0.0.1:9', now });
const reason = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return error instanceof RocketpayError ? error.reason : String(error);
  }
  return undefined;
};

test('headers made by the Standard Webhooks library are proven', () => {
  const body = signed(paid);
  const now = new Date('2030-01-01T00:00:00Z');
  const signature = new Webhook(secretOf(1)).sign('msg_1', now, body);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(now.getTime() / 1_000),
    'webhook-signature': `v1a,other v1,${signature.slice(3)}`,
  };
  const event = reader(secretOf(1), () => now.getTime()).callbacks.parse(body, headers);
  assert.deepEqual([event.id, event.sentAt], ['msg_1', now]);
  const buffer = new TextEncoder().encode(body).buffer;
  assert.equal(reader(secretOf(1), () => now.getTime()).callbacks.parse(buffer, headers).id, 'msg_1');
});

test('the library proves what the test helpers sign', () => {
  const { body, headers } = testCallbacks({ projectId: 1234, secret: SECRET, callbackSecret: secretOf(1) }).succeeded();
  assert.deepEqual(new Webhook(secretOf(1)).verify(body, { ...headers }), JSON.parse(body));
});

test('names of headers in any case are taken, as gateways write them, and lists of one; never two that differ', () => {
  const { body, headers } = testCallbacks({ projectId: 1234, secret: SECRET, callbackSecret: secretOf(1) }).succeeded();
  const parse = (given: Record<string, string | string[]>): string | undefined =>
    reason(() => reader(secretOf(1)).callbacks.parse(body, given));
  const entries = Object.entries({ ...headers });
  assert.equal(parse(Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), value]))), undefined);
  assert.equal(parse(Object.fromEntries(entries.map(([name, value]) => [name, [value]]))), undefined);
  assert.equal(parse({ ...headers, 'Webhook-Id': 'msg_other' }), 'headers_missing');
});

test('while the secret rotates, either side may have two', () => {
  const secrets = [secretOf(1), secretOf(2)];
  const twice = testCallbacks({ projectId: 1234, secret: SECRET, callbackSecret: secrets }).succeeded();
  const once = testCallbacks({ projectId: 1234, secret: SECRET, callbackSecret: secretOf(2) }).succeeded();
  for (const secret of secrets) assert.ok(reader(secret).callbacks.parse(twice.body, twice.headers));
  assert.ok(reader(secrets).callbacks.parse(once.body, once.headers));
  assert.equal(
    reason(() => reader(secretOf(1)).callbacks.parse(once.body, once.headers)),
    'wrong_webhook_signature',
  );
});

test('the replay window is to the second, either way, and may be set', () => {
  const sentAt = new Date('2030-01-01T00:00:00Z');
  const made = testCallbacks({ projectId: 1234, secret: SECRET, callbackSecret: secretOf(1) }).succeeded({ sentAt });
  const at = (seconds: number, callbackToleranceSeconds = 300): string | undefined => {
    const now = (): number => sentAt.getTime() + seconds * 1_000;
    const options = { projectId: 1234, secret: SECRET, callbackSecret: secretOf(1), callbackToleranceSeconds, now };
    const { callbacks } = new Rocketpay({ ...options, baseUrl: 'http://127.0.0.1:9' });
    return reason(() => callbacks.parse(made.body, made.headers));
  };
  assert.deepEqual([at(300), at(301), at(-300), at(-301)], [undefined, 'stale', undefined, 'stale']);
  assert.deepEqual([at(10, 10), at(11, 10)], [undefined, 'stale']);
});

test('with a callback secret a callback without headers is not believed', () => {
  const { body, headers } = testCallbacks({ projectId: 1234, secret: SECRET }).succeeded();
  assert.deepEqual(Object.keys(headers), ['content-type']);
  assert.equal(
    reason(() => reader(secretOf(1)).callbacks.parse(body)),
    'headers_missing',
  );
  assert.equal(
    reason(() => reader(secretOf(1)).callbacks.parse(body, new Headers(headers))),
    'headers_missing',
  );
});

test('a callback secret that is none is told at once', () => {
  for (const bad of ['', 'whsec_', 'whsec_****', secretOf(1).slice(6), `whsec_${Buffer.alloc(8).toString('base64')}`])
    assert.throws(() => reader(bad), /callbackSecret must be whsec_/, bad);
});
