import type { Import } from './imports.ts';

/** What each package may import of ours, besides itself. Tools and the bench may import anything. */
const packageArrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  contract: ['core'],
  sdk: ['contract', 'core'],
  simulator: [],
  'demo-shop': ['sdk'],
  'payment-page': ['core', 'contract'],
  server: ['core', 'contract', 'payment-page'],
  simulation: ['core', 'contract', 'server'],
  // The stories drive real processes over HTTP.
  e2e: [],
};
/** Where a package may import only these files of others. Its tests may import any file of theirs. */
const fileArrows: Readonly<Record<string, readonly string[]>> = {
  sdk: [
    'packages/contract/src/signature.ts',
    'packages/contract/src/strict-signature.ts',
    'packages/contract/src/webhook.ts',
    'packages/contract/src/clarification-fields.ts',
    'packages/contract/src/json.ts',
    'packages/core/src/errors.ts',
  ],
};
/** What the tests of a package may import besides. */
const testArrows: Readonly<Record<string, readonly string[]>> = {
  'payment-page': ['packages/e2e/src/browser.ts'],
};
/** Packages that run without any library. */
const bare = ['core', 'sdk'];

/** A room may import the rooms of later rows, never one of its own row or above. */
const roomRows = [
  ['admin', 'reconcile'],
  ['refunds', 'page-sessions'],
  ['payments'],
  ['operators'],
  ['callbacks', 'projects', 'strict-requests'],
  ['changes'],
];
const rooms = roomRows.flat();

/** The faults of these imports, each a line. */
export function findFaults(imports: readonly Import[]): string[] {
  const faults: string[] = [];
  for (const one of imports) {
    const reason = packageFault(one) ?? serverFault(one);
    if (reason !== undefined) faults.push(`${one.from} -> ${one.to}: ${reason}`);
  }
  for (const cycle of findCycles(imports)) faults.push(`cycle: ${cycle.join(' -> ')}`);
  return faults;
}

function packageFault({ from, to, isOurs }: Import): string | undefined {
  const own = packageOf(from);
  const isTest = isTestFile(from);
  if (isOurs && /(^|\/)main\.ts$/.test(to)) return 'nobody imports a main.ts';
  if (own === undefined) return undefined;
  const allowed = packageArrows[own];
  if (allowed === undefined) return `${own} is in no list of packages`;
  if (!isOurs) {
    if (!bare.includes(own) || isTest) return undefined;
    return own === 'core' || !to.startsWith('node:') ? `${own} runs without any library` : undefined;
  }
  const target = packageOf(to);
  if (target === own || (isTest && testArrows[own]?.includes(to))) return undefined;
  if (target === undefined) return 'a package imports packages only';
  if (!allowed.includes(target)) return `${own} may import ${allowed.join(', ') || 'nothing of ours'}`;
  const files = fileArrows[own];
  return files && !isTest && !files.includes(to) ? `${own} may import ${files.join(', ')}` : undefined;
}

/** Rooms form a row of doors; what is under them (db, http, jobs, providers) starts none; main and context wire all. */
function serverFault({ from, to, isTypeOnly }: Import): string | undefined {
  const source = serverPlace(from);
  const target = serverPlace(to);
  if (!source || !target || source.folder === target.folder || source.folder === '' || isTestFile(from))
    return undefined;

  if (rooms.includes(target.folder)) {
    const isDoor = target.file === `${target.folder}.ts`;
    if (!rooms.includes(source.folder)) {
      return isDoor && isTypeOnly ? undefined : `${source.folder} knows of a room only the types at its door`;
    }
    const row = (folder: string) => roomRows.findIndex((names) => names.includes(folder));
    if (row(target.folder) <= row(source.folder)) return `${source.folder} may not import ${target.folder}`;
    const isType = isTypeOnly && ['store.ts', 'view.ts'].includes(target.file);
    return isDoor || isType ? undefined : `the only door of ${target.folder} is ${target.folder}.ts`;
  }
  const isAdapter = target.folder === 'providers' && target.file.includes('/');
  if (isAdapter) return 'only main and context choose a provider';
  if (source.folder === 'providers' && target.folder === 'db') return 'an adapter knows no database';
  return undefined;
}

function serverPlace(file: string): { folder: string; file: string } | undefined {
  const path = /^packages\/server\/src\/(.+)$/.exec(file)?.[1];
  if (path === undefined) return undefined;
  const slash = path.indexOf('/');
  return slash < 0 ? { folder: '', file: path } : { folder: path.slice(0, slash), file: path.slice(slash + 1) };
}

function packageOf(file: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(file)?.[1];
}

function isTestFile(file: string): boolean {
  return file.endsWith('.test.ts') || /\/(?:testing|test-kit)\//.test(file);
}

/** Cycles of imports that happen at run time; a type that is imported back is no load order. */
function findCycles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, isOurs, isTypeOnly } of imports) {
    if (isOurs && !isTypeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.push([...path.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
}
