import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpoints } from '@rocketpay/contract/openapi/endpoints.ts';
import { fuzzCases } from '../testing/fuzz.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const seconds = 8;
/** One for all runs: what fails, fails again. `tools/fuzz.ts` takes a new one each time and goes further. */
const seed = 4_711;
const stateful = ['submitCode', 'resendCode', 'requestStatus'];
/** What has not been answered once by then never is, however slow the machine. */
const most = 20_000;
// Whether these are possible is a matter of what the others happened to do, and of ids that nobody can guess.
const wanted = endpoints.flatMap(({ path, operationId, tag }) =>
  (tag === 'Refund' || stateful.includes(operationId) ? [400] : [200, 400]).map((status) => `${path} ${status}`),
);

test('hostile requests from the document bring no 500, and every answer is documented', async () => {
  const platform = await openPlatform(pool());
  const met = new Set<string>();
  const missing = (): string | undefined => wanted.find((each) => !met.has(each));
  const end = performance.now() + seconds * 1_000;
  let sent = 0;
  for (const { path, body } of fuzzCases(seed, 'test-secret')) {
    if (performance.now() > end && (missing() === undefined || sent >= most)) break;
    sent++;
    const says = `seed ${seed}, case ${sent}: POST ${path}\n${body.subarray(0, 2_000).toString()}`;
    // What the answer must look like is held to the document by `post` itself.
    const { status, text } = await platform.post(path, body).catch((error: unknown) => {
      throw new Error(says, { cause: error });
    });
    assert.ok(status < 500, `${says}\n${text}`);
    met.add(`${path} ${status}`);
    if (sent % 100 === 0) await platform.pass(90_000);
  }
  assert.deepEqual(platform.errors, [], `seed ${seed}`);
  assert.equal(missing(), undefined, `seed ${seed}, after ${sent} cases`);
  platform.merchant.story();
});
