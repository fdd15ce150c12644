import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Locked = {
  version: string;
  dev?: boolean;
  license?: string;
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/**
 * Adds to the lock file the packages of platforms that the registry at hand does not carry: npm leaves them out when it
 * writes the file, and `npm ci` then refuses it. They are named `…binding-<system>-<processor>[-<C library>]`.
 */
function complete(packages: Record<string, Locked>): number {
  let added = 0;
  for (const [owner, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const [, system, processor, library] = /binding-([a-z0-9]+)-([a-z0-9]+)(?:-([a-z]+))?$/.exec(name) ?? [];
      const isThere = packages[`node_modules/${name}`] ?? packages[`${owner}/node_modules/${name}`];
      if (isThere || system === undefined || processor === undefined) continue;
      const platform = {
        cpu: [system === 'wasm32' ? system : processor],
        ...(system === 'linux' && library ? { libc: [library.startsWith('musl') ? 'musl' : 'glibc'] } : {}),
        ...(system === 'wasm32' ? {} : { os: [system] }),
      };
      const { dev, license, engines } = entry;
      const locked = { version, ...platform, dev, license, engines, optional: true };
      packages[`node_modules/${name}`] = JSON.parse(JSON.stringify(locked)) as Locked;
      added += 1;
    }
  }
  return added;
}

const file = join(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> };
const added = complete(lock.packages);
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([one], [other]) => (one < other ? -1 : 1)));
if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added to package-lock.json`);
