import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export type Import = {
  /** The importing file, from the top. */
  from: string;
  /** The imported file from the top, or the name of a library or of a part of Node as it is written. */
  to: string;
  isOurs: boolean;
  isTypeOnly: boolean;
};

const statement = /^(?:import|export)\s+(type\s+)?(?:[\w\s{},*$]*?\sfrom\s*)?['"]([^'"]+)['"]/gm;
const expression = /\b(?:import|require(?:\.resolve)?)\(\s*(['"`])(.+?)\1/g;

/** Every import of our TypeScript, `import type` included, which a parser of plain JavaScript would not see. */
export function readImports(top: string): Import[] {
  const files = globSync(['packages/*/src/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts'], { cwd: top });
  return files.toSorted().flatMap((from) => importsOf(from, readFileSync(join(top, from), 'utf8')));
}

export function importsOf(from: string, source: string): Import[] {
  const found: Import[] = [];
  for (const [, type, specifier = ''] of source.matchAll(statement)) {
    found.push({ from, ...resolveSpecifier(from, specifier), isTypeOnly: type !== undefined });
  }
  for (const [, , specifier = ''] of source.matchAll(expression)) {
    found.push({ from, ...resolveSpecifier(from, specifier), isTypeOnly: false });
  }
  return found;
}

function resolveSpecifier(from: string, specifier: string): { to: string; isOurs: boolean } {
  if (specifier.startsWith('.')) return { to: normalize(join(dirname(from), specifier)), isOurs: true };
  const [, name, path = 'index.ts'] = /^@rocketpay\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (name !== undefined) return { to: `packages/${name}/src/${path}`, isOurs: true };
  return { to: specifier, isOurs: false };
}
