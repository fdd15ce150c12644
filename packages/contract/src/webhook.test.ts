import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { webhookHeaders, webhookId } from './webhook.ts';

const place = { projectId: 1234, paymentKey: 'order.1\n№', callbackNo: 2, createdAt: 1_800_000_000_000 };
const body = '{"payment":{"id":"Төлем \\u0001"},"signature":"…"}';
const secrets = [1, 2, 3].map(() => randomBytes(32));
const [first, second, third] = secrets.map((bytes) => new Webhook(`whsec_${bytes.toString('base64')}`));
const [newKey, oldKey] = secrets.map((bytes) => createSecretKey(bytes));

test('each key of a rotation verifies by the standard’s own library, another does not', () => {
  assert.ok(first && second && third && newKey && oldKey);
  const both = webhookHeaders(webhookId(place), body, Date.now(), [newKey, oldKey]);
  assert.deepEqual(first.verify(body, both), JSON.parse(body));
  assert.deepEqual(second.verify(body, both), JSON.parse(body));
  assert.throws(() => third.verify(body, both), /No matching signature/);
  const one = webhookHeaders(webhookId(place), body, Date.now(), [newKey]);
  assert.throws(() => second.verify(body, one), /No matching signature/);
  assert.throws(() => first.verify(`${body} `, both), /No matching signature/);
  assert.match(one['webhook-signature'] ?? '', /^v1,[A-Za-z0-9+/]{43}=$/);
  assert.match(both['webhook-signature'] ?? '', /^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
});

test('a replay is refused by its time, which is in whole seconds', () => {
  assert.ok(first && newKey);
  const old = webhookHeaders(webhookId(place), body, Date.now() - 301_000, [newKey]);
  assert.throws(() => first.verify(body, old), /too old/);
  assert.equal(webhookHeaders('msg_1', body, 1_999, [newKey])['webhook-timestamp'], '1');
  assert.deepEqual(webhookHeaders('msg_1', body, 1_999, []), { 'webhook-id': 'msg_1', 'webhook-timestamp': '1' });
});

test('an id follows from the callback’s place, and from nothing less', () => {
  assert.match(webhookId(place), /^msg_[\w-]{22}$/);
  assert.equal(webhookId(place), webhookId({ ...place }));
  const others = [
    { ...place, projectId: 123, paymentKey: `4${place.paymentKey}` },
    { ...place, paymentKey: 'order.2' },
    { ...place, callbackNo: 22 },
    { ...place, createdAt: place.createdAt + 1 },
  ];
  assert.equal(new Set([place, ...others].map(webhookId)).size, 5);
});
