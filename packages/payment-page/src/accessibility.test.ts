import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { pageAssets } from './build-assets.ts';
import { renderErrorPage } from './render/page.ts';
import { type Language, languages } from './surroundings.ts';
import { PageWorld } from './testing/page-world.ts';
import { sampleOf, screens } from './testing/samples.ts';

let world: PageWorld;
before(async () => (world = await PageWorld.open()));
after(() => world[Symbol.asyncDispose]());

const everything = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Shows a document without loading anything anew: what is looked at is markup and style. */
async function faultsOf(page: Page, html: string, rules = everything): Promise<string[]> {
  world.server.script = ({ url }) => (url.pathname === '/axe' ? { html } : undefined);
  await page.goto(`${world.server.origin}/axe`);
  await page.evaluate(axe.source);
  return page.evaluate(runAxe, rules);
}

/** Runs in the page. */
async function runAxe(rules: string[]): Promise<string[]> {
  const runner: typeof axe = Reflect.get(window, 'axe');
  const { violations } = await runner.run(document, { runOnly: rules });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

const documentOf = (name: string, language: Language): Promise<string> => world.document(sampleOf(name, language));

// The dark scheme changes colours and nothing else, and a language changes none.
for (const [language, colorScheme, rules] of [
  ['kk', 'light', everything],
  ['ru', 'light', everything],
  ['en', 'light', everything],
  ['kk', 'dark', ['color-contrast', 'link-in-text-block']],
] as const satisfies [Language, 'light' | 'dark', string[]][]) {
  test(`axe finds nothing on any screen: ${language}, ${colorScheme}`, async () => {
    await using visitor = await world.visitor({ colorScheme, viewport: { width: 320, height: 640 } });
    for (const name of Object.keys(screens)) {
      const faults = await faultsOf(visitor.page, await documentOf(name, language), [...rules]);
      assert.deepEqual(faults, [], `${name}, ${language}`);
    }
    const error = renderErrorPage(
      { language, status: 400, audience: 'developer', faults: [{ field: 'a', message: 'b' }], requestId: 'r' },
      { nonce: world.server.nonce, assets: await pageAssets() },
    );
    assert.deepEqual(await faultsOf(visitor.page, error, [...rules]), [], `error, ${language}`);
  });
}

test('axe would find a fault: a field without its label', async () => {
  await using visitor = await world.visitor();
  const broken = (await documentOf('number', 'kk')).replace('<label for="number">', '<label>');
  assert.match((await faultsOf(visitor.page, broken)).join(), /label/);
});

for (const [what, width, zoom] of [
  ['320 px, as on a small phone or at 400 % zoom of a 1280 px window', 320, 1],
  ['text twice as large on 320 px', 320, 2],
] as const) {
  test(`nothing is cut off or scrolled sideways: ${what}`, async () => {
    await using visitor = await world.visitor({ viewport: { width, height: 512 } });
    for (const language of languages) {
      for (const name of Object.keys(screens)) {
        world.server.script = () => undefined;
        const html = (await documentOf(name, language)).replace(
          '<style',
          `<style>html{font-size:${zoom * 100}%}</style><style`,
        );
        world.server.script = ({ url }) => (url.pathname === '/reflow' ? { html } : undefined);
        await visitor.page.goto(`${world.server.origin}/reflow`);
        const wide = await visitor.page.evaluate(widest);
        assert.ok(wide <= width, `${name}, ${language}: ${wide} px`);
      }
    }
  });
}

/** Runs in the page. */
function widest(): number {
  const parts = [...document.querySelectorAll('#page *:not(.unseen)')];
  return Math.ceil(
    Math.max(document.documentElement.scrollWidth, ...parts.map((part) => part.getBoundingClientRect().right)),
  );
}

test('everything to be pressed is 44 px high or a link within text', async () => {
  await using visitor = await world.visitor({ viewport: { width: 320, height: 640 } });
  for (const name of Object.keys(screens)) {
    const html = await documentOf(name, 'kk');
    world.server.script = ({ url }) => (url.pathname === '/targets' ? { html } : undefined);
    await visitor.page.goto(`${world.server.origin}/targets`);
    assert.deepEqual(await visitor.page.evaluate(smallTargets), [], name);
  }
});

/** Runs in the page. */
function smallTargets(): string[] {
  const targets = [
    ...document.querySelectorAll<HTMLElement>(
      'button:not(.unseen):not([hidden]), .button:not([hidden]), input:not([type=hidden]), .tile',
    ),
  ];
  const isSmall = (target: HTMLElement): boolean => {
    const { width, height } = target.getBoundingClientRect();
    return target.checkVisibility() && (width < 44 || height < 44);
  };
  return targets.filter(isSmall).map((target) => target.outerHTML.slice(0, 100));
}
