import { settingsOfProcess } from './config.ts';
import { createSimulator } from './simulator.ts';

const settings = settingsOfProcess();
if ('faults' in settings) {
  console.error(`The simulator cannot start:\n${settings.faults.map((text) => `  ${text}`).join('\n')}`);
  process.exit(2);
}

try {
  const simulator = createSimulator({ settings });
  const url = await simulator.listen();
  const stop = () => void simulator.close().then(() => process.exit(0));
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started by another process: without it nobody would stop this one.
  if (process.send !== undefined) process.on('disconnect', stop);
  console.log(`Operator simulator listening on ${url}`);
} catch (error) {
  console.error(`The simulator cannot start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
