import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createSender } from './sender.ts';
import { openNameServer } from './testing/name-server.ts';

/** Hosts as they may be written in a URL, each of which must be refused before anything is connected. */
const blocked: Readonly<Record<string, string>> = {
  'loopback, in every spelling that URLs know': `127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 017700000001
    0x7f000001 0X7F000001 0x7f.1 0177.0.0.1 0177.1 0x7f.0x0.0x0.0x1 00000000000000000177.0.0.1 127.0.0.1. 127。0。0。1
    １２７.0.0.1 ①②⑦.0.0.1 %31%32%37.0.0.1 0x7f.0.0.1.`,
  'this machine without a number': '0 0.0.0.0 0.1.2.3 0x0 [::] [0:0:0:0:0:0:0:0]',
  'loopback in IPv6': '[::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001]',
  'IPv4 within IPv6, mapped': `[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:1] [::ffff:10.0.0.1] [::ffff:169.254.169.254]
    [0:0:0:0:0:ffff:192.168.1.1]`,
  'compatible and translated': '[::127.0.0.1] [::7f00:1] [::10.0.0.1] [::ffff:0:127.0.0.1] [::ffff:0:a00:1]',
  NAT64: '[64:ff9b::127.0.0.1] [64:ff9b::10.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::127.0.0.1] [64:ff9b:1::808:808]',
  tunnels: `[2002:7f00:1::] [2002:a00:1::1] [2002:c0a8:101::] [2001:0:7f00:1::] [2001:0:4136:e378:8000:63bf:80ff:fffe]
    [2a00:1450::5efe:10.0.0.1] [2a00:1450::200:5efe:a00:1] 192.88.99.1`,
  private: '10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1 0xa000001 167772161 012.0.0.1 192.168.257',
  'link-local, with the clouds’ metadata': `169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518
    169.254.170.2 [fe80::1] [febf::1] [fe80::a9fe:a9fe]`,
  'metadata elsewhere': '168.63.129.16 100.100.100.200 192.0.0.192 [fd00:ec2::254]',
  'shared by carriers': '100.64.0.1 100.127.255.255',
  'unique local and site-local': '[fc00::1] [fd12:3456:789a::1] [fdff:ffff::1] [fec0::1]',
  'multicast and broadcast': '224.0.0.1 239.255.255.250 255.255.255.255 4294967295 [ff02::1] [ff05::2] [ff0e::1]',
  'documentation and benchmarks':
    '192.0.2.1 198.51.100.7 203.0.113.9 198.18.0.1 198.19.255.255 [2001:db8::1] [3fff::1] [2001:2::1]',
  reserved: '240.0.0.1 254.255.255.255 192.0.0.8 [100::1] [4000::1] [5f00::1] [2001:10::1] [2001:20::1]',
  'names of this machine': 'localhost LOCALHOST localhost. a.b.localhost LocalHost.',
};

/** Whole URLs in which another host hides, or none; `PORT` is where somebody would answer. */
const noAddress = [
  'http://[fe80::1%25lo]:PORT/',
  'http://[fe80::1%lo]:PORT/',
  'http://[::1%251]:PORT/',
  'http://256.0.0.1:PORT/',
  'http://1.2.3.4.5:PORT/',
  'http://0x100000000:PORT/',
  'http://127.0.0.08:PORT/',
  'http://[::ffff:127.0.0.1.]:PORT/',
  'http://127.0.0.1:PORT@shop.example/',
  'http://shop.example@127.0.0.1:PORT/',
  'http://:secret@127.0.0.1:PORT/',
  'http://127.0.0.1:PORT:80/',
  'http://127.0.0.1:65536/',
  'http://127.0.0.1:0/',
  'http://shop.example:22/',
  'https://shop.example:25/',
  'http://shop.example:6667/',
  'ftp://127.0.0.1:PORT/',
  'gopher://127.0.0.1:PORT/',
  'file://127.0.0.1/etc/passwd',
  'unix:/var/run/docker.sock',
  '//127.0.0.1:PORT/',
  'http:/\u0000/127.0.0.1:PORT/',
];

/** Spellings that the URL parser reads as loopback. */
const readAsLoopback = [
  'http:127.0.0.1:PORT/',
  'http:\\\\127.0.0.1:PORT\\',
  'http:///127.0.0.1:PORT/',
  'ht\ntp://127.0.0\t.1:PORT/',
  ' http://127.0.0.1:PORT/ ',
  'http://127.0.0.1:PORT\\@shop.example/',
  'http://127.0.0.1:PORT#@shop.example/',
  'http://127.0.0.1:PORT?@shop.example/',
  'http://127.0.0.1:000PORT/',
];

