import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePage } from '../../packages/contract/src/page-parameters.ts';
import { readPageForm } from '../../packages/contract/src/page-form.ts';
import { verifyPage } from '../../packages/contract/src/page-signature.ts';
import { sandboxProject as made } from '../../packages/server/src/projects/projects.ts';
import { settings as shopSettings } from '../../packages/demo-shop/src/config.ts';
import { readLauncherConfig } from './config.ts';
import { sandboxProject, welcome } from './welcome.ts';

const context = { top: '/somewhere', tookMs: 1_234, now: new Date('2026-01-02T03:04:05Z') };
const greeting = (environment: Record<string, string>): string =>
  welcome(readLauncherConfig({ DATA_DIR: '/data', ...environment }).config, context);

test('a newcomer reads the demo shop first, then the docs, and what a merchant needs', () => {
  const lines = greeting({}).split('\n');
  assert.match(lines[2] ?? '', /^ {2}Demo shop +http:\/\/127\.0\.0\.1:8070 /);
  assert.match(lines[3] ?? '', /^ {2}Documentation +http:\/\/127\.0\.0\.1:8080\/docs\/$/);
  const { id, secret, callbackSecret } = sandboxProject;
  assert.deepEqual({ projectId: id, secret, callbackSecret }, { ...made });
  for (const text of [`${id}, secret ${secret}`, callbackSecret]) assert.ok(lines.join('\n').includes(text), text);
  assert.equal(shopSettings.find(({ name }) => name === 'SHOP_CALLBACK_SECRET')?.default, callbackSecret);
  assert.ok(lines.length <= 25, `${lines.length} lines`);
});

test('the link opens the Payment Page: all that it must have, signed with the sandbox’s secret', () => {
  const link = new URL(/^ {2}(http:\S+\/payment\?\S+)$/m.exec(greeting({ PORT: '8181' }))?.[1] ?? '');
  assert.equal(link.origin, 'http://127.0.0.1:8181');
  const { form, faults } = readPageForm(link.search.slice(1));
  assert.deepEqual(faults, []);
  assert.ok(verifyPage(form, sandboxProject.secret));
  const parsed = parsePage(form);
  assert.ok(parsed.ok, JSON.stringify(parsed));
});

test('in production there is nothing to try and no secret to show', () => {
  const text = greeting({ MODE: 'production' });
  assert.match(text, /Platform +http:\/\/127\.0\.0\.1:8080 +health:/);
  assert.ok(!/Demo shop|test-secret|whsec_|\/payment\?/.test(text));
});
