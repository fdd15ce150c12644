import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createServer } from '../http/server.ts';
import type { Log } from '../log.ts';
import { docsRoutes } from './docs.ts';
import { placesOf, type SandboxPlaces } from './places.ts';

const nothing = (): void => undefined;
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function serve(sandbox = true, places: SandboxPlaces = {}) {
  const app = createServer(log);
  docsRoutes(app, { sandbox, places });
  return app;
}

const app = serve();
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

test('an unknown page of the documentation is a page that leads back, and a slash behind a page does no harm', async () => {
  for (const address of ['/docs/guides/nope', '/docs/guides/', '/docs/api/nope', '/docs/assets/nope.css']) {
    const { statusCode, headers, body } = await get(address);
    assert.equal(statusCode, 404, address);
    assert.match(String(headers['content-type']), /^text\/html/, address);
    assert.match(body, /<h1>No such page<\/h1>[^]*<a href="\/docs\/">/);
  }
  const slashed = await get('/docs/guides/gate/');
  assert.deepEqual([slashed.statusCode, slashed.headers.location], [308, '/docs/guides/gate']);
});

test('the bare address of a sandbox leads to the documentation; in production it is nothing', async () => {
  assert.deepEqual([(await get('/')).statusCode, (await get('/')).headers.location], [302, '/docs/']);
  assert.equal((await serve(false).inject('/')).statusCode, 404);
});

const config = {
  mode: 'sandbox',
  publicUrl: 'http://127.0.0.1:9180',
  providerUrl: 'http://127.0.0.1:9190',
  sandboxCallbackUrl: 'http://127.0.0.1:9170/callbacks',
} as const;

test('the guides of a sandbox have its own addresses in their samples; the settings keep telling defaults', async () => {
  const moved = serve(true, placesOf(config));
  const { body } = await moved.inject('/docs/guides/quick-start');
  assert.match(body, /curl -sS http:\/\/127\.0\.0\.1:9180\/v2\/payment\/mobile\/sale/);
  assert.match(body, /curl -sS http:\/\/127\.0\.0\.1:9190\/phones\//);
  assert.doesNotMatch(body, /127\.0\.0\.1:80[789]0/);
  assert.match((await moved.inject('/docs/reference/settings')).body, /http:\/\/127\.0\.0\.1:8090/);
  assert.deepEqual(placesOf({ ...config, mode: 'production' }), {});
  assert.match((await get('/docs/guides/quick-start')).body, /curl -sS http:\/\/127\.0\.0\.1:8080\//);
});

test('how a page was made is told to its authors alone', async () => {
  for (const path of ['guides/codes', 'reference/page-parameters', 'reference/simulator'])
    assert.doesNotMatch((await get(`/docs/${path}`)).body, /Generated|print-/, path);
});

const hrefs = (page: string): string[] => [...page.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, href = '']) => href);
const plain = (href: string): string => href.replaceAll('&amp;', '&');

test('every page can be reached from the start, and no link of any page leads nowhere', async () => {
  const pages = new Map<string, string>();
  const waiting = ['/docs/'];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (pages.has(address)) continue;
    const answer = await get(address);
    assert.equal(answer.statusCode, 200, address);
    const isPage = String(answer.headers['content-type']).startsWith('text/html') && address !== '/docs/api/';
    pages.set(address, isPage ? answer.body : '');
    if (!isPage) continue;
    for (const href of hrefs(answer.body).map(plain)) {
      const [path = '', hash] = href.split('#');
      if (/^https?:/.test(path)) continue;
      if (path !== '') waiting.push(path);
      // The target of a link within a page, once that page is read.
      if (hash !== undefined && path === '') assert.ok(answer.body.includes(` id="${hash}"`), `${address}: #${hash}`);
    }
  }
  for (const [address, page] of pages)
    for (const href of hrefs(page).map(plain)) {
      const [path = '', hash] = href.split('#');
      const target = pages.get(path);
      if (hash !== undefined && target) assert.ok(target.includes(` id="${hash}"`), `${address} links to ${href}`);
    }
  for (const name of ['quick-start', 'signature', 'codes', 'in-doubt', 'going-live', 'gate'])
    assert.ok(pages.has(`/docs/guides/${name}`), name);
  assert.ok(pages.has('/docs/reference/simulator'));
});

