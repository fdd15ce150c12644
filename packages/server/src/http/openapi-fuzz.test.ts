import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { endpoints } from '@rocketpay/contract/openapi/endpoints.ts';
import { fuzzCases } from '../testing/fuzz.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const seconds = 8;
const stateful = ['submitCode', 'resendCode', 'requestStatus'];
/** Enough for every operation, on the slowest machine. */
const least = 400;

test('hostile requests from the document bring no 500, and every answer is documented', async () => {
  const seed = randomInt(2 ** 31);
  const platform = await openPlatform(pool());
  const statuses = new Map<string, number>();
  const end = performance.now() + seconds * 1_000;
  let sent = 0;
  for (const { path, body } of fuzzCases(seed, 'test-secret')) {
    if (performance.now() > end && sent >= least) break;
    sent++;
    const says = `seed ${seed}, case ${sent}: POST ${path}\n${body.subarray(0, 2_000).toString()}`;
    // What the answer must look like is held to the document by `post` itself.
    const { status, text } = await platform.post(path, body).catch((error: unknown) => {
      throw new Error(says, { cause: error });
    });
    assert.ok(status < 500, `${says}\n${text}`);
    const key = `${path} ${status}`;
    statuses.set(key, (statuses.get(key) ?? 0) + 1);
    if (sent % 100 === 0) await platform.pass(90_000);
  }
  assert.deepEqual(platform.errors, [], `seed ${seed}`);
  for (const { path, operationId, tag } of endpoints) {
    // Whether these are possible is a matter of what the others happened to do, and of ids that nobody can guess.
    const wanted = tag === 'Refund' || stateful.includes(operationId) ? [400] : [200, 400];
    for (const status of wanted) assert.ok(statuses.has(`${path} ${status}`), `seed ${seed}: no ${status} of ${path}`);
  }
  platform.merchant.story();
});
