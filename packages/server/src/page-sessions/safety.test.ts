import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { queryOf } from '@rocketpay/contract/fixtures/page-links.ts';
import { paths, sandbox, signed } from '../testing/gate-bodies.ts';
import { chargedNotice, faultOf } from '../testing/purchase.ts';
import { linkOf, openPages, Payer, type Parameters, type PageWish, type TestPages } from '../testing/test-pages.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

const openAt = async (wish: PageWish = {}): Promise<TestPages> => openPages(await openPlatform(pool()), wish);

async function openedAt(pages: TestPages, paymentId: string, frame = '', change: Parameters = {}): Promise<Payer> {
  const payer = new Payer(pages);
  await payer.open(linkOf(paymentId, change), frame);
  return payer;
}

const policyOf = (payer: Payer): ReadonlyMap<string, string> =>
  new Map(
    String(payer.reply.headers['content-security-policy'])
      .split('; ')
      .map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')];
      }),
  );

test('a page may run its one script and nothing else, and no other page may frame it', async () => {
  const payer = await openedAt(await openAt(), 'order-1');
  const { nonce } = JSON.parse(payer.reply.text) as { nonce: string };
  assert.match(nonce, /^[A-Za-z0-9+/]{22}==$/);
  assert.deepEqual(Object.fromEntries(policyOf(payer)), {
    'default-src': "'none'",
    'script-src': `'nonce-${nonce}'`,
    'style-src': `'nonce-${nonce}'`,
    'img-src': "'self' data:",
    'connect-src': "'self'",
    'form-action': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': 'rocketpay-page',
  });
  const { headers } = payer.reply;
  assert.equal(headers['x-frame-options'], 'DENY');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
  assert.equal(headers['cache-control'], 'no-store');
  assert.match(String(headers['permissions-policy']), /^otp-credentials=\(self\), camera=\(\)/);
  await payer.reload();
  assert.notEqual((JSON.parse(payer.reply.text) as { nonce: string }).nonce, nonce);
  assert.equal(headers['set-cookie'], undefined);
});

test('only the project’s own domains may frame the page, and only where it was opened in a frame', async () => {
  const pages = await openAt();
  assert.equal(policyOf(await openedAt(pages, 'order-1', 'iframe')).get('frame-ancestors'), "'none'");
  await pages.set({ framingOrigins: ['https://shop.example', 'https://*.shop.example'] });
  for (const frame of ['iframe', 'popup', 'embedded']) {
    const payer = await openedAt(pages, 'order-1', frame);
    assert.equal(policyOf(payer).get('frame-ancestors'), 'https://shop.example https://*.shop.example');
    assert.equal(payer.reply.headers['x-frame-options'], undefined);
    await payer.reload();
    assert.equal(policyOf(payer).get('frame-ancestors'), 'https://shop.example https://*.shop.example');
  }
  assert.equal(policyOf(await openedAt(pages, 'order-1')).get('frame-ancestors'), "'none'");
});

test('no answer of the page holds a signature, a secret or a whole number', async () => {
  const pages = await openAt();
  const link = linkOf('order-1', { customer_phone: '77071234567' });
  const { signature } = Object.fromEntries(new URLSearchParams(queryOf(link)));
  const payer = new Payer(pages);
  await payer.open(link);
  const seen = [payer.reply.text];
  await payer.giveNumber();
  seen.push(payer.reply.text);
  await payer.giveCode();
  const { platform } = pages;
  await platform.notify(platform.provider.lastPrepare().notices, chargedNotice(platform));
  await platform.idle();
  assert.equal(await payer.reload(), 'success');
  seen.push(payer.reply.text);
  for (const text of seen) {
    for (const secret of [String(signature), sandbox.secret, '"signature"']) assert.ok(!text.includes(secret));
  }
  for (const text of seen.slice(1)) assert.ok(!text.includes('7071234567') && !text.includes('246810'));
  const result = payer.seen.result as { general: object; account: { number: string } };
  assert.deepEqual(result.general, { project_id: 1234, payment_id: 'order-1' });
  assert.equal(result.account.number, '77*******67');
});

test('the link’s own signature opens nothing at Gate', async () => {
  const pages = await openAt();
  const { signature } = Object.fromEntries(new URLSearchParams(queryOf(linkOf('order-1'))));
  const body = signed('order-1');
  const general = { ...(body['general'] as object), signature };
  for (const path of [paths.status, paths.refund, paths.code])
    assert.match(faultOf(await pages.platform.post(path, { general, additional_data: {} })), /^400 /);
});

