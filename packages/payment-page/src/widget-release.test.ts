import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pageAssets } from './build-assets.ts';
import { pinNewest, RELEASES, readReleases, releaseFile } from './widget-releases.ts';
import { WIDGET_VERSION } from './widget-version.ts';

const command = 'run node_modules/.bin/node tools/release-widget.ts';
const list = JSON.parse(readFileSync(new URL('integrity.json', RELEASES), 'utf8')) as Record<string, string>;

/** Its bytes are those of one version of esbuild, which package-lock.json names; a new one may need a new release too. */
test('the present source makes the release that WIDGET_VERSION names', async () => {
  const { all } = await pageAssets();
  for (const type of ['js', 'css'] as const) {
    const released = all.find(({ path }) => path === `/shared/${releaseFile(type)}`);
    assert.ok(released, `${releaseFile(type)} is not in the archive: ${command}`);
    const built = all.find(({ path }) => path === `/shared/merchant.${type}`);
    assert.ok(
      built?.body.equals(released.body),
      `merchant.${type} has other bytes than its release ${WIDGET_VERSION}, which shops have pinned: raise WIDGET_VERSION in packages/payment-page/src/widget-version.ts, then ${command}`,
    );
  }
});

test('every file ever released is there, with the bytes it had', () => {
  const archived = readReleases().map(({ path, integrity }) => [path.replace('/shared/', ''), integrity]);
  assert.deepEqual(
    Object.fromEntries(archived),
    list,
    'a released file was changed, lost or added by hand: take it from the commit that released it',
  );
  const others = readdirSync(RELEASES).filter((name) => !(name in list));
  assert.deepEqual(others, ['integrity.json'], 'nothing else lies in the archive');
});

for (const file of ['docs/guides/widget.md', 'packages/demo-shop/src/page/page.ts']) {
  test(`${file} pins the newest release`, () => {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    for (const type of ['js', 'css'] as const) assert.ok(text.includes(`/shared/${releaseFile(type)}`), command);
    assert.equal(pinNewest(text), text, command);
  });
}