/** What a name server may say of a name that a stranger owns. */
const names: Readonly<Record<string, readonly string[]>> = {
  'private.example': ['10.1.2.3'],
  'loopback.example': ['127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'mapped.example': ['::ffff:7f00:1'],
  'six.example': ['::1'],
  'local6.example': ['fd00:ec2::254'],
  'public-then-private.example': ['93.184.215.14', '127.0.0.1'],
  'private-then-public.example': ['127.0.0.1', '93.184.215.14'],
  'public4-private6.example': ['93.184.215.14', '::1'],
  'private4-public6.example': ['127.0.0.1', '2a00:1450:4010::71'],
  'alias.example': ['loopback.example'],
  'alias-of-alias.example': ['alias.example'],
  'far-alias.example': ['alias-of-alias.example'],
  'alias-of-mixed.example': ['public-then-private.example'],
};

describe('no callback goes to an address that is not public', { concurrency: false }, () => {
  let visitors = 0;
  let port = 0;
  const server = createServer((socket) => {
    visitors++;
    socket.destroy();
  });
  before(async () => {
    server.listen(0, '::');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    visitors = 0;
  });
  after(() => server.close());

  const nobody = { resolve: () => assert.fail('a name was asked for'), timeoutMs: 1_000 };
  async function send(url: string, resolve: Parameters<typeof createSender>[1] = nobody.resolve): Promise<string> {
    const sender = createSender({ allowedNetworks: [], timeoutMs: 10_000 }, resolve);
    const { kind } = await sender.send(url.replace('PORT', String(port)), '{}');
    await sender.close();
    return kind;
  }

  for (const [what, hosts] of Object.entries(blocked)) {
    test(what, async () => {
      const withNames = what.startsWith('names') ? await openNameServer({}) : null;
      for (const host of hosts.split(/\s+/)) {
        for (const scheme of ['http', 'https'])
          assert.equal(await send(`${scheme}://${host}:PORT/`, withNames?.resolve), 'blocked_address', host);
      }
      assert.deepEqual([visitors, withNames?.asked ?? []], [0, []]);
      withNames?.close();
    });
  }

  test('a URL that hides its host is none', async () => {
    for (const url of noAddress) assert.equal(await send(url), 'bad_url', url);
    assert.equal(visitors, 0);
  });

  test('whatever the parser takes for loopback is loopback', async () => {
    for (const url of readAsLoopback) assert.equal(await send(url), 'blocked_address', JSON.stringify(url));
    assert.equal(visitors, 0);
  });

  test('a backslash ends the host: the rest is a path', async () => {
    const { resolve, asked, close } = await openNameServer({ 'shop.example': [['10.0.0.9']] });
    assert.equal(await send('http://shop.example\\@127.0.0.1:PORT/', resolve), 'blocked_address');
    assert.deepEqual(new Set(asked), new Set(['shop.example']));
    close();
  });

  test('what a name server answers, by whatever chain of names and beside whatever else', async () => {
    const zone = Object.fromEntries(Object.entries(names).map(([name, answers]) => [name, [answers]]));
    const { resolve, asked, close } = await openNameServer(zone);
    for (const name of Object.keys(names)) {
      for (const spelling of [name, name.toUpperCase(), `${name}.`, name.replace('e', 'ｅ')])
        assert.equal(await send(`http://${spelling}:PORT/`, resolve), 'blocked_address', spelling);
    }
    assert.equal(visitors, 0);
    assert.ok(asked.length >= 8 * Object.keys(names).length, 'a real name server was asked');
    close();
  });

  test('a name that changes its mind between two look-ups', async () => {
    const zone = { 'rebind.example': [['127.0.0.1'], ['10.0.0.1'], ['127.0.0.1', '169.254.169.254']] };
    const { resolve, close } = await openNameServer(zone);
    const sender = createSender({ allowedNetworks: ['127.0.0.1/32'], timeoutMs: 10_000 }, resolve);
    const kinds: string[] = [];
    for (let count = 0; count < 3; count++)
      kinds.push((await sender.send(`http://rebind.example:${port}/`, '{}')).kind);
    assert.deepEqual(kinds, ['connection_lost', 'blocked_address', 'blocked_address']);
    assert.equal(visitors, 1, 'only the allowed answer was connected to');
    await sender.close();
    close();
  });
});
