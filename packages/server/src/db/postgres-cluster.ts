import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresFolders } from './postgres-folders.ts';
import { birthOf } from './postgres-process.ts';
import { exitOf, runProgram, startLog } from './postgres-program.ts';

/** The major version of the packaged programs; it comes with the package's own major version. */
const packagedVersion = '18';
let made = 0;

/**
 * Makes the cluster, with `user` as its superuser, unless it is there. It is made beside its place and moved there whole,
 * so that a kill in the middle leaves nothing half-made, and of several makers the first wins.
 */
export async function makeCluster(folders: PostgresFolders, user: string, log: (line: string) => void): Promise<void> {
  const { home, cluster } = folders;
  removeUnfinished(home);
  if (existsSync(cluster)) return checkVersion(cluster);

  log('making a PostgreSQL cluster');
  const fresh = join(home, `data.new-${process.pid}-${birthWord(process.pid)}-${(made += 1)}`);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username', user, '--auth-local=trust', '--auth-host=reject'];
  const end = await exitOf(runProgram(folders, 'initdb', ['-D', fresh, ...locale, ...access, '--no-instructions']));
  if (end !== 0) throw new Error(`initdb failed (${end}):\n${startLog(folders)}`);
  try {
    renameSync(fresh, cluster);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(cluster)) throw error;
    return;
  }
  const handle = openSync(home, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function removeUnfinished(home: string): void {
  for (const entry of readdirSync(home)) {
    const [, pid, birth] = /^data\.new-(\d+)-(\w*)-\d+$/.exec(entry) ?? [];
    if (pid && birthWord(Number(pid)) !== birth) rmSync(join(home, entry), { recursive: true, force: true });
  }
}

function birthWord(pid: number): string {
  return birthOf(pid).replace(/\W/g, '');
}

function checkVersion(cluster: string): void {
  const version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version === packagedVersion) return;
  throw new Error(
    `${cluster} was made by PostgreSQL ${version}, this is ${packagedVersion}. ` +
      'Move its data by pg_dump, or set DATA_DIR to another folder.',
  );
}
