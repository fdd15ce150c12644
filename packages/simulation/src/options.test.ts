import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, UsageError } from './options.ts';

test('one run with its defaults', () => {
  assert.deepEqual(readOptions([]), { kind: 'run', seeds: [1, 1], payments: 200, plant: null });
});

test('what is given is taken', () => {
  const args = ['--seed', '7', '--payments', '30', '--plant', 'double-confirm'];
  assert.deepEqual(readOptions(args), { kind: 'run', seeds: [7, 7], payments: 30, plant: 'double-confirm' });
  assert.deepEqual(readOptions(['--seeds', '3..12']), { kind: 'run', seeds: [3, 12], payments: 200, plant: null });
  assert.deepEqual(readOptions(['--list-plants']), { kind: 'list' });
});

const unusable = [
  ['--plant', 'no-such-plant'],
  ['--plant', 'toString'],
  ['--seed', 'many'],
  ['--seed', '-1'],
  ['--seed', '4294967296'],
  ['--seed', '1', '--seeds', '1..2'],
  ['--seeds', '5..1'],
  ['--seeds', '5'],
  ['--payments', '0'],
  ['--payments', '1.5'],
  ['--no-such-option'],
  ['stray'],
];
for (const args of unusable) {
  test(`"${args.join(' ')}" cannot be read`, () => {
    assert.throws(() => readOptions(args), UsageError);
  });
}
