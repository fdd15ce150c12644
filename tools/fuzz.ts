import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzzCases } from '../packages/server/src/testing/fuzz.ts';
import { assertDocumentedAnswer } from '../packages/server/src/testing/documented.ts';
import { processEnvironment, readLauncherConfig, urlsOf } from './launcher/config.ts';
import { sandboxProject } from './launcher/welcome.ts';

const usage = `node_modules/.bin/node tools/fuzz.ts [--seconds 60] [--seed N]: hostile requests, made from the OpenAPI
document, to the sandbox that runs. Ends with 1 at the first answer that is a 500 or not as documented, and prints the request.`;

/** Requests on their way at once. */
const atOnce = 8;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
  const seconds = Number(values.seconds ?? 60);
  const seed = Number(values.seed ?? randomInt(2 ** 31));
  if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
    console.error(usage);
    return 2;
  }
  const { platform } = urlsOf(readLauncherConfig(processEnvironment()).config);
  const cases = fuzzCases(seed, sandboxProject.secret);
  const statuses = new Map<number, number>();
  const end = performance.now() + seconds * 1_000;
  let sent = 0;
  let failed = 0;

  async function work(): Promise<void> {
    while (performance.now() < end && failed === 0) {
      const { value } = cases.next();
      if (value === undefined) return;
      const { path, body } = value as { path: string; body: Buffer<ArrayBuffer> };
      sent++;
      const number = sent;
      try {
        const response = await fetch(platform + path, { method: 'POST', body });
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        assertDocumentedAnswer(path, response.status, await response.text());
        if (response.status >= 500) throw new Error(`HTTP ${response.status}`);
      } catch (error) {
        failed++;
        console.error(`seed ${seed}, case ${number}: POST ${path}\n${body.toString()}\n`, error);
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  const counts = [...statuses].toSorted().map(([status, count]) => `${status}: ${count}`);
  console.log(`Seed ${seed}, ${sent} requests in ${seconds} s; ${counts.join(', ')}; ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
