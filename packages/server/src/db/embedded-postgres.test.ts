import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import pg from 'pg';
import { type EmbeddedPostgres, startPostgres } from './embedded-postgres.ts';

const folders: string[] = [];
const starts: Promise<EmbeddedPostgres>[] = [];
let isStopping = false;

function start(dataDir: string, log?: (line: string) => void): Promise<EmbeddedPostgres> {
  if (isStopping) throw new Error('the tests are stopping');
  const started = startPostgres(log ? { dataDir, log } : { dataDir });
  starts.push(started);
  return started;
}

function freshFolder(...deeper: string[]): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `rocketpay pg ${process.pid}-`));
  folders.push(folder);
  return join(folder, ...deeper);
}

async function cleanUp(): Promise<void> {
  isStopping = true;
  const started = await Promise.allSettled(starts);
  await Promise.allSettled(started.map((one) => one.status === 'fulfilled' && one.value.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

after(cleanUp);
// A test that is stopped runs no hooks, and the servers outlive their starter.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => void cleanUp().finally(() => process.exit(1)));
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const cluster = (dataDir: string) => join(dataDir, 'postgres', 'data');
const postmasterPid = (dataDir: string) =>
  Number(readFileSync(join(cluster(dataDir), 'postmaster.pid'), 'utf8').split('\n')[0]);

test('a stopped server is gone, and the next one finds its data', async () => {
  const dataDir = freshFolder('not yet', 'there');
  const first = await start(dataDir);
  assert.equal(first.adopted, false);
  await query(first.url, 'CREATE TABLE kept AS SELECT 47 AS answer');
  await first.stop();
  assert.equal(first.running(), false);
  await assert.rejects(query(first.url, 'SELECT 1'));

  const second = await start(dataDir);
  assert.equal(second.adopted, false);
  assert.deepEqual(await query(second.url, 'SELECT * FROM kept'), [{ answer: 47 }]);
});

test('a server left over by its starter is adopted, and can be stopped by the adopter', async () => {
  const dataDir = freshFolder();
  await start(dataDir);
  const pid = postmasterPid(dataDir);
  const adopter = await start(dataDir);
  assert.equal(adopter.adopted, true);
  assert.equal(postmasterPid(dataDir), pid);
  await query(adopter.url, 'SELECT 1');
  await adopter.stop();
  assert.equal(adopter.running(), false);
});

test('several starters at once share one server', async () => {
  const dataDir = freshFolder();
  const all = await Promise.all([1, 2, 3].map(() => start(dataDir)));
  assert.equal(all.filter((one) => !one.adopted).length, 1);
  assert.equal(new Set(all.map((one) => one.url)).size, 1);
  assert.deepEqual(readdirSync(join(dataDir, 'postgres')).sort(), ['data', 'log', 'run']);
});

test('a server that is stopping is waited for', async () => {
  const dataDir = freshFolder();
  const first = await start(dataDir);
  const client = new pg.Client({ connectionString: first.url });
  client.on('error', () => {});
  await client.connect();
  process.kill(postmasterPid(dataDir), 'SIGTERM');
  while (!readFileSync(join(cluster(dataDir), 'postmaster.pid'), 'utf8').includes('stopping')) {
    await query(first.url, 'SELECT 1').catch(() => {});
  }
  const second = await start(dataDir, () => void client.end());
  assert.equal(second.adopted, false);
  await query(second.url, 'SELECT 1');
});

test('the pid file of a killed server whose pid another program has now is no obstacle', async () => {
  const dataDir = freshFolder();
  const first = await start(dataDir);
  await query(first.url, 'CREATE TABLE kept AS SELECT 47 AS answer');
  const file = join(cluster(dataDir), 'postmaster.pid');
  const written = readFileSync(file, 'utf8');
  await first.stop();

  const { uid, gid } = statSync(cluster(dataDir));
  const account = process.getuid?.() === 0 ? { uid, gid } : {};
  const other = spawn('sleep', ['1000'], { ...account, cwd: '/', stdio: 'ignore' });
  await once(other, 'spawn');
  writeFileSync(file, written.replace(/^\d+/, String(other.pid)));
  const second = await start(dataDir);
  assert.equal(second.adopted, false);
  assert.deepEqual(await query(second.url, 'SELECT * FROM kept'), [{ answer: 47 }]);
  other.kill('SIGKILL');
});

test('a cluster left half-made by a killed start is made anew, other files are left alone', async () => {
  const dataDir = freshFolder();
  const home = join(dataDir, 'postgres');
  mkdirSync(join(home, 'data.new-999999999-12345-1', 'base'), { recursive: true });
  writeFileSync(join(dataDir, 'notes.txt'), 'mine');
  const server = await start(dataDir);
  await server.stop();
  assert.deepEqual(readdirSync(home).sort(), ['data', 'log', 'run']);
  assert.equal(readFileSync(join(dataDir, 'notes.txt'), 'utf8'), 'mine');
  assert.equal(statSync(join(dataDir, 'notes.txt')).uid, process.getuid?.());
});

test('the server is durable, speaks UTF-8 and UTC, and listens on a socket of its own only, however deep its folder', async () => {
  const dataDir = freshFolder('deep'.repeat(20), 'deeper'.repeat(10));
  const server = await start(dataDir);
  await query(server.url, 'ALTER SYSTEM SET synchronous_commit = off');
  await query(server.url, 'SELECT pg_reload_conf()');
  const later = await start(dataDir);

  const shown: Record<string, unknown> = {};
  for (const row of await query(later.url, 'SELECT name, setting FROM pg_settings')) {
    shown[String(row['name'])] = row['setting'];
  }
  const expected = {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    listen_addresses: '',
    server_encoding: 'UTF8',
    TimeZone: 'UTC',
    max_connections: '60',
    data_checksums: 'on',
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(shown[name], value, name);

  const socketFolder = new URL(server.url.replace('postgres:', 'http:')).searchParams.get('host') ?? '';
  assert.equal(statSync(socketFolder).mode & 0o777, 0o700);
  assert.ok(Buffer.byteLength(join(socketFolder, '.s.PGSQL.5432')) <= 100);
  if (!socketFolder.startsWith(dataDir)) folders.push(socketFolder);
});
