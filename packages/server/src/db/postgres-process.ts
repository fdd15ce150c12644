import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What `postmaster.pid` says of the server that wrote it; the file outlives a killed server. */
export type Postmaster = {
  pid: number;
  port: number;
  socketFolder: string;
  /** `ready` and `standby` accept connections; unknown until the server has written its last line. */
  status: 'starting' | 'stopping' | 'ready' | 'standby' | 'unknown';
};

export function readPostmaster(cluster: string): Postmaster | undefined {
  let text: string;
  try {
    text = readFileSync(join(cluster, 'postmaster.pid'), 'utf8');
  } catch {
    return undefined;
  }
  const lines = text.split('\n');
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isSafeInteger(pid) || pid < 2) return undefined;
  const status = (lines[7] ?? '').trim();
  return {
    pid,
    port: Number(lines[3] ?? ''),
    socketFolder: lines[4] ?? '',
    status:
      status === 'starting' || status === 'stopping' || status === 'ready' || status === 'standby' ? status : 'unknown',
  };
}

/** The server of this cluster that runs now; a pid that died, or now belongs to another program, is none. */
export function livePostmaster(cluster: string): Postmaster | undefined {
  const postmaster = readPostmaster(cluster);
  return postmaster && isPostmasterOf(postmaster.pid, cluster) ? postmaster : undefined;
}

/**
 * The command line decides, as it is readable for everyone: in a container root may not look at the working folder of
 * another account's process.
 */
export function isPostmasterOf(pid: number, cluster: string): boolean {
  const args = isAlive(pid) ? commandLine(pid) : [];
  return basename(args[0] ?? '') === 'postgres' && args.includes(cluster);
}

/** False for a process that has ended and only waits to be collected by its parent. */
export function isAlive(pid: number): boolean {
  if (process.platform === 'linux') {
    const state = statFields(pid)[0];
    return state !== undefined && state !== 'Z' && state !== 'X';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A word that differs for two processes that had the same pid one after the other; empty for one that is gone. */
export function birthOf(pid: number): string {
  if (process.platform === 'linux') return statFields(pid)[19] ?? '';
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}

/** The fields of /proc/<pid>/stat after the command, whose name may hold blanks and brackets. */
function statFields(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function commandLine(pid: number): string[] {
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      return [];
    }
  }
  const line = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  const [file, rest] = line.split(/ -D (.*)/s);
  return [file ?? '', (rest ?? '').split(' -c ')[0] ?? ''];
}
