import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNetworks, normalNetwork } from './networks.ts';

const networks: readonly (readonly [string, string | null])[] = [
  ['203.0.113.7', '203.0.113.7/32'],
  ['203.0.113.7/24', '203.0.113.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:db8::1', '2001:db8::1/128'],
  ['2001:DB8::1/32', '2001:db8::/32'],
  ['::ffff:203.0.113.7', '203.0.113.7/32'],
  ['::ffff:203.0.113.7/120', '203.0.113.0/24'],
  ['::ffff:203.0.113.7/95', null],
  ['203.0.113.7/33', null],
  ['203.0.113.7/-1', null],
  ['203.0.113.7/24/8', null],
  ['203.0.113.7/', null],
  ['203.0.113', null],
  ['0313.0.0.1', null],
  ['2001:db8::/129', null],
  ['fe80::1%eth0', null],
  ['shop.example', null],
  ['', null],
];
for (const [text, expected] of networks) {
  test(`${JSON.stringify(text)} as a network is ${expected}`, () => assert.equal(normalNetwork(text), expected));
}

test('an address is in a network however it is written', () => {
  const some = createNetworks(['203.0.113.0/24', '2001:db8::/32']);
  for (const inside of ['203.0.113.255', '::ffff:203.0.113.1', '2001:db8:ffff::'])
    assert.ok(some.include(inside), inside);
  for (const outside of ['203.0.114.0', '2001:db9::', '::203.0.113.1', '203.0.113.1 ', 'x', '']) {
    assert.ok(!some.include(outside), outside);
  }
  assert.ok(createNetworks([]).isEmpty);
});
