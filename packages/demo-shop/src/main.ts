import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { openStore } from './store.ts';

const CHECK_EVERY_MS = 5_000;
/** How long a stop waits for the platform's answers, and then for the browsers to be told. */
const GIVE_UP_AFTER_MS = 1_000;
const CUT_OFF_AFTER_MS = 1_500;

const read = readConfig();
if (!read.ok) {
  for (const fault of read.faults) console.error(fault);
  process.exit(2);
}
const { config } = read;
const store = openStore(config.dataDir);
const platform = new AbortController();
const { http, shop } = buildApp(config, store, { signal: platform.signal });

let checking: Promise<void> = Promise.resolve();
let isChecking = false;
function check(): void {
  if (isChecking) return;
  isChecking = true;
  checking = shop
    .checkDue()
    .catch((error: unknown) => http.log.error({ err: error }, 'asking for overdue orders failed'))
    .finally(() => {
      isChecking = false;
    });
}
const checks = setInterval(check, CHECK_EVERY_MS);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(checks);
  shop.stopChecks();
  setTimeout(() => platform.abort(), GIVE_UP_AFTER_MS).unref();
  setTimeout(() => http.server.closeAllConnections(), CUT_OFF_AFTER_MS).unref();
  await http.close();
  await checking;
  store.close();
  if (process.connected) process.disconnect?.();
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
if (process.send) process.on('disconnect', () => void stop());

const address = await http.listen({ port: config.port, host: config.host });
console.log(`Demo shop on ${address}`);
check();
