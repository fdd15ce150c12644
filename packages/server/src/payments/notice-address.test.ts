import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNoticeAddresses, type NoticePath } from './notice-address.ts';

const addresses = createNoticeAddresses(Buffer.alloc(32, 7), 'https://pay.example');
const key = { projectId: 1234, paymentKey: 'заказ №47/;:?' };

function pathOf(url: string): NoticePath {
  const [projectId, place, operationNo, token] = new URL(url).pathname.split('/').slice(3) as [
    string,
    string,
    string,
    string,
  ];
  return { projectId, key: place, operationNo, token };
}

test('an address leads back to its operation', () => {
  const { url, bearer } = addresses.of(key, 2, 'camara');
  assert.match(url, /^https:\/\/pay\.example\/notices\/camara\/1234\//);
  assert.deepEqual(addresses.read(pathOf(url), `Bearer ${bearer}`), { ...key, operationNo: 2 });
});

test('a token or bearer of another operation, payment or platform opens nothing', () => {
  const { url, bearer } = addresses.of(key, 1, 'camara');
  const path = pathOf(url);
  assert.equal(addresses.read(path, undefined), null);
  assert.equal(addresses.read(path, `Bearer ${addresses.of(key, 2, 'camara').bearer}`), null);
  assert.equal(addresses.read({ ...path, operationNo: '2' }, `Bearer ${bearer}`), null);
  assert.equal(addresses.read({ ...path, projectId: '1235' }, `Bearer ${bearer}`), null);
  const foreign = createNoticeAddresses(Buffer.alloc(32, 8), 'https://pay.example');
  assert.equal(foreign.read(path, `Bearer ${bearer}`), null);
});
