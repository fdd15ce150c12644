import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '@rocketpay/e2e/browser.ts';
import { pageAssets } from '../build-assets.ts';
import { renderErrorPage, renderPage } from '../render/page.ts';
import { languages } from '../surroundings.ts';
import { sampleOf, screens } from './samples.ts';
import { ScriptedServer } from './scripted-server.ts';

/**
 * Draws every screen in every language and width into a folder: `node_modules/.bin/node packages/payment-page/src/testing/gallery.ts`.
 * `--dark`, `--widths 320,390,1280`, `--only code`, `--accent #rrggbb`, `--languages kk`.
 */
const { values } = parseArgs({
  options: {
    dark: { type: 'boolean', default: false },
    widths: { type: 'string', default: '320,390,1280' },
    only: { type: 'string', default: '' },
    accent: { type: 'string' },
    languages: { type: 'string', default: languages.join() },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'gallery-'));
await using server = await ScriptedServer.open();
await using opened = await openBrowser();
const assets = await pageAssets();
const means = { nonce: server.nonce, assets };
const names = [...Object.keys(screens), 'error', 'errorDeveloper'].filter((name) => name.startsWith(values.only));

for (const width of values.widths.split(',').map(Number)) {
  const context = await opened.browser.newContext({
    viewport: { width, height: width < 600 ? 640 : 800 },
    colorScheme: values.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  for (const language of languages.filter((one) => values.languages.includes(one))) {
    const shots: Shot[] = [];
    for (const name of names) {
      const html = markupOf(name, language);
      server.script = ({ url }) => (url.pathname.endsWith('/screen') ? {} : { page: html });
      await page.goto(`${server.origin}/payment/s/token`);
      const picture = await page.screenshot({ fullPage: true });
      writeFileSync(join(folder, `${width}-${language}-${name}.png`), picture);
      shots.push({ name, picture });
    }
    writeFileSync(join(folder, `sheet-${width}-${language}.png`), await sheetOf(shots, width));
  }
  await context.close();
}
console.log(folder);

function markupOf(name: string, language: (typeof languages)[number]): string {
  if (name.startsWith('error')) {
    const audience = name === 'error' ? 'payer' : 'developer';
    const faults = [
      { field: 'signature', message: 'does not match the parameters' },
      { field: 'payment_amount', message: 'is 0; a whole number of minor units from 1 is expected' },
    ];
    return renderErrorPage({ language, status: 400, audience, faults, requestId: 'f3a9c1d204' }, means);
  }
  const sample = sampleOf(name, language);
  return renderPage({ ...sample, project: { ...sample.project, accent: values.accent ?? null } }, means);
}

interface Shot {
  readonly name: string;
  readonly picture: Buffer;
}

/** All pictures of one language and width beside each other. */
async function sheetOf(shots: readonly Shot[], width: number): Promise<Buffer> {
  const shown = Math.min(width, 640);
  const figures = shots.map(
    ({ name, picture }) =>
      `<figure><figcaption>${name}</figcaption><img width="${shown}" src="data:image/png;base64,${picture.toString('base64')}"></figure>`,
  );
  const page = await opened.browser.newPage({
    viewport: { width: Math.max(1, Math.floor(2000 / (shown + 12))) * (shown + 12), height: 800 },
  });
  await page.setContent(
    `<style>body{margin:0;background:#888;display:flex;flex-wrap:wrap;gap:12px;align-items:start;font:16px sans-serif}figure{margin:0}</style>${figures.join('')}`,
  );
  const sheet = await page.screenshot({ fullPage: true });
  await page.close();
  return sheet;
}
