import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresFolders } from './postgres-folders.ts';

/**
 * Runs `initdb` or `postgres` in a process group of its own, which a Ctrl-C here does not reach. What it says goes to a
 * file: a pipe would break under a server that outlives us. Nothing of our environment, which holds secrets, goes along.
 */
export function runProgram(
  folders: PostgresFolders,
  program: string,
  args: string[],
  environment: Record<string, string> = {},
): ChildProcess {
  const output = openSync(join(folders.log, 'start.log'), 'w', 0o600);
  const command = folders.account.command(join(folders.programs, program), args);
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...environment },
  });
  closeSync(output);
  child.on('error', () => {});
  return child;
}

export function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

/** What the last program said, its end at most. */
export function startLog(folders: PostgresFolders): string {
  return readFileSync(join(folders.log, 'start.log'), 'utf8').trim().slice(-4000);
}
