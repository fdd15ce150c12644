import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pageAssets } from './build-assets.ts';
import { renderPage } from './render/page.ts';
import { languages } from './surroundings.ts';
import { sampleOf, screens } from './testing/samples.ts';

const KB = 1024;
const nonce = 'bm9uY2U';
const gzipped = (body: string | Buffer): number => gzipSync(body).length;

test('the bytes a payer and a shop load stay within their budgets', async () => {
  const assets = await pageAssets();
  const widget = assets.all.find(({ path }) => path === '/shared/merchant.js');
  assert.ok(widget);
  assert.ok(gzipped(assets.pageScript.body) <= 15 * KB, `page script ${gzipped(assets.pageScript.body)}`);
  assert.ok(gzipped(widget.body) <= 5 * KB, `merchant.js ${gzipped(widget.body)}`);
  assert.ok(assets.failureScript.length <= 512, `script of the error page ${assets.failureScript.length}`);
  for (const language of languages) {
    for (const name of Object.keys(screens)) {
      const page = gzipped(renderPage(sampleOf(name, language), { nonce, assets }));
      const all = page + gzipped(assets.pageScript.body);
      assert.ok(all <= 35 * KB, `${name}, ${language}: ${all}`);
    }
  }
});

test('a page asks for its script and nothing else', async () => {
  const assets = await pageAssets();
  const page = renderPage(sampleOf('number', 'kk'), { nonce, assets });
  const loaded = [...page.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
  assert.deepEqual(loaded, ['data:,', assets.pageScript.path]);
  assert.doesNotMatch(assets.pageStyle, /url\(|@import|@font-face/);
});

test('paths of what is kept for ever name the content, and the integrity is that of the bytes', async () => {
  const { all, pageScript } = await pageAssets();
  for (const { body, integrity } of all) {
    assert.equal(integrity, `sha384-${createHash('sha384').update(body).digest('base64')}`);
  }
  assert.match(pageScript.path, /^\/shared\/page-[0-9a-f]{16}\.js$/);
  const kept = all.filter(({ isImmutable }) => isImmutable).map(({ path }) => path);
  for (const path of kept.filter((one) => one !== pageScript.path)) {
    assert.match(path, /^\/shared\/merchant@\d+\.\d+\.\d+\.(?:js|css)$/);
  }
});

test('inline code or style of any kind is not in the markup: the policy would stop it', async () => {
  const assets = await pageAssets();
  for (const name of Object.keys(screens)) {
    const page = renderPage(sampleOf(name, 'ru'), { nonce, assets });
    assert.doesNotMatch(page, /\sstyle="|\son\w+="|javascript:/i, name);
  }
});
