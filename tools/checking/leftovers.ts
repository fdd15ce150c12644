import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '../launcher/config.ts';

type Rule = { where: RegExp; except?: RegExp; pattern: RegExp; why: string };

/** A letter of each word stands in brackets, so that this file does not find itself. */
const rules: readonly Rule[] = [
  { where: /\.(ts|mjs|sql|md)$/, pattern: /\b(?:TO[D]O|FIX[M]E)\b/, why: 'unfinished' },
  {
    where: /\.ts$/,
    pattern: /\b(?:test|it|describe|suite)\.(?:onl[y]|ski[p]|tod[o])\b/,
    why: 'a test that does not run',
  },
  { where: /\.test\.ts$/, pattern: /\b(?:onl[y]|ski[p]|tod[o]): (?:true|['"])/, why: 'a test that does not run' },
  {
    where: /\.(ts|mjs)$/,
    pattern: /@ts-(?:i[g]nore|n[o]check|expect-e[r]ror)|lint-dis[a]ble/,
    why: 'a rule switched off',
  },
  {
    where: /\.ts$/,
    except: /config\.ts$|\.test\.ts$|\/test-database\.ts$/,
    pattern: /\bprocess\.en[v]\b/,
    why: 'only a config file reads the environment',
  },
];

/** What was left behind in the tracked and new files, each a line. */
export function findLeftovers(top: string): string[] {
  const files = filesByGit(top) ?? filesByWalk(top);
  const faults = files.flatMap((file) => {
    const lines = rules.some((rule) => rule.where.test(file)) ? readFileSync(join(top, file), 'utf8').split('\n') : [];
    return rules
      .filter((rule) => rule.where.test(file) && !rule.except?.test(file))
      .flatMap((rule) =>
        lines.flatMap((line, at) =>
          rule.pattern.test(line) ? [`${file}:${at + 1}: ${rule.why}: ${line.trim()}`] : [],
        ),
      );
  });
  return [...faults, ...lockFaults(readFileSync(join(top, 'package-lock.json'), 'utf8'))];
}

/** Undefined where there is no git, or no clone. */
function filesByGit(top: string): string[] | undefined {
  if (!existsSync(join(top, '.git'))) return undefined;
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: top,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      // A clone may belong to another account, as one mounted into a container does.
      env: {
        ...processEnvironment(),
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: realpathSync(top),
      },
    });
    return listed.split('\0').filter((file) => file !== '' && existsSync(join(top, file)));
  } catch {
    return undefined;
  }
}

/** Folders that no clone holds. */
const untracked = ['node_modules', '.data', 'tmp', '.git', 'dist', 'coverage'];

function filesByWalk(top: string, folder = ''): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return untracked.includes(entry.name) ? [] : filesByWalk(top, file);
    return entry.isFile() ? [file] : [];
  });
}

type Locked = { optionalDependencies?: Record<string, string> };

/**
 * npm writes into the lock file only those platforms' packages that its registry has at that moment, and a later `npm ci`
 * refuses the file for the rest of them.
 */
function lockFaults(text: string): string[] {
  const faults: string[] = [];
  if (/"resolved": "https?:/.test(text)) {
    faults.push('package-lock.json names a registry; .npmrc says omit-lockfile-registry-resolved');
  }
  const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };
  for (const [owner, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (packages[`node_modules/${name}`] || packages[`${owner}/node_modules/${name}`]) continue;
      faults.push(
        `package-lock.json lacks ${name}, which npm ci wants; run node_modules/.bin/node tools/complete-lock.ts`,
      );
    }
  }
  return faults;
}
