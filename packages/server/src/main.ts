import { pino } from 'pino';
import { readConfig } from './config.ts';
import { startPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { createPlatform } from './platform.ts';

/** Longest wait for what is on its way; what is left is found again by its due time at the next start. */
const STOP_WITHIN_MS = 10_000;

const result = readConfig();
if (!result.ok) {
  process.stderr.write(`The platform cannot start:\n${result.faults.map((fault) => `  - ${fault}\n`).join('')}`);
  process.exit(2);
}
const { config, warnings } = result;
const log = pino({ level: config.logLevel, base: null });
for (const warning of warnings) log.warn(warning);

const database = config.databaseUrl === null ? await startPostgres({ dataDir: config.dataDir, log: (line) => log.info(line) }) : null;
const databaseUrl = database?.url ?? config.databaseUrl ?? '';
await migrate(databaseUrl);
const platform = await createPlatform(config, databaseUrl, log);
await platform.app.listen({ host: config.host, port: config.port });
log.info(`platform listening on http://${config.host}:${config.port} (${config.mode})`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const inTime = new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref());
  await Promise.race([platform.stop(), inTime]);
  await database?.stop();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.on('disconnect', () => void stop());
