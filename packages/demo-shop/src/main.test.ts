import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newOrder } from './orders.ts';
import { openStore } from './store.ts';
import { callback, webhookHeaders } from './testing/fake-gate.ts';

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(dataDir: string, gateUrl = 'http://127.0.0.1:9'): Promise<Running> {
  const child = fork(new URL('main.ts', import.meta.url), {
    env: { DATA_DIR: dataDir, SHOP_PORT: '0', GATE_URL: gateUrl, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let printed = '';
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk);
    if (printed.includes('\n')) break;
  }
  const url = /^Demo shop on (http:\S+)\n$/.exec(printed)?.[1];
  assert.ok(url, printed);
  return { child, url };
}

async function end(child: ChildProcess, how: () => void): Promise<unknown> {
  const exit = once(child, 'exit');
  how();
  return (await exit)[0];
}

test('orders outlive the process, which a signal or a lost parent ends cleanly', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'demo-shop-main-'));
  t.after(() => rmSync(dataDir, { recursive: true }));

  const first = await start(dataDir);
  const kept = callback({ id: 'kept', status: 'success' });
  const reply = await fetch(`${first.url}/callbacks`, {
    method: 'POST',
    headers: webhookHeaders(kept),
    body: kept,
  });
  assert.deepEqual([reply.status, await reply.text()], [200, '']);
  const code = await end(first.child, () => {
    first.child.kill('SIGTERM');
    first.child.kill('SIGINT');
  });
  assert.equal(code, 0);

  const second = await start(dataDir);
  const orders = (await (await fetch(`${second.url}/orders`)).json()) as { payment_id: string; status: string }[];
  assert.deepEqual(
    orders.map((order) => [order.payment_id, order.status]),
    [['kept', 'success']],
  );
  assert.equal(await end(second.child, () => second.child.disconnect()), 0);
});

test('bad settings end the start with every fault and status 2', async () => {
  const child = fork(new URL('main.ts', import.meta.url), {
    env: { SHOP_PORT: 'x', GATE_URL: 'y' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 2);
  assert.match(printed, /SHOP_PORT[^]*GATE_URL/);
});

test('a stop does not wait for a platform that never answers', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'demo-shop-main-'));
  t.after(() => rmSync(dataDir, { recursive: true }));
  const gate = createServer().listen(0, '127.0.0.1');
  await once(gate, 'listening');
  t.after(() => {
    gate.closeAllConnections();
    gate.close();
  });
  const store = openStore(dataDir);
  for (let index = 0; index < 40; index++) {
    const bought = { phone: '77011234567', amountMinor: 100, currency: 'KZT', goods: 'coffee' };
    store.save(newOrder({ ...bought, paymentId: `overdue-${index}`, startedHere: true, stage: 'taken' }, 0));
  }
  store.close();

  const checked = once(gate, 'request') as Promise<[IncomingMessage]>;
  const { child, url } = await start(dataDir, `http://127.0.0.1:${(gate.address() as AddressInfo).port}`);
  assert.equal((await checked)[0].url, '/v2/payment/status');
  const bought = once(gate, 'request') as Promise<[IncomingMessage]>;
  const form = { payment_id: 'order-0000000a', phone: '77011234567', amount: '1200', goods: 'coffee', way: 'gate' };
  const page = fetch(`${url}/buy`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams(form),
  });
  assert.equal((await bought)[0].url, '/v2/payment/mobile/sale');
  const before = performance.now();
  assert.equal(await end(child, () => child.kill('SIGTERM')), 0);
  const tookMs = performance.now() - before;
  // The client alone would wait ten seconds for each answer.
  assert.ok(tookMs < 8_000, `${tookMs} ms`);
  assert.equal((await page).status, 200);

  const reopened = openStore(dataDir);
  assert.deepEqual([reopened.order('order-0000000a')?.stage, reopened.due(Date.now(), 99).length], ['sending', 39]);
  reopened.close();
});