test('nobody comes to a session but by its link: guessed, cut, swapped and foreign tokens find nothing', async () => {
  const pages = await openAt();
  const [one, other] = [await openedAt(pages, 'order-1'), await openedAt(pages, 'order-2')];
  const token = one.seen.basePath.slice('/payment/s/'.length);
  const { rows } = await pool().query<{ token_hash: string }>('SELECT token_hash FROM page_sessions LIMIT 1');
  const wrong = [
    'x',
    'A'.repeat(43),
    token.slice(1),
    `${token}A`,
    `${token.slice(0, 20)}${other.seen.basePath.slice('/payment/s/'.length + 20)}`,
    rows[0]?.token_hash ?? '',
    `${token}%00`,
  ];
  for (const each of wrong) {
    for (const tail of ['', '/screen', '/events'])
      assert.equal((await pages.get(`/payment/s/${each}${tail}`)).status, 404, each);
    const { status } = await pages.platform.post(`/payment/s/${each}/number`, 'number=77071234567&version=0.x');
    assert.equal(status, 404, each);
  }
  assert.equal((await pages.get(`/payment/x/${token}`)).status, 404);
  assert.deepEqual(pages.platform.provider.made, []);
});

test('a form’s address, asked for as a page, leads to its session and does nothing', async () => {
  const pages = await openAt();
  const { seen } = await openedAt(pages, 'order-1');
  for (const step of ['number', 'leave', 'resend']) {
    const reply = await pages.get(`${seen.basePath}/${step}`);
    assert.deepEqual([reply.status, reply.headers['location']], [303, seen.basePath]);
  }
  assert.equal((await pages.get('/payment/s/%2F%2Fevil.example/number')).status, 404);
  assert.deepEqual(pages.platform.provider.made, []);
});

test('a project that takes the currency no more begins no payment, though the page was open', async () => {
  const pages = await openAt();
  const payer = await openedAt(pages, 'order-1');
  const { projects } = pages.platform;
  const find = projects.find.bind(projects);
  projects.find = async (projectId) => {
    const project = await find(projectId);
    return project && { ...project, currencies: [] };
  };
  await payer.post('number', { number: '77071234567' });
  assert.equal(payer.reply.status, 400);
  assert.deepEqual(pages.platform.provider.made, []);
});

test('two projects with equal links and payment ids have nothing to do with each other', async () => {
  const pages = await openAt();
  const secret = (
    await pages.platform.projects.create({
      projectId: 4321,
      name: 'Other',
      callbackUrl: null,
      currencies: ['KZT'],
      by: 'test',
    })
  )?.secret;
  assert.ok(secret);
  pages.platform.clock.advance(2_000);
  const mine = await openedAt(pages, 'order-1');
  await mine.giveNumber();
  const theirs = new Payer(pages);
  const link = linkOf('order-1', { project_id: '4321' });
  assert.equal(await theirs.get(`/payment?${queryOf(link, secret)}`), 'number');
  assert.notEqual(theirs.seen.basePath, mine.seen.basePath);
  assert.equal(await theirs.get(`/payment?${queryOf(link)}`), 'error 400');
});

test('a post that another site makes is refused; one of our own page, which has no referrer, is taken', async () => {
  const pages = await openAt();
  const payer = await openedAt(pages, 'order-1');
  const { basePath, version } = payer.seen;
  const post = (headers: Record<string, string>) =>
    pages.platform.post(`${basePath}/number`, `number=&consent=1&version=${version}`, {
      host: 'pay.example',
      ...headers,
    });
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'https://pay.example.evil.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'null' },
    { 'sec-fetch-site': 'same-site', origin: 'https://pay.example' },
    { origin: 'nonsense' },
  ];
  for (const headers of foreign) assert.equal((await post(headers)).status, 403, JSON.stringify(headers));
  for (const headers of [{}, { origin: 'null' }, { origin: 'https://pay.example', 'sec-fetch-site': 'same-origin' }])
    assert.equal((await post(headers)).status, 422, JSON.stringify(headers));
});

test('what a stranger may not know of a number is told in the same words as what does not exist', async () => {
  const pages = await openAt();
  const told: string[] = [];
  for (const [at, reason] of (
    [
      'unknown_number',
      'insufficient_balance',
      'service_barred',
      'number_blocked',
      'limit_day',
      'another_payment_open',
    ] as const
  ).entries()) {
    const payer = await openedAt(pages, `order-${at}`);
    pages.platform.provider.answerNext('prepare', { kind: 'denied', reason });
    await payer.giveNumber();
    const { result, screen } = payer.seen;
    const { payment, operations } = result as { payment: { result_code: string }; operations: { code: string }[] };
    told.push(JSON.stringify([screen.kind, screen, operations[0]?.code === payment.result_code]));
    if (at > 0) assert.equal(payment.result_code, '20000');
  }
  assert.equal(new Set(told).size, 1, told.join('\n'));
});

test('a code that was typed proves nothing, one that was accepted does: only then is it told why the operator denied', async () => {
  const pages = await openAt();
  const { provider } = pages.platform;
  const denied = { kind: 'denied', reason: 'insufficient_balance' } as const;
  const told = async (paymentId: string): Promise<unknown[]> => {
    const payer = await openedAt(pages, paymentId);
    await payer.giveNumber();
    const sees = await payer.giveCode('000000');
    const { payment } = payer.seen.result as { payment: { result_code: string } };
    return [sees, payment.result_code, pages.platform.merchant.last().operation.code];
  };
  provider.answerNext('validate', denied);
  assert.deepEqual(await told('order-1'), ['decline not_accepted again', '20000', '20105']);
  provider.answerNext('confirm', denied);
  assert.deepEqual(await told('order-2'), ['decline no_money soon', '20105', '20105']);
});

