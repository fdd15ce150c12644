import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageAssets } from '../packages/payment-page/src/build-assets.ts';
import { pinNewest, RELEASES, releaseFile } from '../packages/payment-page/src/widget-releases.ts';
import { WIDGET_VERSION } from '../packages/payment-page/src/widget-version.ts';

/** Where a widget is pinned: what shops are told, and a shop that does as it is told. */
const pinned = ['docs/guides/widget.md', 'packages/demo-shop/src/page/page.ts'];
const top = join(import.meta.dirname, '..');
const listFile = new URL('integrity.json', RELEASES);

/** Puts the widget of the present source into the archive under WIDGET_VERSION; never changes what lies there. */
async function release(): Promise<void> {
  const { all } = await pageAssets();
  const files = (['js', 'css'] as const).map((type) => {
    const built = all.find(({ path }) => path === `/shared/merchant.${type}`);
    if (!built) throw new Error(`no merchant.${type} was built`);
    return { name: releaseFile(type), body: built.body, integrity: built.integrity };
  });
  const list = JSON.parse(readFileSync(listFile, 'utf8')) as Record<string, string>;
  for (const { name, integrity, body } of files) {
    const place = new URL(name, RELEASES);
    const isTaken = existsSync(place) ? !readFileSync(place).equals(body) : (list[name] ?? integrity) !== integrity;
    if (isTaken) {
      console.error(
        `${name} was released with other bytes: raise WIDGET_VERSION in packages/payment-page/src/widget-version.ts`,
      );
      process.exitCode = 1;
      return;
    }
  }
  for (const { name, integrity, body } of files) {
    writeFileSync(new URL(name, RELEASES), body);
    list[name] = integrity;
  }
  writeFileSync(listFile, `${JSON.stringify(list, null, 2)}\n`);
  for (const file of pinned) writeFileSync(join(top, file), pinNewest(readFileSync(join(top, file), 'utf8')));
  console.log(
    `merchant@${WIDGET_VERSION} is in packages/payment-page/widget-releases, and pinned in ${pinned.join(' and ')}`,
  );
}

await release();
