import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plants } from './plants.ts';
import { simulate } from './run.ts';

const clean = (seed: number, payments: number) => simulate({ seed, payments, plant: {} });

test('one seed is one run, to the last line of its trace', async () => {
  const [first, second] = [await clean(7, 60), await clean(7, 60)];
  assert.match(first.trace, /^[0-9a-f]{64}$/);
  assert.equal(second.trace, first.trace);
  assert.deepEqual(second.counts, first.counts);
});

test('another seed is another run', async () => {
  assert.notEqual((await clean(7, 20)).trace, (await clean(8, 20)).trace);
});

test('the platform keeps its promises', async () => {
  for (let seed = 1000; seed < 1012; seed++) {
    const { violations, story } = await clean(seed, 60);
    const [worst] = violations;
    const told = worst?.paymentId ? story(worst.paymentId).join('\n') : '';
    assert.equal(worst, undefined, `seed ${seed}: ${worst?.says}\n${told}`);
  }
});

test('a run reaches what it is meant to try', async () => {
  const { counts } = await clean(1, 200);
  for (const name of ['payments', 'succeeded', 'declined', 'refunded', 'incidents', 'stops']) {
    assert.ok((counts[name] ?? 0) > 0, `${name} in ${JSON.stringify(counts)}`);
  }
});

for (const [name, plant] of Object.entries(plants)) {
  test(`the planted ${name} is caught, and its story can be told`, async () => {
    const { violations, story } = await simulate({ seed: 1, payments: 200, plant });
    const blamed = violations.find((violation) => violation.paymentId !== null);
    assert.ok(blamed?.paymentId, 'no payment is blamed');
    assert.match(blamed.says, /^[A-Z].*\.$/);
    assert.ok(story(blamed.paymentId).some((line) => line.includes('merchant sends sale')));
  });
}
