import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Rocketpay } from './client.ts';
import { answer, client, failure, sale } from './test-kit/merchant.ts';
import { SECRET } from './test-kit/samples.ts';
import { startScriptedServer } from './test-kit/scripted-server.ts';

test('the secret shows up neither when the client is printed nor when a call fails', async () => {
  await using server = await startScriptedServer('cut', answer({}, 400));
  const rocketpay = client(server);
  const shown = [
    inspect(rocketpay, { depth: 9, showHidden: true }),
    JSON.stringify(rocketpay),
    inspect(await failure(rocketpay.submitCode({ paymentId: 'p', code: '987654' })), { depth: 9 }),
    inspect(await failure(rocketpay.submitCode({ paymentId: 'p', code: '987654' })), { depth: 9 }),
  ].join('\n');
  assert.ok(!shown.includes(SECRET) && !shown.includes('987654'));
});

test('options and amounts that cannot work are refused before anything is sent', async () => {
  const good = { projectId: 1234, secret: SECRET, baseUrl: 'http://127.0.0.1:9' };
  for (const bad of [
    { projectId: 0 },
    { projectId: 1.5 },
    { secret: '' },
    { baseUrl: 'ftp://gate' },
    { baseUrl: 'gate' },
  ]) {
    assert.throws(() => new Rocketpay({ ...good, ...bad }), TypeError);
  }
  for (const amountMinor of [10.5, Number.NaN, 2 ** 53]) {
    await assert.rejects(new Rocketpay(good).sale({ ...sale, amountMinor }), TypeError);
    await assert.rejects(new Rocketpay(good).refund({ paymentId: 'p', amountMinor, currency: 'KZT' }), TypeError);
  }
});
