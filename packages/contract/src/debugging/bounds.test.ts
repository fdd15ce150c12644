import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { mistakesOf } from './mistakes.ts';
import { explain } from './report.ts';
import type { Question } from './report.ts';

/** As many members as a body of the largest size holds. */
function filled(open: string, item: (at: number) => string, close: string): string {
  let body = open + item(0);
  for (let at = 1; body.length + close.length < 65_000; at++) body += `,${item(at)}`;
  return body + close;
}

async function read(question: Question) {
  const report = await explain(question);
  assert.ok(report.ok, report.ok ? '' : report.problem);
  return report;
}

const long = 'n'.repeat(28_000);
const bodies: Record<string, [body: string, members: number]> = {
  'empty lists below a long name': [filled(`{"${long}":{`, (at) => `"${at}":[]`, '}}'), 3_800],
  'signatures below a long name': [filled(`{"${long}":[`, () => '{"signature":1}', ']}'), 2_300],
  'names that are repeated below a long one': [filled(`{"${long}":{`, (at) => `"${at % 9}":1`, `},"${long}":1}`), 10],
  'names that each stand twice': [filled('{', (at) => `"${at >> 1}":1`, '}'), 2_900],
};
for (const [name, [body, members]] of Object.entries(bodies)) {
  test(`says little of ${name}, and counts them all`, async () => {
    const { dropped } = await read({ body });
    assert.ok(JSON.stringify(dropped).length < 20_000, `${JSON.stringify(dropped).length} characters`);
    assert.ok(dropped.listed.length <= 50 && dropped.listed.length + dropped.more >= members, `${dropped.more} more`);
  });
}

test('says little of members that are written otherwise', async () => {
  const { changed } = await read({ body: filled('{"a":[', () => 'null', ']}') });
  assert.equal(changed.listed.length, 50);
  assert.ok(changed.more > 10_000, `${changed.more} more`);
});

test('a long path keeps its beginning and its end', async () => {
  const { dropped } = await read({ body: `{"start${long}":{"end":[]}}` });
  assert.match(dropped.listed[0]?.path ?? '', /^startn+…n+:end$/);
  assert.equal(dropped.listed[0]?.path.length, 200);
});

test('a signature of any length is judged by one look', async () => {
  const before = performance.now();
  for (const unit of ['a ', ' +', '%2', '\\', '"', 'A'])
    for (const length of [900, 400_000]) {
      const { fault } = await read({ body: '{"a":1}', signature: `x${unit.repeat(length / unit.length)}x` });
      assert.match(fault ?? '', /characters/);
    }
  assert.ok(performance.now() - before < 2_000, `${performance.now() - before} ms`);
});

test('searching for a mistake writes no gigabytes', () => {
  const deep = Array.from({ length: 20 }, (_none, at) => at).reduceRight(
    (inside, at) => `{"${'k'.repeat(2_000)}${at}":${inside},"signature":1}`,
    '{"a":1}',
  );
  for (const body of [deep, bodies['signatures below a long name']?.[0] ?? '']) {
    const texts = mistakesOf(JSON.parse(body) as JsonObject, body).map(({ text }) => text);
    const written = texts.reduce((sum, { length }) => sum + length, 0);
    assert.ok(texts.length > 3 && written < 20_000_000, `${written} characters in ${texts.length} texts`);
  }
});
