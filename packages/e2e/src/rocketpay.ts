import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inheritedEnvironment, TOP } from './config.ts';
import type { Sandbox } from './sandbox.ts';

const SCRIPT = join(TOP, 'packages/server/src/admin.ts');

/** The platform's command, run beside a sandbox on its data by Aigerim: what it answers to a script. */
export async function rocketpay<Said>(sandbox: Sandbox, line: string, ...more: readonly string[]): Promise<Said> {
  const args = [SCRIPT, ...line.split(' '), ...more, '--by', 'Aigerim', '--json'];
  const env = { ...inheritedEnvironment(), DATA_DIR: sandbox.dataDir };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env });
  assert.match(stderr, /^sandbox, data in .*\n$/);
  return JSON.parse(stdout) as Said;
}
