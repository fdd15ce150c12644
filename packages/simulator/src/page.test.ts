import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { simulatorPage } from './page.ts';
import { CATALOGUE } from './sentinels/catalogue.ts';
import { setStage } from './test-kit/stage.ts';

test('the committed page is the generated one', () => {
  const committed = new URL('../../../docs/reference/simulator.md', import.meta.url);
  assert.equal(readFileSync(committed, 'utf8'), simulatorPage());
});

test('sentinels lie in their range, in order, and none twice', () => {
  const all = CATALOGUE.flatMap(({ sentinels }) => sentinels);
  const numbers = all.map(({ number }) => number);
  assert.deepEqual(numbers, [...new Set(numbers)].sort());
  for (const number of numbers) assert.match(number, /^7700000\d{4}$/);
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name } of all) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('the page of the switches says what an outage leads to, and shows no marks of prose', async (t) => {
  const world = await setStage(t);
  const { text } = await world.call('GET', '/switches');
  assert.match(text, /open its breaker \(<code>BREAKER_FAILURES<\/code>\)/);
  assert.match(text, /refused with <code>operator_unavailable<\/code>/);
});

test('the pages show the sentinels and the texts, and may run nothing foreign', async (t) => {
  const world = await setStage(t);
  const home = await world.call('GET', '/');
  for (const { sentinels } of CATALOGUE) {
    for (const { number, name } of sentinels) {
      assert.ok(home.text.includes(`href="/phones/${number}"`) && home.text.includes(name), name);
    }
  }
  const body = world.prepareBody('77011234567');
  body.amountTransaction.referenceCode = '<script>alert(1)</script>';
  await world.call('POST', '/carrier-billing/v0.5/payments/prepare', body);
  const phone = await world.call('GET', '/phones/77011234567');
  assert.ok(phone.text.includes('&lt;script&gt;alert(1)'));
  const policy = phone.headers.get('content-security-policy') ?? '';
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
  assert.ok(nonce !== undefined && phone.text.includes(`<script nonce="${nonce}">`));
  assert.match(policy, /default-src 'none'/);
  assert.equal((await world.call('GET', '/phones/abc')).status, 404);
  const found = await world.call('GET', '/phones?number=%2B77011234567', undefined, {
    redirect: 'manual',
  });
  assert.deepEqual([found.status, found.headers.get('location')], [303, '/phones/77011234567']);
  assert.equal((await world.call('GET', '/health/ready')).status, 200);
  const ledger = await world.call('GET', '/ledger');
  assert.match(ledger.headers.get('content-type') ?? '', /^application\/x-ndjson/);
  const seen = await world.call('GET', '/ledger', undefined, { headers: { accept: 'text/html,*/*;q=0.8' } });
  assert.match(seen.headers.get('content-type') ?? '', /^text\/plain/);
});
