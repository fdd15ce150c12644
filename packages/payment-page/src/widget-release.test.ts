import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pageAssets } from './build-assets.ts';

const guide = readFileSync(new URL('../../../docs/guides/widget.md', import.meta.url), 'utf8');

test('the release that shops are told to pin is the one that is served; other bytes need another WIDGET_VERSION', async () => {
  const { all, widgetVersion } = await pageAssets();
  const pinned = [...guide.matchAll(/\/shared\/(merchant@[\d.]+\.(?:js|css))"[^>]*?integrity="([^"]+)"/g)];
  const served = all.filter(({ path }) => path.includes(`@${widgetVersion}.`));
  assert.deepEqual(
    Object.fromEntries(pinned.map(([, name, integrity]) => [`/shared/${name}`, integrity])),
    Object.fromEntries(served.map(({ path, integrity }) => [path, integrity])),
  );
});
