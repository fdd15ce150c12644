import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { processEnvironment } from './launcher/config.ts';
import { runTests } from './testing/run-tests.ts';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' } } });
  if (values.seed !== undefined && !/^\d{1,10}$/.test(values.seed)) throw new Error('--seed takes a whole number.');
  const { passed, failed } = await runTests({
    top: dirname(import.meta.dirname),
    selection: positionals,
    seed: values.seed === undefined ? undefined : Number(values.seed),
    environment: processEnvironment(),
    print: (line) => console.log(line),
  });
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 1;
});
