import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { mock, test } from 'node:test';
import { decoySecret } from '@rocketpay/contract/signature.ts';
import { paths, saleBody, sandbox, signed, type Body } from '../testing/gate-bodies.ts';
import { faultOf, postSale, requestIdOf } from '../testing/purchase.ts';
import { openPlatform, type Reply } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

const wrongSecret = { ...sandbox, secret: 'another-secret' };
const unknownProject = { projectId: 4_000_000_000, secret: sandbox.secret };
const without = (body: Body, name: string): Body =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

const refusals: readonly (readonly [string, Body, string])[] = [
  [
    'a currency the project does not have',
    signed('o', saleBody({ payment: { amount: 5, currency: 'USD' } })),
    '400 3023 payment.currency enabled',
  ],
  ['a wrong secret', signed('o', saleBody(), wrongSecret), '400 3261 general.signature signature'],
  ['an unknown project', signed('o', saleBody(), unknownProject), '400 3261 general.signature signature'],
  [
    'an unknown project signed as the decoy',
    signed('o', saleBody(), { ...unknownProject, secret: decoySecret }),
    '400 3261 general.signature signature',
  ],
  [
    'a body changed after it was signed',
    { ...signed('o', saleBody()), payment: { amount: 1, currency: 'KZT' } },
    '400 3261 general.signature signature',
  ],
  [
    'no signature',
    { ...saleBody(), general: { project_id: 1234, payment_id: 'o' } },
    '400 3262 general.signature required',
  ],
  ['no payment', signed('o', without(saleBody(), 'payment')), '400 2004 payment required'],
  ['no payment id', signed(undefined, saleBody()), '400 2004 general.payment_id required'],
  [
    'an amount in words',
    signed('o', saleBody({ payment: { amount: 'ten', currency: 'KZT' } })),
    '400 502 payment.amount type',
  ],
  [
    'letters in the number',
    signed('o', saleBody({ account: { number: '7707123456a' } })),
    '400 502 account.number pattern',
  ],
  ['a root member that may not be there', signed('o', saleBody({ card: {} })), '400 702 card unknown'],
];

test('what is refused at the door stores nothing, asks nobody and leaves the id free', async (t) => {
  const platform = await openPlatform(pool());
  for (const [name, body, fault] of refusals) {
    await t.test(name, async () => {
      assert.equal(faultOf(await platform.post(paths.sale, body)), fault);
    });
  }
  await platform.idle();
  const { rows } = await pool().query('SELECT payment_key FROM payments UNION ALL SELECT payment_key FROM callbacks');
  assert.deepEqual(rows, []);
  assert.deepEqual(platform.provider.news(), []);
  requestIdOf(await postSale(platform, 'o'));
});

test('an unknown project looks like a wrong signature on every endpoint, at the cost of the same work', async () => {
  const platform = await openPlatform(pool());
  const bodyOf = {
    sale: saleBody(),
    code: { additional_data: { additional_data: { approval_code: '1' } } },
    resend: { customer: { ip_address: '198.51.100.1' } },
    refund: {},
    status: {},
  };
  const hmacs = mock.method(crypto, 'createHmac');
  syncBuiltinESMExports();
  const ask = async (path: string, body: Body): Promise<Reply & { work: number }> => {
    const before = hmacs.mock.callCount();
    const reply = await platform.post(path, body);
    return { ...reply, work: hmacs.mock.callCount() - before };
  };
  try {
    for (const name of Object.keys(paths) as (keyof typeof paths)[]) {
      const wrong = signed('o', bodyOf[name], wrongSecret);
      const unknown = { ...wrong, general: { ...(wrong['general'] as Body), project_id: unknownProject.projectId } };
      const first = await ask(paths[name], wrong);
      const second = await ask(paths[name], unknown);
      assert.equal(first.status, 400);
      assert.deepEqual([second.status, second.text, second.work], [first.status, first.text, first.work], name);
      assert.ok(first.work > 0);
    }
  } finally {
    hmacs.mock.restore();
    syncBuiltinESMExports();
  }
});

test('all faults are told at once, the signature among them', async () => {
  const platform = await openPlatform(pool());
  const body = signed('o', saleBody({ payment: { amount: -1, currency: 'tenge' } }), wrongSecret);
  const { errors } = JSON.parse((await platform.post(paths.sale, body)).text) as { errors: { field: string }[] };
  assert.deepEqual(errors.map((error) => error.field).toSorted(), [
    'general.signature',
    'payment.amount',
    'payment.currency',
  ]);
});
