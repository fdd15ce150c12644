import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const main = join(import.meta.dirname, 'main.ts');

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

const lastLine = /^payments=\d+ succeeded=\d+ declined=\d+ .*refunded=\d+ incidents=\d+ .*trace=[0-9a-f]{64}$/;

test('a clean run exits 0; its last line gives the counts and the hash of the trace', () => {
  const first = run('--seed', '3', '--payments', '30');
  assert.equal(first.status, 0, first.stderr);
  assert.match(first.lines.at(-1) ?? '', lastLine);
  assert.deepEqual(run('--seed', '3', '--payments', '30').lines, first.lines);
});

test('many seeds in a row give a line each', () => {
  const { status, lines } = run('--seeds', '3..5', '--payments', '10');
  assert.equal(status, 0);
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    ['seed=3', 'seed=4', 'seed=5'],
  );
});

test('the plants are listed by name, one a line', () => {
  const { status, lines } = run('--list-plants');
  assert.equal(status, 0);
  assert.deepEqual(lines, [
    'silence-is-decline',
    'double-confirm',
    'effect-before-commit',
    'refund-sum-unguarded',
    'sale-beside-cancel',
    'lease-reruns-call',
  ]);
});

test('a caught plant exits 1 and says the seed, the promise, the story and how to repeat it', () => {
  const { status, lines } = run('--plant', 'double-confirm');
  assert.equal(status, 1);
  assert.match(lines[0] ?? '', /^Seed 1 breaks a promise: .+\.$/);
  assert.ok(lines.some((line) => line.startsWith('The story of Order-')));
  assert.ok(lines.includes('Again: npm run simulate -- --seed 1 --payments 200 --plant double-confirm'));
  assert.match(lines.at(-1) ?? '', lastLine);
});

test('an unknown plant exits 2 and says how it is used', () => {
  const { status, stderr } = run('--plant', 'no-such-plant');
  assert.equal(status, 2);
  assert.match(stderr, /no-such-plant.*\n.*npm run simulate/);
});
