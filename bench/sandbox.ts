import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startPostgres } from '../packages/server/src/db/embedded-postgres.ts';
import { type Environment, processEnvironment } from '../tools/launcher/config.ts';
import { waitUntilReady } from '../tools/launcher/readiness.ts';
import { type Running, startProcess, type Starting } from './processes.ts';

const top = dirname(import.meta.dirname);
const readyLimitMs = 30_000;

/** What every bench starts from: an empty folder, a PostgreSQL over it, and what is needed to start processes. */
export type Ground = {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly environment: Environment;
  readonly run: AbortController;
  readonly print: (line: string) => void;
  /** Ends all that was started, last first, and removes the folder. */
  readonly ending: AsyncDisposableStack;
};

export type Sandbox = {
  readonly gateUrl: string;
  readonly simulatorUrl: string;
  readonly platform: Running;
  readonly simulator: Running;
  /** Starts a simulator that was killed again, over the same data; resolves once it is ready. */
  restartSimulator(): Promise<void>;
};

export async function prepareGround(
  run: AbortController,
  print: (line: string) => void,
  ending: AsyncDisposableStack,
): Promise<Ground> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rocketpay-bench-'));
  ending.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const postgres = await startPostgres({ dataDir, log: print });
  ending.defer(() => postgres.stop());
  run.signal.throwIfAborted();
  return { dataDir, databaseUrl: postgres.url, environment: processEnvironment(), run, print, ending };
}

/** The simulator and the platform, ready; settings that the user gave hold, but for addresses and the folder. */
export async function startSandbox(
  ground: Ground,
  options: { callbackUrl: string; platformArguments: readonly string[] },
): Promise<Sandbox> {
  const [port, simulatorPort] = await freePorts();
  const gateUrl = `http://127.0.0.1:${port}`;
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const environment = {
    ...ground.environment,
    MODE: 'sandbox',
    PLATFORM_HOST: '127.0.0.1',
    PORT: String(port),
    SIMULATOR_HOST: '127.0.0.1',
    SIMULATOR_PORT: String(simulatorPort),
    DATA_DIR: ground.dataDir,
    DATABASE_URL: ground.databaseUrl,
    MASTER_KEY: '',
    PUBLIC_URL: gateUrl,
    PROVIDER_URL: simulatorUrl,
    SIMULATOR_CLIENT_ID: 'rocketpay',
    SIMULATOR_CLIENT_SECRET: 'simulator-secret',
    PROVIDER_CLIENT_ID: 'rocketpay',
    PROVIDER_CLIENT_SECRET: 'simulator-secret',
    SANDBOX_CALLBACK_URL: options.callbackUrl,
    LOG_LEVEL: 'warn',
  };
  const main = (folder: string) => join(top, 'packages', folder, 'src/main.ts');
  const startSimulator = async (): Promise<Running> => {
    const started = start(ground, { name: 'simulator', script: main('simulator'), environment });
    await ready(`${simulatorUrl}/health/ready`, ground);
    return started;
  };
  const simulator = await startSimulator();
  const nodeArguments = options.platformArguments;
  const platform = start(ground, { name: 'platform', script: main('server'), environment, nodeArguments });
  await ready(`${gateUrl}/health/ready`, ground);
  const restartSimulator = async (): Promise<void> => void (await startSimulator());
  return { gateUrl, simulatorUrl, platform, simulator, restartSimulator };
}

export function start(ground: Ground, process: Omit<Starting, 'print' | 'run'>): Running {
  const running = startProcess({ ...process, print: ground.print, run: ground.run });
  ground.ending.defer(() => running.stop());
  return running;
}

const ready = (url: string, { run, print }: Ground): Promise<void> =>
  waitUntilReady(url, { limitMs: readyLimitMs, signal: run.signal, onProgress: print });

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) server.close();
  await Promise.all(servers.map((server) => once(server, 'close')));
  return [ports[0] ?? 0, ports[1] ?? 0];
}
