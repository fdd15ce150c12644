import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createNames } from './names.ts';
import type { NameParts } from './names.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });
const fails = (code: string) => () => Promise.reject(failure(code));

/** Names over servers that a test answers for, with a clock set by hand. */
function open(parts: Partial<NameParts> = {}) {
  let now = 1_000;
  const asked: string[] = [];
  const noted = <Answer>(kind: string, answer: (name: string) => Promise<Answer>) => {
    return (name: string): Promise<Answer> => {
      asked.push(`${kind} ${name}`);
      return answer(name);
    };
  };
  const resolve = createNames({
    resolve4: noted('A', parts.resolve4 ?? (async () => ['192.0.2.1'])),
    resolve6: noted('AAAA', parts.resolve6 ?? fails('ENODATA')),
    lookup: noted('hosts', parts.lookup ?? fails('ENOTFOUND')),
    monotonicMs: () => now,
  });
  return {
    asked,
    pass: (ms: number) => void (now += ms),
    ask: (name: string) =>
      new Promise<string>((done) =>
        resolve(name, (error, addresses) =>
          done(error ? error.message : addresses.map(({ address, family }) => `${address}/${family}`).join(' ')),
        ),
      ),
  };
}

test('a name has the addresses of both families', async () => {
  const { ask } = open({ resolve6: async () => ['2001:db8::1', '2001:db8::2'] });
  assert.equal(await ask('shop.example'), '192.0.2.1/4 2001:db8::1/6 2001:db8::2/6');
  assert.equal(await open().ask('shop.example'), '192.0.2.1/4');
  assert.equal(
    await open({ resolve4: fails('ENODATA'), resolve6: async () => ['2001:db8::1'] }).ask('shop.example'),
    '2001:db8::1/6',
  );
});

test('an answer is kept half a minute, a failure five seconds', async () => {
  let down = false;
  const names = open({ resolve4: async () => (down ? fails('ETIMEOUT')() : ['192.0.2.1']) });
  await names.ask('shop.example');
  names.pass(29_999);
  assert.equal(await names.ask('Shop.example.'), '192.0.2.1/4');
  assert.deepEqual(names.asked, ['A shop.example', 'AAAA shop.example']);
  down = true;
  names.pass(1);
  assert.equal(await names.ask('shop.example'), 'ETIMEOUT');
  down = false;
  names.pass(4_999);
  assert.equal(await names.ask('shop.example'), 'ETIMEOUT');
  names.pass(1);
  assert.equal(await names.ask('shop.example'), '192.0.2.1/4');
});

test('of an answer whose other half never came, the next attempt need not wait for it', async () => {
  const names = open({ resolve6: fails('ETIMEOUT') });
  assert.equal(await names.ask('shop.example'), '192.0.2.1/4');
  names.pass(29_999);
  await names.ask('shop.example');
  assert.equal(names.asked.length, 2);
});

test('whoever asks for a name that is being asked for waits for the same answer, others for nothing', async () => {
  const slow = Promise.withResolvers<readonly string[]>();
  const names = open({ resolve4: (name) => (name === 'slow.example' ? slow.promise : Promise.resolve(['192.0.2.7'])) });
  const waiting = Promise.all(Array.from({ length: 50 }, () => names.ask('slow.example')));
  names.pass(600_000);
  assert.equal(await names.ask('quick.example'), '192.0.2.7/4');
  assert.equal(names.asked.filter((line) => line === 'A slow.example').length, 1);
  slow.resolve(['192.0.2.8']);
  assert.deepEqual(new Set(await waiting), new Set(['192.0.2.8/4']));
});

test('no more than a thousand names are kept', async () => {
  const names = open();
  for (let no = 0; no <= 1_000; no++) await names.ask(`${no}.example`);
  const before = names.asked.length;
  await names.ask('1.example');
  assert.equal(names.asked.length, before);
  await names.ask('0.example');
  assert.equal(names.asked.length, before + 2);
});

test('localhost and what is under it is loopback, and nobody is asked', async () => {
  const names = open({ resolve4: async () => ['203.0.113.9'] });
  for (const name of ['localhost', 'LocalHost.', 'shop.localhost']) {
    assert.equal(await names.ask(name), '127.0.0.1/4 ::1/6');
  }
  assert.deepEqual(names.asked, []);
  assert.equal(await names.ask('notlocalhost'), '203.0.113.9/4');
});

test('the system is asked only for a name that the servers do not know', async () => {
  const hosts = async (): Promise<LookupAddress[]> => [{ address: '10.1.2.3', family: 4 }];
  const unknown = open({ resolve4: fails('ENOTFOUND'), resolve6: fails('ENOTFOUND'), lookup: hosts });
  assert.equal(await unknown.ask('shop'), '10.1.2.3/4');
  for (const code of ['ETIMEOUT', 'ESERVFAIL', 'EREFUSED', 'ENODATA', 'ECONNREFUSED']) {
    const names = open({ resolve4: fails(code), resolve6: fails('ENOTFOUND'), lookup: hosts });
    assert.notEqual(await names.ask('shop'), '10.1.2.3/4', code);
    assert.ok(!names.asked.includes('hosts shop'), code);
  }
});

test('the system is asked for two names at a time; a third is not found, and a failure frees the place', async () => {
  const held: { fail(): void }[] = [];
  const names = open({
    resolve4: fails('ENOTFOUND'),
    resolve6: fails('ENOTFOUND'),
    lookup: () => new Promise((_, reject) => held.push({ fail: () => reject(failure('EAI_AGAIN')) })),
  });
  const first = [names.ask('a'), names.ask('b')];
  assert.equal(await names.ask('c'), 'ENOTFOUND');
  assert.equal(held.length, 2);
  for (const { fail } of held) fail();
  assert.deepEqual(await Promise.all(first), ['ENOTFOUND', 'ENOTFOUND']);
  const next = names.ask('d');
  while (held.length < 3) await nextTurn();
  held[2]?.fail();
  assert.equal(await next, 'ENOTFOUND');
});
