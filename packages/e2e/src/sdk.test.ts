import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import ecommpay from 'ecommpay';
import pg from 'pg';
import { TOP } from './config.ts';
import { eventually } from './eventually.ts';
import { GuideShop, samples } from './guide-shop.ts';
import { hush } from './hush.ts';
import { openLossyGate } from './lossy-gate.ts';
import { wrongCode } from './operator.ts';
import { freePorts } from './ports.ts';
import { newPhone, Stage } from './stage.ts';
import { Started, temporaryFolder } from './started.ts';

const cleanup = new AsyncDisposableStack();
const folder = cleanup.use(temporaryFolder());
let stage: Stage;
let place: { readonly stage: Stage; readonly folder: string };
before(async () => {
  stage = cleanup.use(await Stage.set());
  place = { stage, folder: folder.path };
});
after(async () => {
  await cleanup.disposeAsync();
  assert.deepEqual(GuideShop.leftOut(), [], 'every sample of the guide runs in one of the tests');
});

test('the example of ten lines takes a payment', async () => {
  const [port = 0] = await freePorts(1);
  const phone = newPhone();
  hush(phone);
  const file = 'packages/sdk/src/example/take-a-payment.ts';
  const lines = readFileSync(join(TOP, file), 'utf8').split('\n');
  assert.equal(lines.filter((line) => line !== '' && !line.startsWith('import ')).length, 10);

  const args = [stage.sandbox.platform, phone, `http://127.0.0.1:${port}`];
  await using example = new Started(file, args, folder.path, {});
  await eventually('the example asks for the code', () => example.output.includes('Code: ') || undefined);
  const texts = await fetch(`${stage.sandbox.simulator}/phones/${phone}/messages`);
  const [text] = (await texts.json()) as { code: string }[];
  hush(text?.code ?? '');
  example.type(text?.code ?? '');
  await eventually('the example was paid', () => example.output.includes('succeeded') || undefined);
  assert.match(example.output, /succeeded \{ amountMinor: 100000, currency: 'KZT' \}/);
});

test('the guide’s purchase is taken and told by each framework, its refunds too', async () => {
  const servers = ['node-server.ts', 'express-server.ts', 'fastify-server.ts', 'hono-server.ts'];
  const ports = await freePorts(servers.length);
  await Promise.all(
    servers.map(async (sample, at) => {
      const shop = new GuideShop(place, sample, ports[at] ?? 0);
      await using server = await shop.serve(sample);
      const told = (kind: string): true | undefined =>
        server.output.includes(`${shop.paymentId} ${kind}\n`) || undefined;
      await shop.purchase(told);
      if (sample !== 'express-server.ts') return;
      assert.equal(await shop.run('refund.ts'), '');
      await eventually('both refunds were told', () => server.output.match(/ refunded\n/g)?.length === 2 || undefined);
      assert.deepEqual(await stage.operator.moved(shop.paymentId), [100_000, -30_000, -70_000]);
      // The second of the two refunds, asked for once more.
      assert.equal(await shop.run('ask.ts'), 'refunded 3 refund 70000\n1 true true\n');
      assert.match(await shop.run('refund.ts'), /^$/, 'the same refunds again are answered again');
      shop.write('refund.ts', ['return-77', 'return-79']);
      assert.equal(await shop.run('refund.ts'), 'refused 3283 payment.amount false\n');
    }),
  );
});

test('a lost answer starts nothing twice: no sale, no refund, and no second attempt at a code', async () => {
  await using gate = await openLossyGate(stage.sandbox.platform);
  const shop = new GuideShop(place, 'lossy', 0, gate.url);
  const inbox = stage.endpoint.inbox(shop.paymentId);
  shop.write('buy.ts', ['http://127.0.0.1:0/callbacks', inbox.url]);
  await shop.run('buy.ts');
  const asked = await inbox.take(1, 'awaiting clarification', 20_000);
  const code = await stage.operator.code(shop.phone, shop.paymentId);

  shop.write('code.ts', ['123456', wrongCode(code)]);
  await shop.run('code.ts');
  const askedAgain = await inbox.take(2, 'awaiting clarification', 20_000);
  const attemptsLeft = [asked, askedAgain].map((one) => one.clarification_info?.attempts_left ?? 0);
  assert.equal(attemptsLeft[1], (attemptsLeft[0] ?? 0) - 1);

  shop.write('code.ts', ['123456', code]);
  await shop.run('code.ts');
  await inbox.take(3, 'success', 20_000);
  await shop.run('refund.ts');
  await inbox.take(5, 'refunded', 20_000);
  assert.deepEqual(await stage.operator.moved(shop.paymentId), [100_000, -30_000, -70_000]);
  const paths = gate.requests.map(({ path }) => path.replace('/v2/', ''));
  const codes = Array<string>(4).fill('payment/clarification');
  const refunds = Array<string>(4).fill('payment/mobile/refund');
  assert.deepEqual(paths, ['payment/mobile/sale', 'payment/mobile/sale', ...codes, ...refunds]);
  assert.equal(new Set(gate.requests.map(({ signature }) => signature)).size, 5);
});

