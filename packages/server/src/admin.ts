#!/usr/bin/env node
import { resolve } from 'node:path';
import { runCommand, UsageError, type OpenPlatform } from './admin/admin.ts';
import { createAddressRule } from './callbacks/callbacks.ts';
import { systemClock } from './clock.ts';
import { paymentsOfCommand } from './command-payments.ts';
import { readConfig, type Config } from './config.ts';
import { hasCluster, startPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { createPool } from './db/pool.ts';
import { hasOtherSessions } from './db/sessions.ts';
import { deriveKey, loadMasterKey } from './master-key.ts';
import { createIncidents } from './payments/payments.ts';
import {
  checkMasterKey,
  createProjectEdits,
  createProjects,
  createProjectStore,
  createSecretBox,
  WrongMasterKey,
} from './projects/projects.ts';

/** A forgotten setting shall not leave an empty platform and a new master key behind. */
const noData = (dataDir: string): UsageError =>
  new UsageError(
    `there is no database in ${resolve(dataDir)}: set DATA_DIR to the platform's data folder, or DATABASE_URL to its ` +
      'database; for a new platform start it once, or begin with rocketpay project create',
  );

/** Gives a command the platform's rooms: over the database of a running platform, or over its own for as long as it takes. */
async function withPlatform(config: Config, ...[{ by, mayComeFirst }, use]: Parameters<OpenPlatform>): Promise<string> {
  if (config.databaseUrl === null && !hasCluster(config.dataDir)) {
    if (!mayComeFirst) throw noData(config.dataDir);
    process.stderr.write(`there is no database in ${resolve(config.dataDir)} yet: making one\n`);
  }
  const database = config.databaseUrl === null ? await startPostgres({ dataDir: config.dataDir }) : null;
  const databaseUrl = database?.url ?? config.databaseUrl ?? '';
  const pool = createPool({ databaseUrl, maxConnections: 2, onError: () => undefined });
  try {
    await migrate(databaseUrl);
    const masterKey = await loadMasterKey(config.masterKey, config.dataDir);
    const box = createSecretBox(deriveKey(masterKey, 'secrets'));
    await checkMasterKey(pool, box);
    process.stderr.write(
      `${config.mode}, ${config.databaseUrl === null ? `data in ${config.dataDir}` : 'database of DATABASE_URL'}\n`,
    );
    const production = config.mode === 'production';
    const projects = createProjects({ store: createProjectStore(pool), box, clock: systemClock, production });
    const progress = (line: string): void => void process.stderr.write(`${line}\n`);
    return await use({
      by,
      clock: systemClock,
      pool,
      box,
      projects,
      edits: createProjectEdits(pool, box),
      incidents: createIncidents(pool),
      mayCallBack: createAddressRule(config.callbackAllowedNetworks),
      progress,
      payments: () => paymentsOfCommand({ config, pool, projects, masterKey }),
    });
  } finally {
    await pool.end();
    // A platform that started meanwhile works on it, and stops it in its turn.
    if (database && !database.adopted && !(await hasOtherSessions(databaseUrl))) await database.stop();
  }
}

try {
  const output = await runCommand(process.argv.slice(2), async (call, use) => {
    const result = readConfig();
    if (!result.ok) throw new UsageError(result.faults.join('\n'));
    return withPlatform(result.config, call, use);
  });
  process.stdout.write(output);
} catch (error) {
  const expected =
    error instanceof UsageError ||
    error instanceof WrongMasterKey ||
    (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = expected ? 2 : 1;
}
