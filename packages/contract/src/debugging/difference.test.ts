import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareLines } from './difference.ts';
import { explain, maxBody } from './report.ts';

const line = fc.tuple(fc.constantFrom('a', 'a:b', 'c'), fc.nat(3)).map(([path, value]) => `${path}:${value}`);
const lines = fc.array(line, { maxLength: 12 });

test('every line of both stands in the difference once, in the order of its own side', () => {
  fc.assert(
    fc.property(lines, lines, (signed, sent) => {
      const { lines: told } = compareLines(signed, sent);
      assert.deepEqual(
        told.filter(({ kind }) => kind !== 'only-signed').map(({ line: each }) => each),
        sent,
      );
      const ofSigned = told.filter(({ kind }) => kind !== 'only-sent').map(({ line: each }) => each);
      assert.deepEqual(ofSigned.toSorted(), signed.toSorted());
      // What is only on one side is not on the other one as well.
      const count = (all: readonly string[], one: string) => all.filter((each) => each === one).length;
      for (const one of new Set([...signed, ...sent])) {
        const both = told.filter((each) => each.kind === 'both' && each.line === one).length;
        assert.equal(both, Math.min(count(signed, one), count(sent, one)));
      }
    }),
  );
});

test('a member with another value stands beside the one that was sent', () => {
  const { lines: told } = compareLines(['a:1', 'b:1', 'c:1'], ['b:2', 'c:1']);
  assert.deepEqual(
    told.map(({ kind, line: each }) => `${kind} ${each}`),
    ['only-signed b:1', 'only-sent b:2', 'both c:1', 'only-signed a:1'],
  );
});

/** As many members as fit: a stranger may send them to the debugger of a platform that has payments to make. */
const crowded = (prefix: string): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: 6_500 }, (_, at) => [prefix + at.toString(36), ''])));

test('the largest bodies without a line in common do not hold the process up', async () => {
  const before = process.cpuUsage();
  const report = await explain({ body: crowded('a'), signed: crowded('b') });
  // Of this process: what else the machine does counts nothing.
  const { user, system } = process.cpuUsage(before);
  assert.ok(report.ok && report.difference?.lines.length === 13_000);
  assert.ok(user + system < 3_000_000, `${user + system} µs`);
});

test('what was signed is bounded as the body is', async () => {
  const report = await explain({ body: '{"a":1}', signed: 'a:1;'.repeat(maxBody / 4 + 1) });
  assert.deepEqual(report, { ok: false, problem: `What was signed has more than ${maxBody} characters.` });
});
