import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { paid, SECRET, signed } from '../test-kit/samples.ts';
import { startScriptedServer } from '../test-kit/scripted-server.ts';
import { packSdk } from './pack.ts';

const top = join(import.meta.dirname, '../../../..');
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sdk-pack-'));
const shop = join(folder, 'shop');
const installed = join(shop, 'node_modules/@rocketpay/sdk');
let packed = '';

before(() => {
  packed = packSdk(join(folder, 'dist'));
  mkdirSync(shop);
  writeFileSync(join(shop, 'package.json'), '{"name":"shop","type":"module"}');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', ...quiet, '--cache', join(folder, 'cache'), packed], { cwd: shop });
});
after(() => rmSync(folder, { recursive: true }));

/** This Node, and the machine's own, which merchants are more likely to have. */
function nodes(): string[] {
  const own = (process.env['PATH'] ?? '').split(delimiter).filter((path) => !path.includes('node_modules'));
  const machine = spawnSync('node', ['-p', 'process.execPath'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: own.join(delimiter) },
  });
  const path = machine.status === 0 ? machine.stdout.trim() : process.execPath;
  return [...new Set([process.execPath, path])];
}

const merchant = (imports: string): string => `
${imports}
async function main() {
  const [baseUrl, secret, callback] = process.argv.slice(2);
  const rocketpay = new Rocketpay({ projectId: 1234, secret, baseUrl, pageEncryptionKey: 'key' });
  await rocketpay.submitCode({ paymentId: 'payment_47', code: '123456' });
  const made = testCallbacks({ projectId: 1234, secret }).declined();
  const handle = rocketpay.callbacks.next(() => { throw new TypeError('planted'); }, { onError: () => {} });
  const answer = await handle(new Request('http://shop.test/', { method: 'POST', body: made.body }));
  const kinds = [callback, made.body].map((body) => rocketpay.callbacks.parse(body).kind);
  console.log([...kinds, answer.status, new RocketpayError('', {}).name].join(' '));
}
main();
`;

test('the packed client works by itself, imported and required, in this Node and in the machine’s', async () => {
  const yes = { httpStatus: 200, body: '{"status":"success","request_id":"r-1"}' };
  await using server = await startScriptedServer(yes);
  const forms = {
    'merchant.mjs': `import { Rocketpay, RocketpayError } from '@rocketpay/sdk';
import { testCallbacks } from '@rocketpay/sdk/testing';
import '@rocketpay/sdk/widget';`,
    'merchant.cjs': `const { Rocketpay, RocketpayError } = require('@rocketpay/sdk');
const { testCallbacks } = require('@rocketpay/sdk/testing');
require('@rocketpay/sdk/widget');`,
  };
  for (const [file, imports] of Object.entries(forms)) {
    writeFileSync(join(shop, file), merchant(imports));
    for (const node of nodes()) {
      const { stdout } = await run(node, [file, server.url, SECRET, signed(paid)], { cwd: shop, timeout: 30_000 });
      assert.equal(stdout, 'succeeded declined 500 RocketpayError\n', `${file} in ${node}`);
    }
  }
  for (const { body } of server.calls) {
    const { general } = JSON.parse(body) as { general: { signature: string } };
    assert.equal(
      general.signature,
      '4870Er8J2eu72J9o6ik3SLP7iPWcdQa2vHjfkJpKPcjEWtwRuJDKh+/lmQduyYe3Ei717hqY9aykuJ7BSSQ2tQ==',
    );
  }
});

test('the package depends on nothing and holds nothing but the client', () => {
  assert.deepEqual(readdirSync(join(shop, 'node_modules/@rocketpay')), ['sdk']);
  assert.deepEqual(readdirSync(installed).sort(), ['README.md', 'lib', 'package.json']);
  const names = readdirSync(join(installed, 'lib'), { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    names.filter((name) => /test-kit|\.test\.|packing|contract|core|(?<!\.d)\.ts$/.test(name)),
    [],
  );
  const told = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  assert.deepEqual([told.dependencies, told.peerDependencies, told.optionalDependencies], Array(3).fill(undefined));
});

test('its types are there for imports, for require and for bundlers, and say no where they should', async () => {
  mkdirSync(join(shop, 'node_modules/@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types'])
    symlinkSync(join(top, 'node_modules', name), join(shop, 'node_modules', name));
  const typed = `
import { Rocketpay, type CallbackEvent } from '@rocketpay/sdk';
import { testCallbacks } from '@rocketpay/sdk/testing';
export const right = (rocketpay: Rocketpay) => rocketpay.status({ paymentId: 'payment_47' });
export const wrong = (rocketpay: Rocketpay) => rocketpay.status({ paymentId: 47 });
export const kind = (event: CallbackEvent) => event.kind === 'code_wanted' && event.clarification.fields;
export const body: string = testCallbacks({ projectId: 1, secret: 's' }).succeeded().body;
`;
  const browser = `
import type { WidgetConfig } from '@rocketpay/sdk/widget';
export const open = (signed: WidgetConfig) => EPayWidget.run({ ...signed, onExit() {} }, 'post').closePopup();
export const wrong = (signed: WidgetConfig) => EPayWidget.run({ ...signed, onExit: 1 });
`;
  for (const [file, text] of Object.entries({ 'a.mts': typed, 'b.cts': typed, 'c.ts': typed, 'd.ts': browser }))
    writeFileSync(join(shop, file), text);
  // Only here the declarations themselves are checked too, in both formats; it takes seconds.
  const nodenext = ['--skipLibCheck', 'false', '--module', 'nodenext', '--types', 'node', 'a.mts', 'b.cts'];
  const bundler = ['--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
  // A browser's program knows nothing of Node.
  const inBrowser = ['--lib', 'es2022,dom', '--types', '', 'd.ts'];
  const found = await Promise.all([
    faultsOf(...nodenext),
    faultsOf(...bundler, '--types', 'node', 'c.ts'),
    faultsOf(...bundler, ...inBrowser),
  ]);
  assert.deepEqual(found, [['a.mts(5', 'b.cts(5'], ['c.ts(5'], ['d.ts(4']]);
});

async function faultsOf(...options: string[]): Promise<string[]> {
  const all = ['--noEmit', '--strict', '--ignoreConfig', ...options];
  const told = await run(join(top, 'node_modules/.bin/tsc'), all, { cwd: shop }).catch(
    (failure: { stdout: string }) => failure,
  );
  return told.stdout.match(/^\S.*?\(\d+(?=,\d+\): error TS2322)|error TS(?!2322)\d+.*/gm) ?? [];
}

test('it is as small as the guide says', () => {
  const guide = readFileSync(join(top, 'docs/guides/sdk.md'), 'utf8');
  const told = /(\d+) KB packed, (\d+) KB minified and gzipped/.exec(guide);
  assert.ok(told, 'the guide states the size');
  const esbuild = join(top, 'node_modules/.bin/esbuild');
  const minified = execFileSync(esbuild, ['--minify', join(installed, 'lib/esm/index.js')]);
  const sizes = [statSync(packed).size, gzipSync(minified, { level: 9 }).length];
  const limits = told.slice(1).map((kilobytes) => Number(kilobytes) * 1_000);
  for (const [at, size] of sizes.entries()) {
    const limit = limits[at] ?? 0;
    assert.ok(size <= limit && size > limit * 0.8, `${size} bytes where the guide says ${limit}`);
  }
});
