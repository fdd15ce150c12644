import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const TOOLS = import.meta.dirname;

function run(tool: string, args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(TOOLS, tool), ...args], {
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a file that cannot be read is named with its argument and what was expected', () => {
  const missing = join(TOOLS, 'no-such-file');
  for (const [args, says] of [
    [[missing], /^BODY_FILE: \S+no-such-file: there is no such file\. Expected: a file that holds the JSON body\.\n$/],
    [[TOOLS], /^BODY_FILE: \S+: that is a folder\./],
    [['--signed', missing], /^--signed: \S+no-such-file: there is no such file\. Expected: .* that was signed\.\n$/],
    [['--secret-file', missing], /^--secret-file: \S+: there is no such file\. Expected: a file that holds the secret/],
  ] as const) {
    const { status, stderr } = run('signature.ts', args, '{"a":1}');
    assert.match(stderr, says);
    assert.equal(status, 2);
  }
});

test('a signature of a wrong length is said to be so, with the secret and without', () => {
  for (const more of [['--sandbox'], []]) {
    const { status, stdout } = run('signature.ts', ['--signature', 'abc', ...more], '{"a":1}');
    assert.match(stdout, /This signature cannot fit\. It has 3 characters; 88 of standard base64 are expected\./);
    assert.doesNotMatch(stdout, /no common mistake/);
    assert.equal(status, 1);
  }
});

test('an unexplained signature asks for what was signed by the option there is, unless it was given', () => {
  const signature = `${'A'.repeat(86)}==`;
  const args = ['--sandbox', '--signature', signature];
  const { stdout } = run('signature.ts', args, '{"a":1}');
  assert.match(stdout, /no common mistake explains it\. .* Give what you signed as well, with --signed FILE\./);
  const given = run('signature.ts', [...args, '--signed', join(TOOLS, '../package.json')], '{"a":1}');
  assert.match(given.stdout, /no common mistake explains it\./);
  assert.doesNotMatch(given.stdout, /as well/);
});

test('--help is the usage and a good end; a call or an option that there is not is the usage and a bad one', () => {
  for (const tool of ['gate.ts', 'signature.ts']) {
    const help = run(tool, ['--help']);
    assert.match(help.stdout, new RegExp(`^node_modules/\\.bin/node tools/${tool} `));
    assert.deepEqual([help.status, help.stderr], [0, '']);
  }
  for (const args of [['--nothing'], ['sale', 'p1', '--nothing'], ['toString', 'p1'], []]) {
    const { status, stdout, stderr } = run('gate.ts', args);
    assert.match(stderr, /^(?:Unknown option '--nothing'.*\n)?node_modules\/\.bin\/node tools\/gate\.ts <call>/);
    assert.deepEqual([status, stdout], [2, '']);
  }
});
