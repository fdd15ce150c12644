import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startPostgres } from '../packages/server/src/db/embedded-postgres.ts';
import { type Child, startChild } from './launcher/child.ts';
import {
  childEnvironment,
  type LauncherConfig,
  processEnvironment,
  readLauncherConfig,
  urlsOf,
} from './launcher/config.ts';
import { allFaults } from './launcher/faults.ts';
import { lockFolder } from './launcher/folder-lock.ts';
import { waitForFreePorts } from './launcher/ports.ts';
import { waitUntilReady } from './launcher/readiness.ts';
import { welcome } from './launcher/welcome.ts';

const top = dirname(import.meta.dirname);
/** An earlier start that is stopping may need its children's 15 s and PostgreSQL's last checkpoint. */
const lockWaitMs = 20_000;
const portWaitMs = 15_000;
const readyLimitMs = 60_000;
/** A signal to the whole process group reaches the children too, and one may be gone before we hear of it. */
const signalGraceMs = 300;
const postgresCheckMs = 1_000;

type End = { exitCode: number; why?: string };

const running: { children: Child[]; postgres?: EmbeddedPostgres; lock?: { release(): void } } = { children: [] };
const ending = Promise.withResolvers<End>();
const stopping = new AbortController();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end({ exitCode: 0 }));
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

function end(how: End): void {
  ending.resolve(how);
  stopping.abort();
}

function say(line: string): void {
  console.log(line);
}

function printOf(name: string, line: string): void {
  const prefix = `${name.padEnd(9)} | `;
  process.stdout.write(process.stdout.isTTY ? `\u001b[2m${prefix}\u001b[22m${line}\n` : `${prefix}${line}\n`);
}

async function start(config: LauncherConfig): Promise<void> {
  const startedAt = performance.now();
  const sandbox = config.mode === 'sandbox';
  mkdirSync(config.dataDir, { recursive: true });
  running.lock = await lockFolder(join(config.dataDir, 'sandbox.lock'), {
    waitMs: lockWaitMs,
    onWait: (pid) => say(`Another start (pid ${pid}) uses ${config.dataDir}; waiting for it to stop ...`),
  });
  stopping.signal.throwIfAborted();
  const PORT = { host: config.platformHost, port: config.port };
  const SIMULATOR_PORT = { host: config.simulatorHost, port: config.simulatorPort };
  const SHOP_PORT = { host: config.shopHost, port: config.shopPort };
  await waitForFreePorts(sandbox ? { PORT, SIMULATOR_PORT, SHOP_PORT } : { PORT }, {
    waitMs: portWaitMs,
    onWait: (busy) => say(`Port ${busy} is in use; waiting for it ...`),
  });
  stopping.signal.throwIfAborted();
  const environment = childEnvironment(config, config.databaseUrl ?? (await ownDatabase(config)), processEnvironment());
  stopping.signal.throwIfAborted();

  const launch = (name: string, folder: string) =>
    watch(startChild(name, join(top, 'packages', folder, 'src/main.ts'), environment, printOf));
  // In production the operator may be away while the platform starts: it listens all the same, and its health says so.
  const health = sandbox ? 'ready' : 'live';
  const urls = urlsOf(config);
  const ready = (url: string) =>
    waitUntilReady(`${url}/health/${health}`, {
      limitMs: readyLimitMs,
      signal: stopping.signal,
      onProgress: say,
    });
  if (sandbox) launch('simulator', 'simulator');
  launch('platform', 'server');
  await ready(urls.platform);
  if (sandbox) {
    launch('shop', 'demo-shop');
    await ready(urls.shop);
  }
  say(`\n${welcome(config, { top, tookMs: performance.now() - startedAt, now: new Date() })}\n`);
}

async function ownDatabase(config: LauncherConfig): Promise<string> {
  say('Starting PostgreSQL ...');
  const postgres = await startPostgres({ dataDir: config.dataDir, log: say });
  running.postgres = postgres;
  if (postgres.adopted) say('A PostgreSQL server left over by an earlier start goes on.');
  const check = setInterval(() => {
    if (!postgres.running())
      end({ exitCode: 1, why: `PostgreSQL ended by itself; see ${config.dataDir}/postgres/log` });
  }, postgresCheckMs);
  stopping.signal.addEventListener('abort', () => clearInterval(check));
  return postgres.url;
}

function watch(child: Child): void {
  running.children.push(child);
  void child.ended.then(async (how) => {
    await sleep(signalGraceMs);
    end({ exitCode: 1, why: `The ${child.name} ${how}.` });
  });
}

async function main(): Promise<number> {
  const { config, faults: ownFaults } = readLauncherConfig(processEnvironment());
  const faults = allFaults(config, ownFaults, processEnvironment());
  if (faults.length > 0) {
    console.error(['Nothing is started: these settings are wrong.', ...faults].join('\n  '));
    return 1;
  }
  const starting = start(config).catch((error: unknown) => {
    if (!stopping.signal.aborted) end({ exitCode: 1, why: error instanceof Error ? error.message : String(error) });
  });
  const { exitCode, why } = await ending.promise;
  if (why !== undefined) console.error(`\n${why}`);
  say('Stopping ...');
  await Promise.all([starting, ...running.children.map((child) => child.stop())]);
  await Promise.all(running.children.map((child) => child.stop()));
  await running.postgres?.stop();
  running.lock?.release();
  say(exitCode === 0 ? 'Stopped.' : 'Stopped. npm start goes on with the same data.');
  return exitCode;
}

/** The parts by the names `npm start -- NAME` takes; each runs alone in this process, with its own settings. */
const parts: Readonly<Record<string, string>> = { platform: 'server', simulator: 'simulator', shop: 'demo-shop' };

const [name] = process.argv.slice(2);
const folder = parts[name ?? ''];
if (folder !== undefined) {
  await import(join(top, 'packages', folder, 'src/main.ts'));
} else if (name !== undefined) {
  console.error(
    `There is no part called "${name}"; expected one of ${Object.keys(parts).join(', ')}, or nothing for the whole sandbox.`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await main();
  // A child's grandchild may hold our pipes open.
  process.exit();
}
