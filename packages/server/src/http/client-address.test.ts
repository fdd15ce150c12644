import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNetworks } from '../networks.ts';
import { clientAddress } from './client-address.ts';

const proxies = ['10.0.0.0/8', '2001:db8:5::/48'];

const cases: readonly (readonly [string, readonly string[], string | undefined, string | undefined, string | null])[] =
  [
    ['no proxy is trusted: the header is nobody’s word', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['the sender is no trusted proxy', proxies, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a trusted proxy without the header', proxies, '10.0.0.1', undefined, '10.0.0.1'],
    ['a trusted proxy with an empty header', proxies, '10.0.0.1', ' ', '10.0.0.1'],
    ['one hop', proxies, '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['forged hops on the left', proxies, '10.0.0.1', '198.51.100.1, 10.0.0.7,203.0.113.9', '203.0.113.9'],
    ['a forged trusted proxy on the left', proxies, '10.0.0.1', '198.51.100.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['two proxies', proxies, '10.0.0.1', '203.0.113.9,10.0.0.2', '203.0.113.9'],
    ['a client within the trusted network', proxies, '10.0.0.1', '10.0.0.9, 10.0.0.2', '10.0.0.9'],
    ['a socket that speaks IPv4 in IPv6', proxies, '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['a hop that is IPv4 in IPv6', proxies, '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['the same in hexadecimal', proxies, '10.0.0.1', '::ffff:cb00:7109', '203.0.113.9'],
    ['a trusted IPv4 in IPv6 among the hops', proxies, '10.0.0.1', '203.0.113.9, ::ffff:10.0.0.2', '203.0.113.9'],
    ['IPv6 all the way', proxies, '2001:db8:5::1', '2001:DB8:0:0::9', '2001:db8::9'],
    ['a hop with its port', proxies, '10.0.0.1', '203.0.113.9:52011', '203.0.113.9'],
    ['an IPv6 hop with its port', proxies, '10.0.0.1', '[2001:db8::9]:443', '2001:db8::9'],
    ['an IPv6 hop in brackets', proxies, '10.0.0.1', '[2001:db8::9]', '2001:db8::9'],
    ['a hop that hides', proxies, '10.0.0.1', '203.0.113.9, unknown', null],
    ['a hop that is a name', proxies, '10.0.0.1', 'shop.example', null],
    ['an address in octal', proxies, '10.0.0.1', '0313.0.0161.011', null],
    ['an address as one number', proxies, '10.0.0.1', '3405803785', null],
    ['an address that is too short', proxies, '10.0.0.1', '203.0.113', null],
    ['an empty last hop', proxies, '10.0.0.1', '203.0.113.9,', null],
    ['an IPv4 in brackets', proxies, '10.0.0.1', '[203.0.113.9]', null],
    ['more hops than anybody has', proxies, '10.0.0.1', '203.0.113.9,'.repeat(64) + '203.0.113.9', null],
    ['a socket that is gone', proxies, undefined, '203.0.113.9', null],
  ];
for (const [name, trusted, remote, header, expected] of cases) {
  test(name, () => assert.equal(clientAddress(createNetworks(trusted), remote, header), expected));
}
