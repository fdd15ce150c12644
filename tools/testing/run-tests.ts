import { randomInt } from 'node:crypto';
import { selectGroups } from './groups.ts';
import { runGroup, type Totals } from './run-group.ts';
import { catchStopSignals, waitForChildren } from './stop-signals.ts';
import { startTestServer, type TestServer } from './test-server.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the chosen tests group by group. A signal stops them, and ends this process once all is cleaned up.
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
  const stopping = catchStopSignals();
  let server: TestServer | undefined;
  try {
    if (needsDatabase) server = await startTestServer(environment['TEST_DATABASE_URL']);
    const totals = { passed: 0, failed: 0 };
    if (server) Object.assign(environment, { TEST_DATABASE_URL: server.url, TEST_TEMPLATE: server.template });
    for (const group of groups) {
      if (stopping.signal.aborted) break;
      const started = performance.now();
      print(`${group.name} (${group.files.length} files)`);
      const { passed, failed } = await runGroup(group, { top, seed, environment, print, signal: stopping.signal });
      if (stopping.signal.aborted) break;
      totals.passed += passed;
      totals.failed += failed;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      print(`${group.name}: ${passed} passed, ${failed} failed, ${seconds} s`);
    }
    return totals;
  } finally {
    if (stopping.signal.aborted) {
      print('Stopping ...');
      await waitForChildren();
    }
    await server?.stop();
    const exitCode = stopping.exitCode();
    if (exitCode !== undefined) process.exit(exitCode);
    stopping.release();
  }
}
