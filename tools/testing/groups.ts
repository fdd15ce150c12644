import { existsSync, globSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const groupNames = ['core', 'room', 'story'] as const;
export type GroupName = (typeof groupNames)[number];

export type Group = {
  name: GroupName;
  files: string[];
  concurrency: number;
  /** For one file. */
  timeoutMs: number;
  needsDatabase: boolean;
};

const traits: Record<GroupName, Omit<Group, 'name' | 'files'>> = {
  core: { concurrency: 2, timeoutMs: 180_000, needsDatabase: false },
  room: { concurrency: 2, timeoutMs: 600_000, needsDatabase: true },
  story: { concurrency: 2, timeoutMs: 900_000, needsDatabase: true },
};

const roomPackages = ['server', 'simulator', 'demo-shop', 'simulation', 'payment-page'];

/**
 * The test files, by the group they belong to.
 *
 * @param selection names of groups, files or folders; all, if empty
 * @throws Error that names a choice that chooses nothing
 */
export function selectGroups(top: string, selection: readonly string[]): Group[] {
  const all = globSync(['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'bench/**/*.test.ts'], { cwd: top });
  const chosen = new Set(selection.length === 0 ? all : selection.flatMap((word) => filesOf(top, word, all)));
  return groupNames
    .map((name) => ({ name, ...traits[name], files: [...chosen].filter((file) => groupOf(file) === name).toSorted() }))
    .filter((group) => group.files.length > 0);
}

function groupOf(file: string): GroupName {
  const name = /^packages\/([^/]+)\//.exec(file)?.[1] ?? '';
  if (name === 'e2e') return 'story';
  return roomPackages.includes(name) ? 'room' : 'core';
}

function filesOf(top: string, word: string, all: readonly string[]): string[] {
  if (groupNames.some((name) => name === word)) return all.filter((file) => groupOf(file) === word);
  const path = [resolve(word), join(top, word)].find((candidate) => existsSync(candidate));
  const within = path === undefined ? '' : relative(top, path);
  const folder = path !== undefined && statSync(path).isDirectory() ? (within === '' ? '' : `${within}/`) : undefined;
  const found = all.filter((file) => file === within || (folder !== undefined && file.startsWith(folder)));
  if (found.length === 0) throw new Error(`No tests in "${word}". Give core, room, story, or a path.`);
  return found;
}
