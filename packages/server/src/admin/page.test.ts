import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { encrypted, queryOf } from '@rocketpay/contract/fixtures/page-links.ts';
import { openAdmin } from '../testing/admin.ts';
import { linkOf, openPages, Payer } from '../testing/test-pages.ts';
import { openPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();
const of = (verb: string, ...rest: string[]): string[] => ['page', verb, '--project', '1234', ...rest];

async function open() {
  const pages = await openPages(await openPlatform(pool()));
  const rocketpay = openAdmin(pool());
  const payer = new Payer(pages);
  /** The page once a change is seen by every process. */
  const shown = async (id: string): Promise<Payer> => {
    pages.platform.clock.advance(1_001);
    await payer.open(linkOf(id));
    return payer;
  };
  return { pages, rocketpay, payer, shown };
}

test('a project’s page is changed by the command, shown as changed, and every change is kept', async () => {
  const { rocketpay, shown } = await open();
  assert.match(await rocketpay(...of('show')), /no settings of its own/);
  const wish = {
    '--name': 'Tea & Co',
    '--accent': '#AB12CD',
    '--support-phone': '+7 727 000 00 00',
    '--terms-url': 'https://shop.example/terms',
    '--languages': 'ru,en',
    '--default-language': 'ru',
    '--retries': '0',
    '--success-url': 'https://shop.example/done',
    '--framing-origins': 'https://Shop.example/, http://localhost:8080/',
  };
  const said = await rocketpay(...of('set'), ...Object.entries(wish).flat());
  assert.match(said, /^framing-origins: none → https:\/\/shop\.example, ?http:\/\/localhost:8080$/m);
  assert.match(said, /^name: none → Tea & Co$/m);
  assert.match(said, /^retries: 5 → 0$/m);
  const { seen } = await shown('order-1');
  assert.equal(seen.project.name, 'Tea & Co');
  assert.equal(seen.project.accent, '#ab12cd');
  assert.equal(seen.project.support.phone, '+7 727 000 00 00');
  assert.equal(seen.project.termsUrl, 'https://shop.example/terms');
  assert.deepEqual([seen.languages, seen.language], [['ru', 'en'], 'ru']);
  assert.equal(await rocketpay(...of('set', '--retries', '0')), 'nothing changed: it was so already\n');
  assert.match(await rocketpay(...of('set', '--accent', 'none')), /accent: #ab12cd → none/);
  const changes = await rocketpay.json<{ by: string; action: string }[]>('changes', 'list', '--project', '1234');
  assert.ok(changes.length >= 9);
  for (const { by, action } of changes.slice(0, 9)) assert.deepEqual([by, action], ['Aigerim', 'page set']);
});

test('without retries a decline is the end', async () => {
  const { pages, rocketpay, shown } = await open();
  await rocketpay(...of('set', '--retries', '0'));
  const payer = await shown('order-1');
  pages.platform.provider.answerNext('prepare', { kind: 'denied', reason: 'limit_day' });
  assert.equal(await payer.giveNumber(), 'decline not_accepted');
  assert.equal(pages.platform.merchant.last().payment.status, 'decline');
});

test('the encryption key is shown once, stored sealed, and never in the story of changes', async () => {
  const { pages, rocketpay, payer } = await open();
  const { encryptionKey } = await rocketpay.json<{ encryptionKey: string }>(...of('key'));
  assert.ok(encryptionKey.length >= 32);
  pages.platform.clock.advance(1_001);
  const link = (key: string): string => `/1234/${encrypted(`/payment?${queryOf(linkOf('order-1'))}`, key)}`;
  assert.equal(await payer.get(link(encryptionKey)), 'number');
  assert.match(await rocketpay(...of('key', '--use', 'the-merchants-own-key')), /the-merchants-own-key/);
  pages.platform.clock.advance(1_001);
  assert.equal(await payer.get(link('the-merchants-own-key')), 'number');
  assert.equal(await payer.get(link(encryptionKey)), 'error 400');
  const stored = JSON.stringify((await pool().query('SELECT * FROM page_settings, changes')).rows);
  assert.ok(!stored.includes(encryptionKey) && !stored.includes('the-merchants-own-key'));
  assert.doesNotMatch(await rocketpay(...of('show')), /the-merchants-own-key/);
  assert.match(await rocketpay(...of('key', '--use', 'none')), /no more/);
  assert.match(await rocketpay(...of('key', '--use', 'short')), /^refused: --use/);
});

test('a logo is served from our own origin, and can run nothing there', async () => {
  const { pages, rocketpay, shown } = await open();
  const folder = await mkdtemp(join(tmpdir(), 'rocketpay logo '));
  try {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    await writeFile(join(folder, 'logo.svg'), svg);
    await writeFile(join(folder, 'logo.gif'), 'GIF89a');
    await writeFile(join(folder, 'big.png'), Buffer.alloc(65_537));
    await rocketpay(...of('set', '--logo', join(folder, 'logo.svg')));
    const { logo } = (await shown('order-1')).seen.project;
    assert.match(logo ?? '', /^\/payment\/logo\/1234\/[0-9a-f]{16}$/);
    const { status, text, headers } = await pages.get(logo ?? '');
    assert.deepEqual([status, text, headers['content-type']], [200, svg, 'image/svg+xml']);
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*sandbox/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    for (const path of ['/payment/logo/1234/0000000000000000', '/payment/logo/77/x', '/payment/logo/x/x'])
      assert.equal((await pages.get(path)).status, 404, path);
    for (const file of ['logo.gif', 'big.png', 'missing.png'])
      assert.match(await rocketpay(...of('set', '--logo', join(folder, file))), /^refused: --logo/);
    await rocketpay(...of('set', '--logo', 'none'));
    assert.equal((await shown('order-2')).seen.project.logo, null);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what cannot be set is refused with what was expected, and nothing changes', async () => {
  const { rocketpay } = await open();
  const wrong: readonly (readonly [RegExp, ...string[]])[] = [
    [/^refused: nothing to set/, ...of('set')],
    [/^refused: --framing-origins has "\*"/, ...of('set', '--framing-origins', 'https://a.example,*')],
    [/^refused: --accent/, ...of('set', '--accent', 'red')],
    [/^refused: --support-email/, ...of('set', '--support-email', 'nobody')],
    [/^refused: --support-email/, ...of('set', '--support-email', 'a@shop.example?bcc=b@c.example')],
    [/^refused: --terms-url/, ...of('set', '--terms-url', 'javascript:alert(1)')],
    [/^refused: --retries/, ...of('set', '--retries', '21')],
    [/^refused: --languages/, ...of('set', '--languages', 'kk,de')],
    [/^refused: the default language kk is not among/, ...of('set', '--languages', 'ru')],
    [/^refused: there is no project 77/, 'page', 'set', '--project', '77', '--retries', '1'],
    [/^refused: there is no project 77/, 'page', 'show', '--project', '77'],
    [/^refused: there is no project 77/, 'page', 'key', '--project', '77'],
  ];
  for (const [says, ...args] of wrong) assert.match(await rocketpay(...args), says, args.join(' '));
  assert.equal((await pool().query('SELECT FROM page_settings')).rowCount, 0);
});
