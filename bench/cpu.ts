import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

type Usage = { readonly parent: number; readonly ticks: number };

let ticksPerSecond: number | undefined;

/**
 * CPU time, in milliseconds, of a process, its children and those it has outlived; undefined where there is no `/proc`.
 */
export function cpuMsOfTree(pid: number): number | undefined {
  const usages = new Map<number, Usage>();
  for (const entry of entriesOfProc()) {
    const usage = usageOf(entry);
    if (usage) usages.set(entry, usage);
  }
  if (!usages.has(pid)) return undefined;
  ticksPerSecond ??= Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout) || 100;
  return (ticksOfTree(pid, usages) * 1000) / ticksPerSecond;
}

/** CPU time, in milliseconds, of everything on this machine since its start, all cores together. */
export function cpuMsOfMachine(): number {
  const times = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return times.reduce((sum, each) => sum + each, 0);
}

/** The process that started this one; for a session of PostgreSQL, the server. */
export function parentOf(pid: number): number | undefined {
  return usageOf(pid)?.parent;
}

function ticksOfTree(pid: number, usages: ReadonlyMap<number, Usage>): number {
  let ticks = usages.get(pid)?.ticks ?? 0;
  for (const [child, { parent }] of usages) if (parent === pid) ticks += ticksOfTree(child, usages);
  return ticks;
}

function entriesOfProc(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}

/** User and system time, also of children that have ended and were waited for. */
function usageOf(pid: number): Usage | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command stands in brackets and may hold blanks and brackets itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ticks };
}
