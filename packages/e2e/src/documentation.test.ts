import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTS, { astToString } from 'openapi-typescript';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { inheritedEnvironment, TOP } from './config.ts';
import { clear, newFolder } from './folders.ts';
import { clientSample } from './openapi-client.ts';
import { Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let browser: Browser;
let folder: string;
const cleanup = new AsyncDisposableStack();
before(async () => {
  folder = newFolder();
  cleanup.defer(() => clear(folder));
  const opened = cleanup.use(await openBrowser());
  sandbox = cleanup.use(await Sandbox.start());
  ({ browser } = opened);
});
after(() => cleanup.disposeAsync());

/** Opens a page of the docs, noting what its script complains of and what it asks of anybody else. */
async function open(context: BrowserContext, path: string): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(sandbox.platform) && !/^(?:data|blob):/.test(url)) faults.push(`asks ${url}`);
  });
  await page.goto(sandbox.platform + path, { waitUntil: 'networkidle' });
  return { page, faults };
}

test('the served document validates, and a generated client compiles against the SDK’s types', async () => {
  const response = await fetch(`${sandbox.platform}/openapi.json`);
  const document = (await response.json()) as Record<string, unknown>;
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));

  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'gate.ts'), astToString(await openapiTS(document as never)));
  writeFileSync(join(folder, 'client.ts'), clientSample(join(TOP, 'packages/sdk/src/index.ts')));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(TOP, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(TOP, 'node_modules/@types')] },
      include: [join(folder, '*.ts')],
    }),
  );
  const compile = promisify(execFile)(join(TOP, 'node_modules/.bin/tsc'), ['-p', folder], {
    cwd: folder,
    env: inheritedEnvironment(),
  });
  await compile.catch((error: Error & { stdout?: string }) => assert.fail(`it does not compile:\n${error.stdout}`));
});

test('the API reference is drawn from this platform alone', async () => {
  await using context = await browser.newContext();
  const { page, faults } = await open(context, '/docs/api/');
  await page.getByText('/v2/payment/mobile/sale').first().waitFor({ timeout: 20_000 });
  assert.deepEqual(faults, []);
});

test('the guides are read without a script, on a phone, in light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await using context = await browser.newContext({
      javaScriptEnabled: false,
      colorScheme,
      viewport: { width: 390, height: 800 },
    });
    const { page, faults } = await open(context, '/docs/guides/quick-start');
    await page.getByText('Contents').first().click();
    await page.getByRole('link', { name: 'Signing, step by step' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Signing, step by step' }).waitFor();
    assert.deepEqual(faults, []);
  }
});

test('axe finds nothing on the pages of ours, in light and dark', async () => {
  const axe = readFileSync(join(TOP, 'node_modules/axe-core/axe.min.js'), 'utf8');
  for (const colorScheme of ['light', 'dark'] as const) {
    // The checker is let in past the policy that keeps every other script out.
    await using context = await browser.newContext({ colorScheme, bypassCSP: true });
    for (const path of ['/docs/', '/docs/guides/gate', '/docs/guides/codes', '/docs/signature?example=late']) {
      const { page } = await open(context, path);
      await page.evaluate(axe);
      const found = await page.evaluate(
        'axe.run().then(({ violations }) => violations.map((one) => one.id + " " + one.nodes[0].html))',
      );
      assert.deepEqual(found, [], `${path}, ${colorScheme}`);
    }
  }
});

test('the debugger says why a signature does not fit, steps through it, and sends the secret nowhere', async () => {
  await using context = await browser.newContext({ viewport: { width: 390, height: 800 } });
  const { page, faults } = await open(context, '/docs/signature?example=late');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
  const report = page.locator('#report');
  await report.getByText('“payment:description” was not signed').first().waitFor();

  await page.getByRole('button', { name: 'Step through' }).click();
  assert.equal(await report.locator('details[open]').count(), 1);
  await report.getByRole('button', { name: 'Next step' }).first().click();
  assert.match(await report.locator('details[open] summary').innerText(), /^2\./);

  await page.getByLabel('Body that was sent').fill('{"a":1,"save":true}');
  await page.getByLabel('Body or text that you signed').fill('');
  await page.getByLabel('Secret').fill('never-sent');
  await page.getByLabel('Signature, if').fill('x');
  await page.getByRole('button', { name: 'Explain' }).click();
  await report.getByText('It has 1 characters', { exact: false }).first().waitFor();
  assert.ok(await report.getByText('a:1;save:1').isVisible());
  assert.deepEqual(sent, []);
  assert.deepEqual(faults, []);
});
