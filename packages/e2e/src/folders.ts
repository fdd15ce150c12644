import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment, TOP } from './config.ts';
import { eventually } from './eventually.ts';
import { listProcesses, type ProcessEntry, signal } from './processes.ts';

const PREFIX = 'rocketpay-story-';
const GROUPS = 'story-groups';
const POSTGRES_STOP_MS = 5_000;

let lifeline: ChildProcess | undefined;

/** A folder for what is started; both go when this process is gone, however it ends. */
export function newFolder(): string {
  lifeline ??= holdLifeline();
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Notes that the process group works in the folder. */
export function noteGroup(folder: string, group: number | undefined): void {
  if (group !== undefined) appendFileSync(join(folder, GROUPS), `${group}\n`);
}

/** Ends at once everything that was started in the folder, and removes it. */
export async function clear(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const file = join(folder, GROUPS);
  const groups = new Set(existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []);
  // A number that was noted may be another's by now.
  const programs = () => listProcesses().filter(({ group, command }) => groups.has(group) && command.includes(TOP));
  const postgres = () => listProcesses().filter((entry) => isPostgresIn(folder, entry));
  for (const { pid } of programs()) signal(pid, 'SIGKILL');
  await eventually('the programs are gone', () => programs().length === 0);
  // Killed, it would leave its shared memory behind.
  for (const { pid } of postgres()) signal(pid, 'SIGQUIT');
  await eventually('PostgreSQL is gone', () => postgres().length === 0, POSTGRES_STOP_MS).catch(() => {
    for (const { pid } of postgres()) signal(-pid, 'SIGKILL');
  });
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** Clears the folders of this account whose makers are gone. */
export async function sweep(isGone: (maker: number) => boolean): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const maker = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    const folder = join(tmpdir(), name);
    if (maker === undefined || !isGone(Number(maker))) continue;
    if (statSync(folder, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue;
    await clear(folder);
  }
}

function isPostgresIn(folder: string, { command }: ProcessEntry): boolean {
  return /^\S*\b(?:postgres|initdb) /.test(command) && command.includes(`${basename(folder)}/`);
}

/** Its standard input ends when we do: neither a kill nor a broken pipe lets an exit handler run. */
function holdLifeline(): ChildProcess {
  const script = fileURLToPath(import.meta.resolve('./lifeline.ts'));
  const child = spawn(process.execPath, [script, String(process.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: inheritedEnvironment(),
  });
  child.stdin.on('error', () => {});
  child.unref();
  // A child's pipe is a socket, which the type does not tell.
  (child.stdin as typeof child.stdin & { unref(): void }).unref();
  return child;
}
