import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signed, type Body } from '../testing/gate-bodies.ts';
import { faultOf, postSale, reachCode, requestIdOf, statusOf } from '../testing/purchase.ts';
import { found, idOf, waiting } from '../testing/scripted-provider.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const shared = { account: { number: '77011234567' } };

async function switchOff(platform: TestPlatform, ...operators: string[]): Promise<void> {
  await pool().query('UPDATE operators SET sales_enabled = NOT (operator_id = ANY ($1))', [operators]);
  await platform.operators.refresh();
}

/** The brand a callback names before the operator has said anything. */
async function guessedBrand(account: Body, ported?: string): Promise<string> {
  const platform = await openPlatform(pool());
  if (ported !== undefined) {
    await pool().query('INSERT INTO ported_numbers VALUES ($1, $2)', [account['number'], ported]);
    await platform.operators.refresh();
  }
  platform.provider.answerNext('prepare', { kind: 'denied', reason: 'limit_day' });
  requestIdOf(await postSale(platform, 'order-1', { account }));
  await platform.idle();
  return platform.merchant.last().account.type;
}

test('before the operator’s answer the brand is our guess, where only one is possible', async (t) => {
  const guesses = [
    ['one operator’s prefix', { number: '77071234567' }, undefined, 'TELE2'],
    ['another one’s', { number: '77051234567' }, undefined, 'BEELINE'],
    ['a prefix two operators share', { number: '77011234567' }, undefined, ''],
    ['no prefix we know', { number: '71234567890' }, undefined, ''],
    ['the payer’s choice', { number: '77011234567', service_provider: 'ACTIV' }, undefined, 'ACTIV'],
    ['a choice we do not know', { number: '77071234567', service_provider: 'MTS' }, undefined, 'TELE2'],
    ['a number that has moved', { number: '77071234567' }, 'ALTEL', 'ALTEL'],
    ['a choice against a move', { number: '77071234567', service_provider: 'KCELL' }, 'ALTEL', 'KCELL'],
  ] as const;
  for (const [name, account, ported, brand] of guesses) {
    await t.test(name, async () => assert.equal(await guessedBrand(account, ported), brand));
  }
});

test('the operator’s answer wins over every guess, also one found by asking', async () => {
  const platform = await openPlatform(pool());
  const { provider } = platform;
  provider.answerNext('prepare', (call) => found(waiting(call, platform.clock.now(), { operator: 'ACTIV' })));
  await reachCode(platform, 'order-1', { account: { number: '77071234567', service_provider: 'TELE2' } });
  assert.equal(platform.merchant.last().account.type, 'ACTIV');
  provider.answerNext('prepare', { kind: 'in_doubt', why: 'silence', suspicious: false });
  provider.answerNext('lookUp', () =>
    found(waiting(provider.lastPrepare(), platform.clock.now(), { operator: 'KCELL' })),
  );
  await reachCode(platform, 'order-2', shared);
  assert.equal(platform.merchant.last().account.type, 'KCELL');
});

test('a number of an operator that is switched off is declined without asking', async () => {
  const platform = await openPlatform(pool());
  await switchOff(platform, 'TELE2');
  requestIdOf(await postSale(platform, 'order-1'));
  await platform.idle();
  assert.deepEqual(platform.provider.news(), []);
  assert.deepEqual(platform.merchant.story(), ['decline / sale decline 314']);
});

test('of two operators that share a prefix both must be off', async () => {
  const platform = await openPlatform(pool());
  await switchOff(platform, 'KCELL');
  platform.provider.answerNext('prepare', (call) => found(waiting(call, platform.clock.now(), { operator: 'ACTIV' })));
  await reachCode(platform, 'order-1', shared);
  await switchOff(platform, 'KCELL', 'ACTIV');
  requestIdOf(await postSale(platform, 'order-2', shared));
  await platform.idle();
  assert.deepEqual(platform.provider.news(), ['prepare']);
  assert.match(await statusOf(platform, 'order-2'), /^decline .* 314$/);
});

test('an answer that names an operator which is off declines the payment and cancels it there', async (t) => {
  for (const status of ['pending_code', 'reserved'] as const) {
    await t.test(status, async () => {
      const platform = await openPlatform(pool());
      await switchOff(platform, 'KCELL');
      platform.provider.answerNext('prepare', (call) =>
        found({ status, providerPaymentId: idOf(call), operator: 'KCELL' }),
      );
      requestIdOf(await postSale(platform, 'order-1', shared));
      await platform.idle();
      assert.deepEqual(platform.provider.news(), ['prepare', 'cancel']);
      assert.deepEqual(platform.merchant.story(), ['decline / sale decline 314']);
      assert.equal(platform.merchant.last().account.type, 'KCELL');
    });
  }
});

test('the list has the five operators, for purchases and payouts alike, without those switched off', async (t) => {
  const platform = await openPlatform(pool());
  const list = async (type: string, body: Body = {}): Promise<{ code: string; countries: string[] }[]> => {
    const reply = await platform.post(`/v2/info/mobile/${type}/list`, signed(undefined, body));
    assert.equal(reply.status, 200, reply.text);
    return JSON.parse(reply.text) as { code: string; countries: string[] }[];
  };
  const all = ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL', 'TELE2'];
  for (const type of ['sale', 'payout'])
    assert.deepEqual(
      (await list(type)).map(({ code }) => code),
      all,
    );
  assert.deepEqual(
    (await list('sale', { service_provider: { code: 'TELE2' } })).map(({ code }) => code),
    ['TELE2'],
  );
  assert.deepEqual((await list('sale', { service_provider: { country: 'KZ' } })).length, 5);
  await switchOff(platform, 'ALTEL');
  assert.ok(!(await list('sale')).some(({ code }) => code === 'ALTEL'));
  await t.test('another type does not exist', async () => {
    assert.equal(faultOf(await platform.post('/v2/info/mobile/refund/list', signed(undefined))), '404 702');
  });
  await t.test('a bad signature is refused', async () => {
    const body = signed(undefined, {}, { projectId: 1234, secret: 'wrong' });
    assert.equal(
      faultOf(await platform.post('/v2/info/mobile/sale/list', body)),
      '400 3261 general.signature signature',
    );
  });
});
