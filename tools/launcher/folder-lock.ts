import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf, isAlive } from '../../packages/server/src/db/postgres-process.ts';

type Holder = { pid: number; birth: string };

const pollMs = 100;

/**
 * Takes the lock, a file that names its holder. A dead holder's lock is taken over, a live one is waited for.
 *
 * @throws Error when it is still held after `waitMs`; at once, when what is there can not be read or moved away
 */
export async function lockFolder(
  file: string,
  options: { waitMs: number; onWait: (pid: number) => void },
): Promise<{ release(): void }> {
  const mine: Holder = { pid: process.pid, birth: birthOf(process.pid) };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    const deadline = Date.now() + options.waitMs;
    let told = false;
    while (!take(draft, file)) {
      const holder = read(file);
      if (holder && !lives(holder)) {
        removeStale(file, holder);
        if (take(draft, file)) break;
      }
      if (Date.now() > deadline) throw heldError(file, holder);
      if (holder && lives(holder) && !told) {
        options.onWait(holder.pid);
        told = true;
      }
      await sleep(pollMs);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release() {
      if (isHeldBy(file, mine)) rmSync(file, { force: true });
    },
  };
}

function heldError(file: string, holder: Holder | undefined): Error {
  return new Error(
    holder
      ? `Another start uses this data folder (pid ${holder.pid}). Stop it, or set DATA_DIR and the ports.`
      : `${file} can not be made. Remove what is there, or set DATA_DIR to another folder.`,
  );
}

function unusable(file: string, cause: unknown): Error {
  return new Error(
    `${file} is no lock that can be used (${(cause as Error).message}). Remove it, or set DATA_DIR to another folder.`,
    { cause },
  );
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** What can not be read any more is not ours to remove. */
function isHeldBy(file: string, { pid, birth }: Holder): boolean {
  try {
    const holder = read(file);
    return holder?.pid === pid && holder.birth === birth;
  } catch {
    return false;
  }
}

/** A link comes into being whole, with its contents, or not at all. */
function take(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Of several that find the same dead holder one moves its file away; one that moved a newer file puts it back. */
function removeStale(file: string, dead: Holder): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isGone(error)) return;
    throw unusable(file, error);
  }
  const moved = read(aside);
  if (moved && lives(moved) && moved.pid !== dead.pid) take(aside, file);
  rmSync(aside, { force: true });
}

function lives(holder: Holder): boolean {
  return holder.pid !== process.pid && isAlive(holder.pid) && birthOf(holder.pid) === holder.birth;
}

/** Undefined where there is no lock; a file with nonsense in it, cut off by a full disk, counts as a dead holder's. */
function read(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw unusable(file, error);
  }
  const [, pid, birth] = /^\{"pid":(\d+),"birth":"(.*)"\}$/.exec(text) ?? [];
  return { pid: Number(pid ?? 0), birth: birth ?? '' };
}
