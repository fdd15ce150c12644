import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { openStore } from './store.ts';

const CHECK_EVERY_MS = 5_000;

const read = readConfig();
if (!read.ok) {
  for (const fault of read.faults) console.error(fault);
  process.exit(2);
}
const { config } = read;
const store = openStore(config.dataDir);
const { http, shop } = buildApp(config, store);

let checking: Promise<void> = Promise.resolve();
let isChecking = false;
const checks = setInterval(() => {
  if (isChecking) return;
  isChecking = true;
  checking = shop
    .checkDue()
    .catch((error: unknown) => http.log.error({ err: error }, 'asking for overdue orders failed'))
    .finally(() => {
      isChecking = false;
    });
}, CHECK_EVERY_MS);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(checks);
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
