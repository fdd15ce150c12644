import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFaults } from './checking/arrows.ts';
import { readImports } from './checking/imports.ts';
import { findLeftovers } from './checking/leftovers.ts';
import { processEnvironment } from './launcher/config.ts';
import { runTests } from './testing/run-tests.ts';

const top = dirname(import.meta.dirname);

/** A step gives its faults as text; none when all is well. */
const steps: readonly { name: string; run: () => string | Promise<string> }[] = [
  { name: 'types', run: () => command('tsc', '--noEmit', '-p', '.') },
  { name: 'types of core', run: () => command('tsc', '--noEmit', '-p', 'packages/core') },
  { name: 'lint', run: () => command('oxlint', '--deny-warnings') },
  { name: 'format', run: () => command('oxfmt', '--check') },
  { name: 'arrows', run: () => findFaults(readImports(top)).join('\n') },
  { name: 'leftovers', run: () => findLeftovers(top).join('\n') },
  { name: 'unused', run: () => command('knip', '--no-progress') },
  { name: 'generated pages', run: generatedPages },
];

function command(name: string, ...args: string[]): string {
  const run = spawnSync(join(top, 'node_modules/.bin', name), args, { cwd: top, encoding: 'utf8' });
  if (run.status === 0) return '';
  return `${run.stdout ?? ''}${run.stderr ?? ''}`.trim() || `${name} ended with ${run.error?.message ?? run.status}`;
}

async function outcomeOf(run: () => string | Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (error) {
    return String(error);
  }
}

async function generatedPages(): Promise<string> {
  const { codesPage } = await import('./codes-page.ts');
  const { pageParametersPage } = await import('./page-parameters-page.ts');
  const { settingsPage } = await import('./settings-page.ts');
  const { simulatorPage } = await import('../packages/simulator/src/page.ts');
  const simulator = 'docs/reference/simulator.md';
  const pages = [
    { file: 'docs/reference/settings.md', text: settingsPage(), by: 'node_modules/.bin/node tools/print-settings.ts' },
    {
      file: 'docs/reference/page-parameters.md',
      text: pageParametersPage(),
      by: 'node_modules/.bin/node tools/print-page-parameters.ts',
    },
    { file: 'docs/guides/codes.md', text: codesPage(), by: 'node_modules/.bin/node tools/print-codes.ts' },
    {
      file: simulator,
      text: simulatorPage(),
      by: `node_modules/.bin/node packages/simulator/src/print-page.ts > ${simulator}`,
    },
  ];
  return pages
    .filter(({ file, text }) => readFileSync(join(top, file), 'utf8') !== text)
    .map(({ file, by }) => `${file} is old; run ${by}`)
    .join('\n');
}

async function main(): Promise<number> {
  const totals = { passed: 0, failed: 0 };
  for (const { name, run } of steps) {
    const started = performance.now();
    const faults = await outcomeOf(run);
    totals[faults === '' ? 'passed' : 'failed'] += 1;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${faults === '' ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    if (faults !== '') console.log(faults.replaceAll(/^/gm, '    '));
  }
  try {
    const print = (line: string) => console.log(line);
    const tests = await runTests({ top, selection: [], seed: undefined, environment: processEnvironment(), print });
    totals.passed += tests.passed;
    totals.failed += tests.failed + (tests.passed + tests.failed === 0 ? 1 : 0);
  } catch (error) {
    totals.failed += 1;
    console.log(error);
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 ? 0 : 1;
}

process.exitCode = await main();
