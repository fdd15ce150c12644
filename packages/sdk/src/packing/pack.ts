import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const sdk = join(import.meta.dirname, '../..');
const top = join(sdk, '../..');
const bin = (name: string): string => join(top, 'node_modules/.bin', name);
/** What merchants may import, by the file that holds it. */
const entries = { '.': 'index', './testing': 'testing', './widget': 'widget' };
/** Packages of ours whose code becomes part of the SDK's, so that it depends on nothing. */
const taken = ['contract', 'core'];
const importForm = /(['"])@rocketpay\/(contract|core)\/([^'"]+)\1/g;

/**
 * Makes the package that merchants install: JavaScript as ES modules and CommonJS with types for both, no dependencies.
 *
 * @returns the packed file's path, under `folder`, which is emptied first.
 */
export function packSdk(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  for (const [format, type] of [
    ['esm', 'module'],
    ['cjs', 'commonjs'],
  ] as const) {
    bundle(format, join(folder, 'lib', format));
    writeJson(join(folder, 'lib', format, 'package.json'), { type });
  }
  const types = declare(join(folder, 'declaring'));
  for (const format of ['esm', 'cjs']) cpSync(types, join(folder, 'lib', format), { recursive: true });
  rmSync(join(folder, 'declaring'), { recursive: true });
  copyFileSync(join(top, 'docs/guides/sdk.md'), join(folder, 'README.md'));
  const { name, version } = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as Record<string, string>;
  writeJson(join(folder, 'package.json'), {
    name,
    version,
    description: 'A typed client for Rocketpay',
    license: 'UNLICENSED',
    type: 'module',
    engines: { node: '>=20.3' },
    sideEffects: false,
    main: './lib/cjs/index.js',
    types: './lib/cjs/index.d.ts',
    exports: Object.fromEntries(Object.entries(entries).map(([entry, file]) => [entry, exportOf(file)])),
    files: ['lib'],
  });
  return join(folder, run('npm', folder, 'pack', '--silent').trim());
}

const exportOf = (file: string): object => ({
  import: { types: `./lib/esm/${file}.d.ts`, default: `./lib/esm/${file}.js` },
  require: { types: `./lib/cjs/${file}.d.ts`, default: `./lib/cjs/${file}.js` },
});

function bundle(format: 'esm' | 'cjs', outdir: string): void {
  const files = Object.values(entries).map((file) => join(sdk, 'src', `${file}.ts`));
  const options = ['--bundle', '--platform=node', '--target=node20.3', '--log-level=warning'];
  run(bin('esbuild'), sdk, ...files, ...options, `--format=${format}`, `--outdir=${outdir}`);
}

/** The types of the entries and of all that they name. @returns the folder they are in. */
function declare(folder: string): string {
  const source = join(folder, 'src');
  const files = globSync('**/*.ts', { cwd: join(sdk, 'src'), exclude: ['**/*.test.ts', 'test-kit', 'packing'] });
  for (const file of files) copySource(join(sdk, 'src', file), join(source, file), source);
  for (const name of taken) copyTaken(name, source);
  writeJson(join(folder, 'package.json'), { type: 'module' });
  writeJson(join(folder, 'tsconfig.json'), {
    extends: join(top, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: 'src',
      outDir: 'types',
      typeRoots: [join(top, 'node_modules/@types')],
    },
    files: Object.values(entries).map((file) => `src/${file}.ts`),
    include: [],
  });
  run(bin('tsc'), folder, '-p', '.');
  const types = join(folder, 'types');
  const named = reachable(types);
  for (const file of globSync('**/*.d.ts', { cwd: types })) {
    if (!named.has(file)) rmSync(join(types, file));
    else writeFileSync(join(types, file), withJsNames(readFileSync(join(types, file), 'utf8')));
  }
  for (const empty of globSync('*/', { cwd: types })) {
    if (globSync('**/*.d.ts', { cwd: join(types, empty) }).length === 0)
      rmSync(join(types, empty), { recursive: true });
  }
  return types;
}

function copyTaken(name: string, source: string): void {
  const from = join(top, 'packages', name, 'src');
  for (const file of globSync('**/*.ts', { cwd: from, exclude: ['**/*.test.ts', 'fixtures'] }))
    copySource(join(from, file), join(source, name, file), source);
}

/** A compiler keeps the names of packages; here they are folders. */
function copySource(from: string, to: string, source: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const up = relative(dirname(to), source) || '.';
  writeFileSync(to, readFileSync(from, 'utf8').replaceAll(importForm, `'${up}/$2/$3'`));
}

/** The declarations that the entries lead to, by their imports. */
function reachable(types: string): Set<string> {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, path = ''] of readFileSync(join(types, file), 'utf8').matchAll(/from '(\.[^']+)\.ts'/g))
      visit(join(dirname(file), `${path}.d.ts`));
  };
  for (const entry of Object.values(entries)) visit(`${entry}.d.ts`);
  return found;
}

const withJsNames = (text: string): string => text.replaceAll(/(from '\.[^']+)\.ts'/g, "$1.js'");

const writeJson = (path: string, value: object): void => writeFileSync(path, JSON.stringify(value, undefined, 2));

const run = (command: string, cwd: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
