import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signMessage, verifyMessage } from '@rocketpay/contract/signature.ts';
import { sandbox, signed } from '../testing/gate-bodies.ts';
import { faultOf } from '../testing/purchase.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

async function methods(platform: TestPlatform, question: object): Promise<Record<string, unknown>> {
  const body = { project_id: 1234, ...question };
  const signature = signMessage(body, sandbox.secret);
  const reply = await platform.post('/v2/info/available_methods_for_merchant/list', { ...body, signature });
  assert.equal(reply.status, 200, reply.text);
  return JSON.parse(reply.text) as Record<string, unknown>;
}

test('a project’s methods by currency, with the family’s spelling', async () => {
  const platform = await openPlatform(pool());
  const answer = await methods(platform, { directions: ['payin', 'payout'], interface_type: { id: 22 } });
  const { KZT } = answer as { KZT: { mobile: Record<string, unknown> } };
  assert.deepEqual(Object.keys(answer), ['KZT']);
  assert.equal(KZT.mobile['direction'], 'payin');
  assert.deepEqual(KZT.mobile['limits'], { 'min amount': 1, 'max amount': 10_000_000_000_000 });
  const codes = (KZT.mobile['mobile_operatiors'] as { code: string }[]).map(({ code }) => code);
  assert.deepEqual(codes.toSorted(), ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL', 'TELE2']);
});

test('nothing for payouts, other methods, or currencies that the project does not take', async () => {
  const platform = await openPlatform(pool());
  for (const question of [
    { directions: ['payout'] },
    { directions: ['payin'], payment_method: 'card' },
    { directions: ['payin'], currency: 'USD' },
  ]) {
    assert.deepEqual(await methods(platform, question), {});
  }
  const { mobile } = (await methods(platform, { directions: ['payin'], payment_method: 'mobile', currency: 'KZT' }))[
    'KZT'
  ] as { mobile: object };
  assert.ok(mobile);
});

test('with every operator off the method is gone, or shown empty to who asks for that', async () => {
  const platform = await openPlatform(pool());
  await pool().query('UPDATE operators SET sales_enabled = false');
  await platform.operators.refresh();
  assert.deepEqual(await methods(platform, { directions: ['payin'] }), {});
  const shown = await methods(platform, { directions: ['payin'], show_unavailable_methods_by_rules: true });
  assert.deepEqual((shown as { KZT: { mobile: Record<string, unknown> } }).KZT.mobile['mobile_operatiors'], []);
});

test('which of several methods would take a purchase, or a payout', async () => {
  const platform = await openPlatform(pool());
  const question = {
    payment_method_list: [
      { payment_method: 'mobile', amount: 100, currency: 'KZT' },
      { payment_method: 'card', amount: 100, currency: 'KZT' },
      { payment_method: 'mobile', amount: 100, currency: 'USD' },
    ],
  };
  const ask = async (direction: string): Promise<boolean[]> => {
    const { text } = await platform.post(`/v2/info/available-methods/${direction}/list`, signed(undefined, question));
    const body = JSON.parse(text) as { available_methods: { is_available: boolean }[]; signature: string };
    assert.ok(verifyMessage(body, body.signature, sandbox.secret), text);
    return body.available_methods.map((each) => each.is_available);
  };
  assert.deepEqual(await ask('purchase'), [true, false, false]);
  assert.deepEqual(await ask('payout'), [false, false, false]);
});

test('what is wrong with a question is said, and a bad signature at the root is one', async () => {
  const platform = await openPlatform(pool());
  const post = (body: object) => platform.post('/v2/info/available_methods_for_merchant/list', body);
  const body = { project_id: 1234, directions: ['sideways'] };
  const signature = signMessage(body, sandbox.secret);
  assert.equal(faultOf(await post({ ...body, signature })), '400 502 directions.0 enum');
  const good = { project_id: 1234, directions: ['payin'] };
  assert.equal(faultOf(await post({ ...good, signature: signMessage(good, 'x') })), '400 3261 signature signature');
});
