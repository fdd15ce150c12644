import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { callback } from './testing/fake-gate.ts';

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

async function start(dataDir: string): Promise<Running> {
  const child = fork(new URL('main.ts', import.meta.url), {
    env: { DATA_DIR: dataDir, SHOP_PORT: '0', GATE_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'silent' },
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
  const reply = await fetch(`${first.url}/callbacks`, {
    method: 'POST',
    body: callback({ id: 'kept', status: 'success' }),
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
