import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paymentsOfCommand } from './command-payments.ts';
import { readConfig } from './config.ts';
import { reachConfirming } from './testing/purchase.ts';
import { openPlatform } from './testing/test-platform.ts';
import { usePool } from './testing/test-pool.ts';

const pool = usePool();

test('what a command settles is told as of the provider that the settings choose', async () => {
  const platform = await openPlatform(pool());
  platform.provider.always('lookUp', { kind: 'unanswered', why: 'no answer' });
  await reachConfirming(platform, 'order-1');
  await platform.pass(86_460_000);
  const result = readConfig({ PROVIDER: 'saiga' });
  assert.ok(result.ok);
  const parts = { config: result.config, pool: pool(), projects: platform.projects, masterKey: Buffer.alloc(32, 9) };
  const payments = await paymentsOfCommand(parts);
  const word = { operationNo: 1, as: 'succeeded', by: 'Aigerim', note: 'Their letter' } as const;
  assert.equal((await payments.settle({ projectId: 1234, paymentKey: 'order-1' }, word)).kind, 'changed');
  const { rows } = await pool().query<{ body: string }>('SELECT body FROM callbacks ORDER BY callback_no DESC LIMIT 1');
  const { operation } = JSON.parse(rows[0]?.body ?? '') as { operation: { provider: { id: number } } };
  assert.equal(operation.provider.id, 2);
});
