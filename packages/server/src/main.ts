import { readConfig } from './config.ts';
import { startPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { hasOtherSessions } from './db/sessions.ts';
import { createLog } from './log.ts';
import { createPlatform, type Platform } from './platform.ts';

/** Longest wait for what is on its way; what is left is found again by its due time at the next start. */
const STOP_WITHIN_MS = 10_000;

const result = readConfig();
if (!result.ok) {
  process.stderr.write(`The platform cannot start:\n${result.faults.map((fault) => `  - ${fault}\n`).join('')}`);
  process.exit(2);
}
const { config, warnings } = result;
const log = createLog(config.logLevel);
for (const warning of warnings) log.warn(warning);

// Listened for before anything is started: a starter that dies early leaves no orphan.
const asked = Promise.withResolvers<void>();
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => asked.resolve());

const database =
  config.databaseUrl === null ? await startPostgres({ dataDir: config.dataDir, log: (line) => log.info(line) }) : null;
const databaseUrl = database?.url ?? config.databaseUrl ?? '';
await migrate(databaseUrl);
const platform = await createPlatform(config, databaseUrl, log).catch(async (error: Error) => {
  log.error({ err: error }, 'the platform cannot start');
  if (database && !database.adopted) await database.stop();
  process.exit(1);
});
await platform.app.listen({ host: config.host, port: config.port });
log.info(`platform listening on http://${config.host}:${config.port} (${config.mode})`);

await asked.promise;
await stopInTime(platform);
// A server that was there before us stays while others work on it.
if (database && !(database.adopted && (await hasOtherSessions(databaseUrl)))) await database.stop();
process.exit(0);

async function stopInTime(running: Platform): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref());
  await Promise.race([running.stop(), late]);
}
