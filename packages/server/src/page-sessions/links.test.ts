import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encrypted, queryOf } from '@rocketpay/contract/fixtures/page-links.ts';
import { linkForgery } from '@rocketpay/contract/fixtures/signature-vectors.ts';
import { assertDocumentedCheck } from '../testing/documented.ts';
import { postSale, requestIdOf } from '../testing/purchase.ts';
import { linkOf, openPages, Payer, type TestPages } from '../testing/test-pages.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

async function open(
  ...wish: Parameters<typeof openPages> extends [unknown, ...infer Rest] ? Rest : never
): Promise<TestPages> {
  return openPages(await openPlatform(pool()), ...wish);
}

/** What the database holds once a link was refused. */
async function traces(): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(
    'SELECT (SELECT count(*) FROM payments) + (SELECT count(*) FROM page_sessions) + (SELECT count(*) FROM callbacks) AS n',
  );
  return rows[0]?.n ?? -1;
}

const faultsOf = ({ error }: Payer): string[] => (error?.faults ?? []).map(({ field }) => field);

test('a signed link shows the page, by GET and by POST alike, and begins no payment', async () => {
  const pages = await open();
  const payer = new Payer(pages);
  assert.equal(await payer.open(linkOf('order-1')), 'number');
  assert.equal(payer.reply.status, 200);
  const reply = await pages.platform.post('/payment', queryOf(linkOf('order-1')));
  assert.equal(reply.status, 200);
  assert.match(reply.text, /"kind":"number"/);
  assert.deepEqual(pages.platform.provider.made, []);
  assert.equal((await pool().query('SELECT FROM payments')).rowCount, 0);
  assert.equal(payer.seen.payment.amountMinor, 100_000);
  assert.equal(payer.seen.project.name, 'Sandbox');
});

test('what is wrong with a link is told by its status: 400 for parameters and signature, 404 for the project', async () => {
  const pages = await open();
  const payer = new Payer(pages);
  const wrong: readonly (readonly [string, number, string[]])[] = [
    [
      '',
      400,
      [
        'project_id',
        'payment_id',
        'payment_amount',
        'payment_currency',
        'customer_id',
        'customer_first_name',
        'customer_last_name',
        'customer_email',
        'signature',
      ],
    ],
    [
      queryOf(linkOf('order-1', { payment_amount: '0', customer_email: 'x' })),
      400,
      ['payment_amount', 'customer_email'],
    ],
    [queryOf(linkOf('order-1')).replace('100000', '1'), 400, ['signature']],
    [queryOf(linkOf('order-1'), 'another secret'), 400, ['signature']],
    [`${queryOf(linkOf('order-1'))}&extra=1`, 400, ['signature']],
    [`${queryOf(linkOf('order-1'))}&payment_id=order-2`, 400, ['payment_id']],
    [queryOf(linkOf('order-1', { project_id: '77' })), 404, ['project_id']],
    [queryOf(linkOf('order-1', { payment_currency: 'USD' })), 400, ['payment_currency']],
    [queryOf(linkOf('order-1', { force_payment_method: 'card' })), 400, ['force_payment_method']],
    [queryOf(linkOf('order-1', { mode: 'payout' })), 400, ['mode']],
    [queryOf(linkOf('order-1', { payment_description: 'a;b' })), 400, ['payment_description']],
  ];
  for (const [query, status, fields] of wrong) {
    await payer.get(`/payment?${query}`);
    assert.equal(payer.reply.status, status, query);
    assert.deepEqual(faultsOf(payer), fields, query);
  }
  assert.equal(await traces(), 0);
  assert.deepEqual(pages.platform.merchant.received, []);
});

test('a link whose text stands for a Gate refund is refused', async () => {
  const payer = new Payer(await open());
  const link = Object.fromEntries(Object.entries(linkForgery.link).map(([name, value]) => [name, String(value)]));
  await payer.get(`/payment?${new URLSearchParams({ ...link, signature: linkForgery.signature }).toString()}`);
  assert.deepEqual([payer.reply.status, faultsOf(payer)], [400, ['customer_last_name']]);
});

test('in production a payer is told nothing of what is wrong', async () => {
  const payer = new Payer(await open({ sandbox: false }));
  await payer.get('/payment?payment_id=1');
  assert.equal(payer.reply.status, 400);
  assert.deepEqual([payer.error?.audience, payer.error?.faults], ['payer', []]);
});

test('each of a project’s two secrets opens links while it changes over', async () => {
  const pages = await open();
  const { openAdmin } = await import('../testing/admin.ts');
  const rocketpay = openAdmin(pool());
  const { secret } = await rocketpay.json<{ secret: string }>('secret', 'rotate', '--project', '1234');
  pages.platform.clock.advance(2_000);
  const payer = new Payer(pages);
  for (const [id, key] of [
    ['a', secret],
    ['b', 'test-secret'],
  ] as const)
    assert.equal(await payer.get(`/payment?${queryOf(linkOf(id), key)}`), 'number');
});

