import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { buildAssets } from '@rocketpay/payment-page/build-assets.ts';
import { WIDGET_VERSION } from '@rocketpay/payment-page/widget-version.ts';
import Fastify, { type FastifyInstance } from 'fastify';
import { assetRoutes } from './asset-routes.ts';

const folder = mkdtempSync(join(tmpdir(), 'widget-releases-'));
after(() => rmSync(folder, { recursive: true }));

const older = { js: 'older();\r\n', css: '.older{}\n' };
/** As after a change of the source that is not released yet. */
const current = 'current();\n';
let app: FastifyInstance;
before(async () => {
  writeFileSync(join(folder, 'merchant@0.1.0.js'), older.js);
  writeFileSync(join(folder, 'merchant@0.1.0.css'), older.css);
  writeFileSync(join(folder, `merchant@${WIDGET_VERSION}.js`), current);
  writeFileSync(join(folder, 'merchant@0.1.0.js.bak'), 'no release');
  writeFileSync(join(folder, 'integrity.json'), '{}');
  app = Fastify();
  await assetRoutes(app, (await buildAssets(pathToFileURL(`${folder}/`))).all);
});
after(() => app.close());

test('an older release is served with the bytes, the type and the rights that shops pinned it with, for good', async () => {
  for (const [type, contentType] of [
    ['js', 'text/javascript; charset=utf-8'],
    ['css', 'text/css; charset=utf-8'],
  ] as const) {
    const { statusCode, rawPayload, headers } = await app.inject(`/shared/merchant@0.1.0.${type}`);
    assert.equal(statusCode, 200);
    assert.deepEqual(rawPayload, Buffer.from(older[type]));
    assert.equal(headers['content-type'], contentType);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    const digest = createHash('sha384').update(rawPayload).digest('base64');
    assert.equal(headers['etag'], `"${digest.slice(0, 24)}"`);
  }
});

test('a release has the archived bytes though the source makes others, which the plain name has', async () => {
  const released = await app.inject(`/shared/merchant@${WIDGET_VERSION}.js`);
  assert.equal(released.payload, current);
  const newest = await app.inject('/shared/merchant.js');
  assert.match(newest.payload, /EPayWidget/);
  assert.equal(newest.headers['cache-control'], 'public, max-age=300');
});

test('what is no release in the archive is not found', async () => {
  for (const name of ['merchant@9.9.9.js', 'merchant@0.1.0.js.bak', 'integrity.json'])
    assert.equal((await app.inject(`/shared/${name}`)).statusCode, 404, name);
});
