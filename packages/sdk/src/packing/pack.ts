import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const sdk = join(import.meta.dirname, '../..');
const top = join(sdk, '../..');
const contract = join(top, 'packages/contract/src');
/** What the client uses of the contract goes into the package, so that it depends on nothing. */
const taken = ['canonical.ts', 'json.ts', 'signature.ts'];

/**
 * Makes the package that merchants install: JavaScript and its types, without dependencies.
 *
 * @returns the packed file's path, under `folder`, which is emptied first.
 */
export function packSdk(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  const sources = globSync('**/*.ts', { cwd: join(sdk, 'src'), exclude: ['**/*.test.ts', 'testing', 'packing'] });
  for (const file of sources) copySource(join(sdk, 'src', file), join(folder, 'src', file));
  for (const file of taken) copySource(join(contract, file), join(folder, 'src/contract', file));
  copyFileSync(join(top, 'docs/guides/sdk.md'), join(folder, 'README.md'));
  const { name, version } = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as Record<string, string>;
  writeJson(join(folder, 'package.json'), {
    name,
    version,
    description: 'A typed client for Rocketpay',
    license: 'UNLICENSED',
    type: 'module',
    engines: { node: '>=20.3' },
    exports: { '.': { types: './lib/index.d.ts', default: './lib/index.js' } },
    files: ['lib'],
  });
  writeJson(join(folder, 'tsconfig.json'), {
    extends: join(top, 'tsconfig.json'),
    compilerOptions: {
      target: 'ES2022',
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: 'src',
      outDir: 'lib',
      typeRoots: [join(top, 'node_modules/@types')],
    },
    include: ['src'],
  });
  run(join(top, 'node_modules/.bin/tsc'), folder, '-p', '.');
  return join(folder, run('npm', folder, 'pack', '--silent').trim());
}

/** A compiler rewrites relative imports only. */
function copySource(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, readFileSync(from, 'utf8').replaceAll(`'@rocketpay/contract/`, `'./contract/`));
}

const writeJson = (path: string, value: object): void => writeFileSync(path, JSON.stringify(value, undefined, 2));

const run = (command: string, cwd: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
