import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyMessage } from '@rocketpay/contract/signature.ts';
import { openAdmin } from '../testing/admin.ts';
import { paths, sandbox, saleBody, signed, type Signer } from '../testing/gate-bodies.ts';
import { faultOf, requestIdOf } from '../testing/purchase.ts';
import { openPlatform, startProcess, type Reply, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const SEEN_AFTER_MS = 1_001;

/** A platform with a command beside it; what the command changes is seen a second later. */
async function open(trustedProxies: readonly string[] = []) {
  const opened = await openPlatform(pool());
  const platform = await startProcess({ ...opened, trustedProxies });
  const command = openAdmin(pool(), { clock: platform.clock });
  async function rocketpay<Answer>(line: string): Promise<Answer> {
    const answer = await command.json<Answer>(...line.split(' '), '--project', `${sandbox.projectId}`);
    platform.clock.advance(SEEN_AFTER_MS);
    return answer;
  }
  return { platform, rocketpay };
}

const ask = (platform: TestPlatform, secret: string, headers: Record<string, string> = {}) =>
  platform.post(paths.status, signed('nobody', {}, { ...sandbox, secret }), headers);

const answerTo = (reply: Reply): string => (reply.status === 200 ? 'answered' : faultOf(reply));

function signatureOf(text: string): { body: object; signature: string } {
  const body = JSON.parse(text) as { signature: string };
  return { body, signature: body.signature };
}

test('while a secret changes over both open requests, and each is answered under the one it used', async () => {
  const { platform, rocketpay } = await open();
  const { secret: next } = await rocketpay<{ secret: string }>('secret rotate');
  const check = async (secret: string): Promise<void> => {
    const reply = await ask(platform, secret);
    assert.equal(reply.status, 200);
    const { body, signature } = signatureOf(reply.text);
    assert.ok(verifyMessage(body, signature, secret));
    assert.equal(verifyMessage(body, signature, secret === next ? sandbox.secret : next), false);
  };
  await check(sandbox.secret);
  await check(next);
  await rocketpay('secret promote');
  await check(sandbox.secret);
  await check(next);
  await rocketpay('secret retire');
  await check(next);
  assert.equal(faultOf(await ask(platform, sandbox.secret)), '400 3261 general.signature signature');
});

test('callbacks are signed with the old secret until the new one is promoted', async () => {
  const { platform, rocketpay } = await open();
  const { secret: next } = await rocketpay<{ secret: string }>('secret rotate');
  const buyer: Signer = { ...sandbox, secret: next };
  const told = async (id: string): Promise<{ body: object; signature: string }> => {
    requestIdOf(await platform.post(paths.sale, signed(id, saleBody(), buyer)));
    await platform.idle();
    return signatureOf(JSON.stringify(platform.merchant.received.at(-1)?.body));
  };
  const before = await told('order-1');
  assert.ok(verifyMessage(before.body, before.signature, sandbox.secret));
  await rocketpay('secret promote');
  const after = await told('order-2');
  assert.ok(verifyMessage(after.body, after.signature, next));
});

test('the last use of each secret is known to the minute, at the cost of a write a minute', async () => {
  const { platform, rocketpay } = await open();
  const { secret: next } = await rocketpay<{ secret: string }>('secret rotate');
  const lastUses = async (): Promise<(string | null)[]> => {
    await platform.idle();
    const { secrets } = await rocketpay<{ secrets: { secretNo: number; kind: string; lastUsedAt: string | null }[] }>(
      'project show',
    );
    return secrets.filter(({ kind }) => kind === 'request').map(({ lastUsedAt }) => lastUsedAt);
  };
  const start = platform.clock.now();
  const stamp = (after: number): string => new Date(start + after).toISOString();
  for (let turn = 0; turn < 3; turn++) await ask(platform, sandbox.secret);
  await ask(platform, 'wrong');
  assert.deepEqual((await lastUses()).toSorted(), [stamp(0), null].toSorted());
  platform.clock.advance(30_000 - (platform.clock.now() - start));
  await ask(platform, next);
  await ask(platform, sandbox.secret);
  assert.deepEqual((await lastUses()).toSorted(), [stamp(0), stamp(30_000)]);
  platform.clock.advance(60_000 - (platform.clock.now() - start));
  await ask(platform, sandbox.secret);
  assert.deepEqual((await lastUses()).toSorted(), [stamp(30_000), stamp(60_000)]);
});

test('an address that is not on the list gets 403, but only for a request that is signed', async () => {
  const { platform, rocketpay } = await open(['127.0.0.1/32', '10.0.0.0/8']);
  await rocketpay('project set --allow-list 203.0.113.0/24,2001:db8::/32');
  const from = (forwarded: string, secret = sandbox.secret) =>
    ask(platform, secret, { 'x-forwarded-for': forwarded }).then(answerTo);
  for (const allowed of ['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::1', '198.51.100.1, 203.0.113.9, 10.0.0.2']) {
    assert.equal(await from(allowed), 'answered', allowed);
  }
  for (const forged of ['198.51.100.1', '203.0.113.9, 198.51.100.1', 'unknown', '203.0.113.9,', '10.0.0.3']) {
    assert.equal(await from(forged), '403 303', forged);
    assert.equal(await from(forged, 'wrong'), '400 3261 general.signature signature', forged);
  }
  const { text } = await ask(platform, sandbox.secret, { 'x-forwarded-for': '198.51.100.1' });
  assert.deepEqual(JSON.parse(text), {
    status: 'error',
    code: '303',
    message: 'Access denied: this project takes no requests from 198.51.100.1',
  });
  await rocketpay('project set --allow-list none');
  assert.equal(await from('198.51.100.1'), 'answered');
});

test('without trusted proxies the header changes nothing', async () => {
  const { platform, rocketpay } = await open();
  await rocketpay('project set --allow-list 203.0.113.0/24');
  assert.equal(faultOf(await ask(platform, sandbox.secret, { 'x-forwarded-for': '203.0.113.9' })), '403 303');
  await rocketpay('project set --allow-list 127.0.0.1');
  assert.equal(answerTo(await ask(platform, sandbox.secret, { 'x-forwarded-for': '198.51.100.1' })), 'answered');
});

test('no refused address starts anything', async () => {
  const { platform, rocketpay } = await open();
  await rocketpay('project set --allow-list 203.0.113.0/24');
  assert.equal(faultOf(await platform.post(paths.sale, signed('order-1', saleBody()))), '403 303');
  await platform.idle();
  assert.deepEqual(platform.provider.made, []);
  assert.equal((await pool().query('SELECT FROM payments')).rowCount, 0);
});