test('the guide’s store runs a handler once, in two processes at the same time, and again only after a failure', async () => {
  await using database = await newDatabase();
  const [port = 0, otherPort = 0] = await freePorts(2);
  const shops = [new GuideShop(place, 'stored', port), new GuideShop(place, 'stored-too', otherPort)];
  const [shop, other] = shops;
  assert.ok(shop && other);
  await database.query('CREATE TABLE news (payment_id text, kind text)');
  await database.query(/CREATE TABLE handled_callback .*/.exec(samples.get('store.ts') ?? '')?.[0] ?? '');
  const settings = { DATABASE_URL: database.url };
  GuideShop.ranWithin('store.ts');
  await using servers = new AsyncDisposableStack();
  for (const one of shops) servers.use(await one.serve('stored-server.ts', settings));

  const kinds = async (paymentId: string): Promise<string[]> =>
    (await database.query('SELECT kind FROM news WHERE payment_id = $1', [paymentId])).map((row) =>
      String(row['kind']),
    );
  await shop.purchase(async (kind) => ((await kinds(shop.paymentId)).includes(kind) ? true : undefined));
  assert.deepEqual(await kinds(shop.paymentId), ['code_wanted', 'succeeded']);

  shop.add(
    'repeats.ts',
    `import { testCallbacks } from '@rocketpay/sdk/testing';
    const callbackSecret = 'whsec_cm9ja2V0cGF5LXNhbmRib3gtY2FsbGJhY2sta2V5LTE=';
    const callback = testCallbacks({ projectId: 1234, secret: 'test-secret', callbackSecret }).declined({
      paymentId: 'many-times',
      webhookId: 'msg_many_times',
    });
    const urls = Array.from({ length: 5 }, () => ['http://127.0.0.1:${port}/', 'http://127.0.0.1:${otherPort}/']).flat();
    const statuses = await Promise.all(urls.map((url) => callback.send(url)));
    console.log([...new Set(statuses)].join());`,
  );
  await database.query('ALTER TABLE news ADD CONSTRAINT broken CHECK (payment_id <> $$many-times$$)');
  assert.equal(await shop.run('repeats.ts'), '500\n');
  assert.deepEqual(await kinds('many-times'), []);
  await database.query('ALTER TABLE news DROP CONSTRAINT broken');
  assert.equal(await shop.run('repeats.ts'), '200\n');
  assert.deepEqual(await kinds('many-times'), ['declined']);
});

test('the guide’s link, widget call and test of a shop run', async () => {
  const shop = new GuideShop(place, 'rest', 0);
  const [link = '', config = ''] = (await shop.run('link.ts')).split('\n');
  const url = new URL(link);
  assert.equal(`${url.origin}${url.pathname}`, `${stage.sandbox.platform}/payment`);
  const page = await fetch(link);
  assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
  const { signature, ...parameters } = Object.fromEntries(url.searchParams);
  assert.equal(signature, ecommpay.signer(parameters, 'test-secret'));
  assert.equal((JSON.parse(config) as { signature: string }).signature, signature);

  shop.add(
    'page.ts',
    `globalThis.EPayWidget = { run: (config, method) => console.log(method, config.payment_id, typeof config.onExit) };
    const { pay } = await import('./browser.ts');
    pay(${config});`,
  );
  assert.equal(await shop.run('page.ts'), `POST ${shop.paymentId} function\n`);
  const tested = await shop.run('shop.test.ts');
  assert.match(tested, /pass 1\n/);
  GuideShop.ranWithin('browser.ts', 'rocketpay.ts', 'on-callback.ts', 'route.ts');

  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024'];
  const more = ['--allowImportingTsExtensions', '--types', 'node', '--ignoreConfig'];
  const tsc = spawnSync(join(TOP, 'node_modules/.bin/tsc'), [...options, ...more, ...shop.files], { encoding: 'utf8' });
  assert.equal(tsc.stdout, '');
});

/** An empty database of its own on the server that the tests have. */
async function newDatabase(): Promise<
  { readonly url: string; query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> } & AsyncDisposable
> {
  const server = process.env['TEST_DATABASE_URL'];
  assert.ok(server, 'This story needs a database: start it by `npm test -- <its path>`.');
  const name = `sdk_story_${randomBytes(8).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const atServer = new pg.Client({ connectionString: server });
  await atServer.connect();
  await atServer.query(`CREATE DATABASE ${name}`);
  // A pool says that it has ended while its connections still close, and the drop below would kill those.
  const atDatabase = new pg.Client({ connectionString: url.href });
  await atDatabase.connect();
  return {
    url: url.href,
    query: async (sql, values) => (await atDatabase.query(sql, values)).rows as Record<string, unknown>[],
    async [Symbol.asyncDispose]() {
      await atDatabase.end();
      await atServer.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await atServer.end();
    },
  };
}
