import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAddressRule } from './addresses.ts';

const refused = [
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ['link-local, with the clouds’ metadata', '169.254.169.254', 'fe80::1', 'febf::1'],
  ['unique local and site-local', 'fc00::1', 'fd12:3456::1', 'fec0::1'],
  ['shared by carriers', '100.64.0.1', '100.127.255.254'],
  ['multicast and broadcast', '224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1', 'ff0e::1'],
  ['documentation', '192.0.2.1', '198.51.100.7', '203.0.113.9', '2001:db8::1', '3fff::1'],
  ['benchmarks', '198.18.0.1', '198.19.255.255', '2001:2::1'],
  ['reserved', '192.0.0.8', '240.0.0.1', '250.1.1.1', '100::1', '5f00::1', '4000::1'],
  ['mapped', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::ffff:a9fe:a9fe'],
  ['compatible', '::127.0.0.1', '::7f00:1', '::a00:1'],
  ['translated', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b:1::808:808'],
  ['tunnels', '2002:7f00:1::', '2002:a00:1::1', '2002:c0a8:101::', '2001::1', '192.88.99.1'],
  ['no address', '', 'localhost', '1.2.3.4.5', '[::1]', '1.2.3.4/8'],
] as const;

const isPublic = createAddressRule([]);

for (const [kind, ...addresses] of refused) {
  for (const address of addresses)
    test(`${kind}: ${address || 'nothing'} is refused`, () => assert.equal(isPublic(address), false));
}

for (const address of [
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '2a00:1450:4010::71',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
]) {
  test(`public: ${address} is taken`, () => assert.equal(isPublic(address), true));
}

test('a setting allows networks that are not public, in whatever form the address comes', () => {
  const rule = createAddressRule(['127.0.0.0/8', '::1/128']);
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '8.8.8.8'])
    assert.equal(rule(address), true, address);
  for (const address of ['10.0.0.1', '::2', '172.16.0.1', 'fe80::1']) assert.equal(rule(address), false, address);
});

test('a network that is none is a fault at the start', () => {
  assert.throws(() => createAddressRule(['10.0.0.0']));
});
