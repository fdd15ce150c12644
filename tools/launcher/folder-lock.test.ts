import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { birthOf } from '../../packages/server/src/db/postgres-process.ts';
import { lockFolder } from './folder-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'rocketpay-lock-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
const freshFile = () => join(folder, `${(count += 1)}.lock`);
const patience = { waitMs: 60_000, onWait: () => {} };
const holderIn = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;

test('a lock names its holder, and leaves nothing behind when it is released', async () => {
  const file = freshFile();
  const lock = await lockFolder(file, patience);
  assert.equal(holderIn(file), process.pid);
  lock.release();
  assert.deepEqual(
    readdirSync(folder).filter((name) => file.endsWith(name)),
    [],
  );
});

test('the lock of a dead holder is taken over, also when its pid belongs to another process now, or it is nonsense', async () => {
  const dead = { pid: 999_999_999, birth: '1' };
  const reused = { pid: process.ppid, birth: `${birthOf(process.ppid)}0` };
  for (const contents of [JSON.stringify(dead), JSON.stringify(reused), '{"pid":']) {
    const file = freshFile();
    writeFileSync(file, contents);
    const lock = await lockFolder(file, { waitMs: 0, onWait: () => assert.fail('waited') });
    assert.equal(holderIn(file), process.pid);
    lock.release();
  }
});

test('a live holder is waited for, and named when it does not let go', async () => {
  const holder = spawn('sleep', ['1000'], { stdio: 'ignore' });
  await once(holder, 'spawn');
  const file = freshFile();
  writeFileSync(file, JSON.stringify({ pid: holder.pid, birth: birthOf(holder.pid ?? 0) }));
  await assert.rejects(lockFolder(file, { waitMs: 0, onWait: () => {} }), new RegExp(`pid ${holder.pid}`));
  const lock = await lockFolder(file, { waitMs: 60_000, onWait: () => holder.kill('SIGKILL') });
  assert.equal(holderIn(file), process.pid);
  lock.release();
});

test('what is no lock is told at once, and a link to nowhere after the wait', async () => {
  const directory = freshFile();
  mkdirSync(directory);
  await assert.rejects(lockFolder(directory, patience), /EISDIR/);
  const link = freshFile();
  symlinkSync(join(folder, 'nowhere'), link);
  await assert.rejects(lockFolder(link, { waitMs: 1, onWait: () => assert.fail('waited') }), /can not be made/);
});

test('only the holder releases: a lock with the same birth and another pid stays', async () => {
  const file = freshFile();
  const lock = await lockFolder(file, patience);
  writeFileSync(file, JSON.stringify({ pid: process.pid + 1, birth: birthOf(process.pid) }));
  lock.release();
  assert.equal(holderIn(file), process.pid + 1);
});
