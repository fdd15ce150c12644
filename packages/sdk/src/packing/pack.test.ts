import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { paid, SECRET, signed } from '../testing/samples.ts';
import { startScriptedServer } from '../testing/scripted-server.ts';
import { packSdk } from './pack.ts';

const merchant = `
import { Rocketpay } from '@rocketpay/sdk';
const [baseUrl, secret, callback] = process.argv.slice(2);
const rocketpay = new Rocketpay({ projectId: 1234, secret, baseUrl });
await rocketpay.submitCode({ paymentId: 'payment_47', code: '123456' });
console.log(rocketpay.callbacks.parse(callback).kind);
`;

const typedMerchant = `
import { type Rocketpay } from '@rocketpay/sdk';
export const right = (rocketpay: Rocketpay) => rocketpay.status({ paymentId: 'payment_47' });
export const wrong = (rocketpay: Rocketpay) => rocketpay.status({ paymentId: 47 });
`;

test('the packed client works by itself, installed alone in an empty folder', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-pack-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const packed = packSdk(join(folder, 'dist'));
  const shop = join(folder, 'shop');
  mkdirSync(shop);
  writeFileSync(join(shop, 'package.json'), '{"name":"shop","type":"module"}');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', ...quiet, '--cache', join(folder, 'cache'), packed], { cwd: shop });

  assert.deepEqual(readdirSync(join(shop, 'node_modules/@rocketpay')), ['sdk']);
  const installed = join(shop, 'node_modules/@rocketpay/sdk');
  assert.deepEqual(readdirSync(installed).sort(), ['README.md', 'lib', 'package.json']);
  const names = readdirSync(join(installed, 'lib'), { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    names.filter((name) => /test|packing|(?<!\.d)\.ts$/.test(name)),
    [],
  );
  const { exports, ...told } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.ok(existsSync(join(installed, exports['.'].types)));
  assert.deepEqual([told.dependencies, told.peerDependencies, told.optionalDependencies], Array(3).fill(undefined));

  await using server = await startScriptedServer({ httpStatus: 200, body: '{"status":"success","request_id":"r-1"}' });
  writeFileSync(join(shop, 'merchant.js'), merchant);
  const args = ['merchant.js', server.url, SECRET, signed(paid)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: shop, timeout: 30_000 });
  assert.equal(stdout, 'succeeded\n');
  const sent = JSON.parse(server.calls[0]?.body ?? '') as { general: { signature: string } };
  assert.equal(
    sent.general.signature,
    '4870Er8J2eu72J9o6ik3SLP7iPWcdQa2vHjfkJpKPcjEWtwRuJDKh+/lmQduyYe3Ei717hqY9aykuJ7BSSQ2tQ==',
  );

  writeFileSync(join(shop, 'merchant.ts'), typedMerchant);
  const tsc = join(import.meta.dirname, '../../../../node_modules/.bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', 'merchant.ts'];
  const found = spawnSync(tsc, options, { cwd: shop, encoding: 'utf8' }).stdout;
  assert.deepEqual(found.match(/^merchant\.ts\(\d+|error TS\d+/gm), ['merchant.ts(4', 'error TS2322']);
});
