import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { inheritedEnvironment } from './config.ts';
import { eventually } from './eventually.ts';
import { listProcesses, postgresOf } from './processes.ts';

const PROGRAM = `
  const { Sandbox } = await import(${JSON.stringify(import.meta.resolve('./sandbox.ts'))});
  const { dataDir } = await Sandbox.start();
  console.log(dataDir);
  setInterval(() => {}, 1_000);
`;

test('a test process that is killed takes its sandbox with it', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env: inheritedEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const dataDir = chunk.toString().trim();
  const postgres = postgresOf(dataDir);
  const launcher = listProcesses().find((entry) => entry.parent === child.pid && entry.command.includes('start.ts'));
  assert.ok(postgres !== undefined && launcher);
  child.kill('SIGKILL');
  await eventually('everything is gone', () => {
    const left = listProcesses().filter(({ pid, group }) => pid === postgres || group === launcher.group);
    return left.length === 0 && !existsSync(dataDir);
  });
});
