import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openAdmin } from '../testing/admin.ts';
import { buy, reachConfirming, statusOf } from '../testing/purchase.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';
import { nouns } from './nouns.ts';

const pool = usePool();
const DAY_MS = 86_400_000;
const guide = await readFile(new URL('../../../../docs/guides/projects.md', import.meta.url), 'utf8');
const samples = [...guide.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, text]) => (text ?? '').trim().split('\n'));

/** A line's words as a shell has them: the guide quotes with double quotes only. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** The payments that the guide speaks of. */
async function prepare(platform: TestPlatform): Promise<void> {
  await buy(platform, 'payment_48');
  await pool().query(`INSERT INTO incidents (project_id, payment_key, operation_no, kind, at, detail)
    VALUES (1234, 'payment_48', 1, 'charged_again', now(), 'charged_again while succeeded')`);
  platform.provider.always('lookUp', { kind: 'unanswered', why: 'no answer' });
  await reachConfirming(platform, 'payment_47');
  await platform.pass(DAY_MS + 60_000);
}

test('every command of the guide does what it says, in the guide’s order', async () => {
  const platform = await openPlatform(pool());
  await prepare(platform);
  const rocketpay = openAdmin(pool(), { clock: platform.clock, payments: async () => platform.payments });
  assert.ok(samples.length > 15);
  for (const line of samples) {
    const [npx, program, ...args] = wordsOf(line);
    assert.deepEqual([npx, program], ['npx', 'rocketpay'], line);
    assert.doesNotMatch(await rocketpay(...args), /^(refused|nothing changed)/, line);
  }
  await platform.idle();
  assert.match(await statusOf(platform, 'payment_47'), /^success /);
  assert.equal(await rocketpay('incident', 'list'), 'no incidents\n');
});

test('the guide shows every verb about projects and incidents', () => {
  const shown = new Set(samples.map((line) => line.split(' ').slice(2, 4).join(' ')));
  for (const { name, verbs } of nouns) {
    if (!['project', 'secret', 'callback-secret', 'incident', 'changes'].includes(name)) continue;
    for (const verb of Object.keys(verbs)) assert.ok(shown.has(`${name} ${verb}`), `${name} ${verb}`);
  }
});
