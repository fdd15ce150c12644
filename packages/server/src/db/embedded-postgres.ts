import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { makeCluster } from './postgres-cluster.ts';
import { preparePostgresFolders, type PostgresFolders } from './postgres-folders.ts';
import { isPostmasterOf, livePostmaster, type Postmaster, readPostmaster } from './postgres-process.ts';
import { runProgram, startLog } from './postgres-program.ts';
import { serverSettings } from './postgres-settings.ts';

export { hasCluster } from './postgres-folders.ts';

/** The database and its user, who may do everything in this private server. */
const name = 'rocketpay';
const pollMs = 20;
/** A recovery after a crash replays up to max_wal_size of journal. */
const startLimitMs = 180_000;
const fastStopLimitMs = 60_000;
const immediateStopLimitMs = 20_000;

export type EmbeddedPostgres = {
  /** Database and user `rocketpay`, on a private socket. */
  url: string;
  /** True when the server was there already: left over by a killed start, or started by another process just now. */
  adopted: boolean;
  running(): boolean;
  /** Stops the server, adopted or not, and waits until it is gone. Open connections are cut, nothing durable is lost. */
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL over `<dataDir>/postgres`, making the cluster first where there is none, or adopts the server that
 * runs on it. Several processes may do so at once: one starts it, the others adopt it. The server has a process group of
 * its own and outlives its starter, until somebody calls `stop`.
 *
 * @throws Error that names the cause and what to do
 */
export async function startPostgres(options: {
  dataDir: string;
  log?: (line: string) => void;
}): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const folders = preparePostgresFolders(options.dataDir);
  await makeCluster(folders, name, log);
  const { postmaster, adopted } = await startOrAdopt(folders, log);
  const url = await ensureDatabase(postmaster);

  const running = () => isPostmasterOf(postmaster.pid, folders.cluster);
  let stopping: Promise<void> | undefined;
  return { url, adopted, running, stop: () => (stopping ??= stopPostmaster(postmaster.pid, running)) };
}

/**
 * PostgreSQL's own lock on the cluster decides between several starters: the loser's server ends at once, and the loser
 * adopts the winner's.
 */
async function startOrAdopt(
  folders: PostgresFolders,
  log: (line: string) => void,
): Promise<{ postmaster: Postmaster; adopted: boolean }> {
  let started: ChildProcess | undefined;
  let starts = 0;
  let awaited = '';
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    const found = livePostmaster(folders.cluster);
    if (found?.status === 'ready') return { postmaster: found, adopted: found.pid !== started?.pid };
    const ended = started !== undefined && (started.exitCode !== null || started.signalCode !== null);
    if (!found && (!started || ended)) {
      if (starts === 3) throw new Error(`PostgreSQL does not start:\n${startLog(folders)}`);
      starts += 1;
      started = startServer(folders);
    }
    if (found && found.pid !== started?.pid && awaited !== found.status) {
      awaited = found.status;
      log(`waiting for the PostgreSQL server that is here already (pid ${found.pid}, ${found.status})`);
    }
    await sleep(pollMs);
  }
  throw new Error(`PostgreSQL is not ready after ${startLimitMs / 1000} s:\n${startLog(folders)}`);
}

function startServer(folders: PostgresFolders): ChildProcess {
  // PostgreSQL takes a dead server's pid for a live one when another program has it now. It skips that check, and no
  // other, for the pid it is told to be its grandparent's; the check for surviving shared memory stays.
  const stale = readPostmaster(folders.cluster)?.pid;
  const settings = Object.entries(serverSettings(folders)).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const environment = stale === undefined ? {} : { PG_GRANDPARENT_PID: String(stale) };
  const child = runProgram(folders, 'postgres', ['-D', folders.cluster, ...settings], environment);
  child.unref();
  return child;
}

async function ensureDatabase({ socketFolder, port }: Postmaster): Promise<string> {
  const urlOf = (database: string) =>
    `postgres://${name}@localhost:${port}/${database}?host=${encodeURIComponent(socketFolder)}`;
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
  } catch (error) {
    const madeByAnother = ['42P04', '23505'].includes((error as pg.DatabaseError).code ?? '');
    if (!madeByAnother) throw error;
  } finally {
    await client.end();
  }
  return urlOf(name);
}

async function stopPostmaster(pid: number, running: () => boolean): Promise<void> {
  const attempts = [
    { signal: 'SIGINT', limitMs: fastStopLimitMs },
    { signal: 'SIGQUIT', limitMs: immediateStopLimitMs },
  ] as const;
  for (const { signal, limitMs } of attempts) {
    const deadline = Date.now() + limitMs;
    if (running()) process.kill(pid, signal);
    while (running() && Date.now() < deadline) await sleep(pollMs);
    if (!running()) return;
  }
  throw new Error(`PostgreSQL (pid ${pid}) does not stop`);
}
