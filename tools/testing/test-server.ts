import { globSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../packages/server/src/db/embedded-postgres.ts';
import { migrate } from '../../packages/server/src/db/migrate.ts';
import { isAlive, livePostmaster } from '../../packages/server/src/db/postgres-process.ts';
import { runSql } from '../../packages/server/src/db/test-database.ts';

const folderPrefix = 'rocketpay-test-';
/** Folders of runs and of the tests of PostgreSQL itself; the stories sweep their own. */
const leftOver = /^rocketpay(?:-test-| pg )(\d+)-/;

export type TestServer = {
  url: string;
  /** The name of a migrated database, to be cloned by tests and otherwise left alone. */
  template: string;
  stop(): Promise<void>;
};

/** A PostgreSQL server for one run of tests: the one given, else one of its own in a folder that goes with it. */
export async function startTestServer(givenUrl: string | undefined): Promise<TestServer> {
  removeLeftOvers();
  const template = `rocketpay_template_${process.pid}_${Date.now()}`;
  if (givenUrl !== undefined) {
    await makeTemplate(givenUrl, template);
    return {
      url: givenUrl,
      template,
      stop: () => runSql(givenUrl, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`),
    };
  }
  const dataDir = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  const server = await startPostgres({ dataDir });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server.url, template);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, template, stop };
}

async function makeTemplate(url: string, template: string): Promise<void> {
  await runSql(url, `CREATE DATABASE ${template}`);
  const inTemplate = new URL(url);
  inTemplate.pathname = `/${template}`;
  await migrate(inTemplate.href);
}

/** A run that was killed could not clean up after itself. */
function removeLeftOvers(): void {
  const temporary = realpathSync(tmpdir());
  for (const name of readdirSync(temporary)) {
    const pid = leftOver.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(temporary, name);
    try {
      for (const cluster of globSync('**/postgres/data', { cwd: folder })) {
        const server = livePostmaster(join(folder, cluster));
        if (server) process.kill(server.pid, 'SIGQUIT');
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    } catch {
      // Another account's left-overs are that account's to remove.
    }
  }
}