test('a page has a title, one heading, its place in the navigation, and a strict policy', async () => {
  const { body, headers } = await get('/docs/guides/gate');
  assert.match(body, /<title>Gate[^<]* · Rocketpay<\/title>/);
  assert.equal(body.match(/<h1/g)?.length, 1);
  assert.match(body, /<a href="\/docs\/guides\/gate" aria-current="page">/);
  assert.match(body, /<pre tabindex="0" role="group"/);
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(body, /<script(?![^>]* src=)|<style| style=| on[a-z]+="/);
});

test('the reference loosens the policy for its own styles alone, and takes nothing from elsewhere', async () => {
  const { body, headers } = await get('/docs/api/');
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /script-src 'self' 'sha256-[^']+'/);
  assert.match(policy, /style-src 'self' 'unsafe-inline'/);
  assert.doesNotMatch(policy, /script-src[^;]*unsafe|https:/);
  assert.doesNotMatch(body, /(?:src|href)="https?:/);
});

test('the document and the renderer go out zipped to those who take it, and whole to all others', async () => {
  for (const address of ['/openapi.json', '/docs/api/js/scalar.js']) {
    const zipped = await get(address, { 'accept-encoding': 'gzip, deflate' });
    assert.deepEqual(
      [zipped.headers['content-encoding'], zipped.headers['vary']],
      ['gzip', 'accept-encoding'],
      address,
    );
    for (const taken of ['identity', 'br, gzip;q=0']) {
      const whole = await get(address, { 'accept-encoding': taken });
      assert.equal(whole.headers['content-encoding'], undefined, address);
      assert.ok(gunzipSync(zipped.rawPayload).equals(whole.rawPayload));
      assert.ok(zipped.rawPayload.length < whole.rawPayload.length / 3);
    }
  }
});

test('the document and the pages may be kept, and are asked for again with 304', async () => {
  for (const address of ['/openapi.json', '/docs/', '/docs/assets/docs.css', '/docs/guides/gate']) {
    const { headers } = await get(address);
    assert.equal(headers['cache-control'], 'public, max-age=300', address);
    const again = await get(address, { 'if-none-match': String(headers.etag) });
    assert.equal(again.statusCode, 304, address);
    assert.equal(again.body, '');
    assert.equal((await get(address, { 'if-none-match': '"other"' })).statusCode, 200);
  }
});

test('files are found under the names that viewers of the repository use', async () => {
  const moved = await get('/docs/guides/gate.md');
  assert.deepEqual([moved.statusCode, moved.headers.location], [308, '/docs/guides/gate']);
  assert.equal((await get('/docs')).headers.location, '/docs/');
  assert.equal((await get('/docs/../package.json')).statusCode, 404);
});

const form = (members: Record<string, string>) =>
  app.inject({ method: 'POST', url: '/docs/signature', payload: new URLSearchParams(members).toString() });

test('without a script the debugger explains, and is never given a secret', async () => {
  const empty = await get('/docs/signature');
  const secretField = /<input[^>]*id="secret"[^>]*>/s.exec(empty.body)?.[0] ?? '';
  assert.ok(secretField !== '' && !secretField.includes('name='));
  const { body } = await form({ body: '{"a":{"b":true},"c":"<b>"}', signed: 'a:b:1' });
  assert.match(body, /a:b:1;c:&lt;b&gt;/);
  assert.match(body, /1 line of what was sent was not signed/);
  assert.doesNotMatch(body, /<b>/);
  assert.match((await form({ body: '{' })).body, /not JSON/);
});

test('no form makes the debugger’s page much larger than the form', async () => {
  const sixteen = '"a:b":1.50,"k":[0,1,2,3,4,5,6,7,8,9,10],"a":{"b":1},"a1":1';
  const large = `{${sixteen},"v":"${'&'.repeat(65_000)}"}`;
  const { body } = await form({ body: large });
  assert.match(body, /The other \d+ texts are too long to be shown here/);
  assert.ok(body.length < 1_200_000, `${body.length} characters`);
  assert.doesNotMatch((await form({ body: `{${sixteen}}` })).body, /too long to be shown/);
  const empty = Array.from({ length: 3_000 }, (_none, at) => `"${at}":[]`).join();
  const long = await form({ body: `{"${'n'.repeat(30_000)}":{${empty}}}` });
  assert.match(long.body, /and 2950 more/);
  assert.ok(long.body.length < 150_000, `${long.body.length} characters`);
});

test('in production no secret is asked for', async () => {
  const { body } = await serve(false).inject('/docs/signature?example=hex');
  assert.doesNotMatch(body, /id="secret"|test-secret/);
  assert.match(body, /These are the 64 bytes in hex/);
});

test('the debugger’s script is one small file', async () => {
  const script = await get('/docs/assets/signature.js');
  assert.equal(script.statusCode, 200);
  assert.ok(script.body.length < 40_000, `${script.body.length} bytes`);
  assert.doesNotMatch(script.body, /node:|from"/);
});
