import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

function start(t: TestContext, environment: Readonly<Record<string, string>>, ipc = false): ChildProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { SIMULATOR_PORT: '0', ...environment },
    stdio: ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line;
}

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'simulator-'));
  t.after(() => rmSync(made, { recursive: true }));
  return made;
}

test('faulty settings: exit 2 and all of them named', async (t) => {
  const child = start(t, { SIMULATOR_PORT: 'x', LOG_LEVEL: 'loud' });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = await once(child, 'close');
  assert.equal(code, 2);
  assert.match(text, /SIMULATOR_PORT.*\n.*LOG_LEVEL/);
});

test('it says where it listens, stops at SIGTERM, and at the end of its starter', async (t) => {
  const DATA_DIR = folder(t);
  const first = start(t, { DATA_DIR });
  const url = /http:\S+/.exec(await firstLine(first))?.[0] ?? '';
  assert.equal((await fetch(`${url}/health/ready`)).status, 200);
  const stopped = once(first, 'exit');
  first.kill('SIGTERM');
  first.kill('SIGTERM');
  assert.deepEqual(await stopped, [0, null]);

  const second = start(t, { DATA_DIR }, true);
  await firstLine(second);
  const ended = once(second, 'exit');
  second.disconnect();
  assert.deepEqual(await ended, [0, null]);
});

test('what was answered outlives kill -9', async (t) => {
  const DATA_DIR = folder(t);
  const first = start(t, { DATA_DIR });
  const url = /http:\S+/.exec(await firstLine(first))?.[0] ?? '';
  const basic = Buffer.from('rocketpay:simulator-secret').toString('base64');
  const token = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: bearer } = (await token.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const charging = { amount: 10, currency: 'KZT', description: 'A book' };
  const body = JSON.stringify({
    amountTransaction: {
      phoneNumber: '+77000000201',
      clientCorrelator: 'c1',
      referenceCode: 'payment_1',
      paymentAmount: { chargingInformation: charging },
    },
  });
  const root = '/carrier-billing/v0.5/payments';
  const prepared = await fetch(`${url}${root}/prepare`, { method: 'POST', headers, body });
  const { paymentId } = (await prepared.json()) as { paymentId: string };
  const confirmation = JSON.stringify({ phoneNumber: '+77000000201' });
  const confirmed = await fetch(`${url}${root}/${paymentId}/confirm`, { method: 'POST', headers, body: confirmation });
  assert.equal(confirmed.status, 202);
  const killed = once(first, 'exit');
  first.kill('SIGKILL');
  await killed;

  const again = /http:\S+/.exec(await firstLine(start(t, { DATA_DIR })))?.[0] ?? '';
  // The old token still opens: the platform need not notice a restart.
  const found = await fetch(`${again}${root}/${paymentId}`, { headers });
  assert.equal(((await found.json()) as { paymentStatus: string }).paymentStatus, 'succeeded');
  const ledger = await (await fetch(`${again}/ledger`)).text();
  assert.match(ledger, /^\{"kind":"charge","reference":"payment_1","correlator":"c1","amount":1000,/);
});