test('an encrypted link opens as a plain one does, and only with the project’s key', async () => {
  const pages = await open();
  await pages.set({ encryptionKey: 'encrypt_secret' });
  const payer = new Payer(pages);
  const query = queryOf(linkOf('order-1'));
  for (const text of [`/payment?${query}`, `payment?${query}`])
    assert.equal(await payer.get(`/1234/${encrypted(text, 'encrypt_secret')}`), 'number');
  assert.equal(await payer.get(`/1234/${encodeURIComponent(encrypted(query, 'another key'))}`), 'error 400');
  assert.equal(await payer.get('/1234/nonsense'), 'error 400');
  assert.equal(await payer.get(`/77/${encrypted(`/payment?${query}`, 'encrypt_secret')}`), 'error 404');
  const foreign = queryOf(linkOf('order-1', { project_id: '77' }));
  assert.equal(await payer.get(`/1234/${encrypted(`/payment?${foreign}`, 'encrypt_secret')}`), 'error 404');
  const unsigned = new URLSearchParams(linkOf('order-1')).toString();
  assert.equal(await payer.get(`/1234/${encrypted(`/payment?${unsigned}`, 'encrypt_secret')}`), 'error 400');
  await pages.set({ encryptionKey: null });
  assert.equal(await payer.get(`/1234/${encrypted(`/payment?${query}`, 'encrypt_secret')}`), 'error 404');
});

test('a merchant’s server may ask beforehand what is wrong with a link, signed or not', async () => {
  const pages = await open();
  const check = async (query: string): Promise<[number, string[]]> => {
    const { status, text } = await pages.get(`/params/check?${query}`);
    assertDocumentedCheck(status, text);
    const { errors = [] } = JSON.parse(text) as { errors?: { field: string }[] };
    return [status, errors.map(({ field }) => field)];
  };
  assert.deepEqual(await check(queryOf(linkOf('order-1'))), [200, []]);
  assert.deepEqual(await check(new URLSearchParams(linkOf('order-1')).toString()), [200, []]);
  assert.deepEqual(await check(queryOf(linkOf('order-1'), 'wrong')), [400, ['signature']]);
  assert.deepEqual(await check('project_id=1234'), [
    400,
    [
      'payment_id',
      'payment_amount',
      'payment_currency',
      'customer_id',
      'customer_first_name',
      'customer_last_name',
      'customer_email',
    ],
  ]);
  assert.deepEqual(await check('project_id=77'), [
    404,
    [
      'project_id',
      'payment_id',
      'payment_amount',
      'payment_currency',
      'customer_id',
      'customer_first_name',
      'customer_last_name',
      'customer_email',
    ],
  ]);
  assert.equal(await traces(), 0);
});

test('a payment id that Gate or another link has used shows a clear refusal, and nothing of that payment', async () => {
  const pages = await open();
  requestIdOf(await postSale(pages.platform, 'Order-1'));
  await pages.platform.idle();
  const payer = new Payer(pages);
  assert.equal(await payer.open(linkOf('ORDER-1')), 'error 400');
  assert.deepEqual(faultsOf(payer), ['payment_id']);
  assert.ok(!payer.reply.text.includes('7707'));

  const [one, other] = [new Payer(pages), new Payer(pages)];
  await one.open(linkOf('order-2'));
  await other.open(linkOf('ORDER-2', { payment_amount: '5000' }));
  assert.notEqual(one.seen.basePath, other.seen.basePath);
  assert.equal(await one.giveNumber(), 'code');
  assert.equal(await other.reload(), 'error 400');
  assert.equal(await other.open(linkOf('ORDER-2', { payment_amount: '5000' })), 'error 400');
  assert.equal(pages.platform.provider.made.filter(({ method }) => method === 'prepare').length, 2);
});

test('two links of one payment id race: one begins it, the other is told', async () => {
  const pages = await open();
  const [one, other] = [new Payer(pages), new Payer(pages)];
  await one.open(linkOf('order-1'));
  await other.open(linkOf('order-1', { payment_amount: '5000' }));
  await one.post('number', { number: '87071234567' });
  await other.post('number', { number: '87071234568' });
  await pages.platform.idle();
  assert.deepEqual([await one.reload(), other.sees], ['code', 'error 400']);
});

test('the same link is the same session, in whatever frame, language and letter case of its id it comes', async () => {
  const pages = await open();
  const [one, other] = [new Payer(pages), new Payer(pages)];
  await one.open(linkOf('order-1'));
  await one.giveNumber();
  assert.equal(await other.open(linkOf('order-1', { language_code: 'ru', target_element: 'x' }), 'iframe'), 'code');
  assert.equal(other.seen.language, 'ru');
  assert.equal(other.seen.opened, 'iframe');
  assert.equal(other.seen.basePath.slice(11), one.seen.basePath.slice(11));
  assert.ok(!other.reply.text.includes('7071234567'));
  assert.match(other.reply.text, /\+7 7•• ••• •• 67/);
});
