import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { urlOf } from './addresses.ts';
import { waitForFreePorts } from './ports.ts';

test('a server is asked where it listens, and a wildcard one on the loopback', () => {
  const urls = ['127.0.0.2', 'localhost', '0.0.0.0', '::', '::1', 'fd00::47'].map((host) => urlOf(host, 48_180));
  assert.deepEqual(urls, [
    'http://127.0.0.2:48180',
    'http://localhost:48180',
    'http://127.0.0.1:48180',
    'http://[::1]:48180',
    'http://[::1]:48180',
    'http://[fd00::47]:48180',
  ]);
});

test('a port is busy where it will be listened on; an address of another machine is named', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const atOnce = { waitMs: -1, onWait: () => {} };
  await assert.rejects(waitForFreePorts({ PORT: { host: '127.0.0.1', port } }, atOnce), /PORT/);
  await assert.rejects(waitForFreePorts({ PORT: { host: '0.0.0.0', port } }, atOnce), /PORT/);
  await assert.rejects(waitForFreePorts({ PORT: { host: '203.0.113.9', port } }, atOnce), /203\.0\.113\.9.*PORT/);
});