test('codes are sent to one number, from one address and for one project only so often', async () => {
  const limits = [
    ['perNumber', (at: number) => ['77071234567', `198.51.100.${at}`]],
    ['perAddress', (at: number) => [`7707123456${at}`, '198.51.100.7']],
    ['perProject', (at: number) => [`7707123456${at}`, `198.51.100.${at}`]],
  ] as const;
  for (const [limit, who] of limits) {
    const pages = await openAt({ limits: { [limit]: 2 } });
    const begin = async (at: number): Promise<Payer> => {
      const [number = '', address = ''] = who(at);
      const payer = new Payer(pages, { 'x-forwarded-for': address });
      await payer.open(linkOf(`order-${at}`));
      await payer.giveNumber(number);
      return payer;
    };
    assert.deepEqual([(await begin(0)).sees, (await begin(1)).sees], ['code', 'code'], limit);
    const third = await begin(2);
    assert.equal(third.sees, 'number too_often');
    assert.equal(third.reply.status, 429);
    assert.equal(third.reply.headers['retry-after'], '600');
    pages.platform.clock.advance(600_001);
    assert.equal((await begin(3)).sees, 'code');
    assert.equal(pages.platform.provider.made.filter(({ method }) => method === 'prepare').length, 3);
  }
});

test('many presses at once find no more room than there is', async () => {
  const pages = await openAt({ limits: { perNumber: 2 } });
  const payers = await Promise.all(Array.from({ length: 6 }, (_, at) => openedAt(pages, `order-${at}`)));
  await Promise.all(payers.map((payer) => payer.post('number', { number: '77071234567' })));
  await pages.platform.idle();
  assert.equal(pages.platform.provider.made.filter(({ method }) => method === 'prepare').length, 2);
});

test('the limits never stand between a payer and the three resends, and another try is told calmly', async () => {
  const pages = await openAt({ limits: { perNumber: 1, perAddress: 1, perProject: 1 } });
  const payer = await openedAt(pages, 'order-1');
  assert.equal(await payer.giveNumber(), 'code');
  for (let resend = 0; resend < 3; resend++) {
    await pages.platform.pass(61_000);
    await payer.reload();
    await payer.post('resend');
    await pages.platform.idle();
    assert.equal(await payer.reload(), 'code code_resent');
  }
  pages.platform.provider.answerNext('validate', { kind: 'denied', reason: 'insufficient_balance' });
  assert.equal(await payer.giveCode(), 'decline not_accepted again');
  assert.equal(await payer.post('try-again'), 'number too_often');
  assert.equal(payer.reply.status, 429);
});

test('starts are kept without a number or an address', async () => {
  const pages = await openAt({ limits: { perNumber: 5 } });
  await (await openedAt(pages, 'order-1')).giveNumber();
  const { rows } = await pool().query('SELECT * FROM page_starts');
  assert.equal(rows.length, 1);
  assert.ok(!/7071234567|127\.0\.0\.1/.test(JSON.stringify(rows)));
});

test('a bug of ours is a calm page with its request’s id, and a log line', async () => {
  const pages = await openAt({ sandbox: false });
  const payer = await openedAt(pages, 'order-1');
  const { basePath } = payer.seen;
  pages.platform.payments.find = async () => {
    throw new Error('hunter2');
  };
  await payer.get(basePath);
  assert.equal(payer.reply.status, 500);
  assert.equal(payer.error?.requestId, payer.reply.headers['x-request-id']);
  assert.ok(!payer.reply.text.includes('hunter2'));
  assert.equal(pages.platform.errors.length, 1);
});

test('pages and files are compressed as the browser takes it', async () => {
  const pages = await openAt();
  const link = `/payment?${queryOf(linkOf('order-1'))}`;
  const raw = async (url: string, coding: string) => {
    const answer = await pages.platform.app.inject({ method: 'GET', url, headers: { 'accept-encoding': coding } });
    return { bytes: answer.rawPayload, headers: answer.headers, status: answer.statusCode };
  };
  const zipped = await raw(link, 'gzip');
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.match(gunzipSync(zipped.bytes).toString(), /"kind":"number"/);
  const small = await raw('/shared/merchant.js', 'gzip, deflate, br');
  assert.equal(small.headers['content-encoding'], 'br');
  assert.match(brotliDecompressSync(small.bytes).toString(), /^widget/);
  const plain = await raw('/shared/merchant.js', 'br;q=0, identity');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.headers['cache-control'], 'public, max-age=300');
  const again = await pages.get('/shared/merchant.js', { 'if-none-match': String(plain.headers['etag']) });
  assert.equal(again.status, 304);
});
