import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { settingsOfProcess } from '../config.ts';
import { createSaiga } from './server.ts';

const settings = settingsOfProcess();
if ('faults' in settings) {
  console.error(`Saiga cannot start:\n${settings.faults.map((text) => `  ${text}`).join('\n')}`);
  process.exit(2);
}

const server = createSaiga({ merchant: settings.clientId, secret: settings.clientSecret });
server.listen(settings.port, settings.host);
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
console.log(`Saiga listening on http://${settings.host}:${port}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
if (process.send !== undefined) process.on('disconnect', () => process.exit(0));
