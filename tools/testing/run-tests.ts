import { randomInt } from 'node:crypto';
import { selectGroups } from './groups.ts';
import { runGroup, type Totals } from './run-group.ts';
import { startTestServer } from './test-server.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the chosen tests group by group.
 *
 * @throws Error when the choice chooses nothing, or the database for the tests can not be made
 */
export async function runTests(options: {
  top: string;
  selection: readonly string[];
  seed: number | undefined;
  environment: Environment;
  print: (line: string) => void;
}): Promise<Totals> {
  const { top, print } = options;
  const groups = selectGroups(top, options.selection);
  const seed = options.seed ?? randomInt(2 ** 31);
  print(`Order by seed ${seed}; npm test -- --seed ${seed} repeats it.`);
  const environment = Object.fromEntries(
    Object.entries(options.environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  delete environment['NODE_TEST_CONTEXT'];

  const needsDatabase = groups.some((group) => group.needsDatabase);
  const server = needsDatabase ? await startTestServer(environment['TEST_DATABASE_URL']) : undefined;
  const stop = () => void server?.stop().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    const totals = { passed: 0, failed: 0 };
    if (server) Object.assign(environment, { TEST_DATABASE_URL: server.url, TEST_TEMPLATE: server.template });
    for (const group of groups) {
      const started = performance.now();
      print(`${group.name} (${group.files.length} files)`);
      const { passed, failed } = await runGroup(group, { top, seed, environment, print });
      totals.passed += passed;
      totals.failed += failed;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      print(`${group.name}: ${passed} passed, ${failed} failed, ${seconds} s`);
    }
    return totals;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    await server?.stop();
  }
}
