import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryOf } from '@rocketpay/contract/fixtures/page-links.ts';
import { paths, sandbox } from '../testing/gate-bodies.ts';
import { linkOf, openPages, Payer } from '../testing/test-pages.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const browser = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8', 'accept-language': 'ru-KZ,ru;q=0.9' };
const large = 'a'.repeat(1_048_577);

test('a browser that asks the page’s addresses wrongly sees the calm page in its language; a program reads JSON', async () => {
  const pages = await openPages(await openPlatform(pool()));
  const { app } = pages.platform;
  const link = queryOf(linkOf('order-1'), sandbox.secret);
  const payer = new Payer(pages);
  await payer.open(linkOf('order-1'));
  const { basePath } = payer.seen;
  const asked: [number, 'GET' | 'POST' | 'PUT', string, string?][] = [
    [404, 'GET', `/payment/?${link}`],
    [404, 'GET', '/payment/'],
    [404, 'GET', `//payment?${link}`],
    [404, 'PUT', '/payment'],
    [404, 'GET', `${basePath}/`],
    [404, 'POST', basePath, 'number=1'],
    [404, 'POST', '/1234/token', 'a=1'],
    [400, 'GET', '/payment/%zz'],
    [413, 'POST', '/payment', large],
    [413, 'POST', `${basePath}/number`, `number=${'7'.repeat(16_384)}`],
  ];
  for (const [status, method, url, payload] of asked) {
    const request = { method, url, ...(payload !== undefined && { payload }) };
    const seen = await app.inject({ ...request, headers: browser });
    const name = `${method} ${url.slice(0, 60)}`;
    assert.deepEqual([seen.statusCode, seen.headers['content-type']], [status, 'text/html; charset=utf-8'], name);
    const { error } = JSON.parse(seen.payload) as { error: { language: string; status: number; requestId: string } };
    assert.deepEqual(
      [error.language, error.status, error.requestId],
      ['ru', status, seen.headers['x-request-id']],
      name,
    );
    assert.equal(seen.headers['cache-control'], 'no-store', name);
    assert.match(String(seen.headers['content-security-policy']), /default-src 'none'/, name);
    const read = await app.inject({ ...request, headers: { accept: '*/*' } });
    assert.deepEqual(
      [read.statusCode, read.headers['content-type']],
      [status, 'application/json; charset=utf-8'],
      name,
    );
  }
  const inKazakh = await pages.get('/payment/?language_code=kk', browser);
  assert.match(inKazakh.text, /"language":"kk"/);
  const tooLong = await pages.platform.post(`${basePath}/number`, 'x'.repeat(20_000));
  assert.match(tooLong.text, /larger than 16 KB/);
  assert.equal(await payer.reload(), 'number');
});

test('Gate’s addresses answer in JSON whoever asks', async () => {
  const { platform } = await openPages(await openPlatform(pool()));
  const wrong: [number, string, string][] = [
    [413, paths.sale, large],
    [404, `${paths.sale}/`, '{}'],
    [404, '/payments', ''],
    [404, '/v2/payment', '{}'],
  ];
  for (const [status, url, body] of wrong) {
    const reply = await platform.post(url, body, browser);
    assert.deepEqual([reply.status, reply.headers['content-type']], [status, 'application/json; charset=utf-8'], url);
  }
});
