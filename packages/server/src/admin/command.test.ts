import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../clock.ts';
import { createPool } from '../db/pool.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { deriveKey, loadMasterKey } from '../master-key.ts';
import { createProjects, createProjectStore, createSecretBox } from '../projects/projects.ts';

const script = join(import.meta.dirname, '..', 'admin.ts');
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let dataDir: string;

before(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'rocketpay admin '));
});
after(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

const rocketpay = (...args: string[]): Promise<Ran> => runWith({}, ...args);

function runWith(settings: Readonly<Record<string, string | undefined>>, ...args: string[]): Promise<Ran> {
  const env = { DATABASE_URL: database.url, DATA_DIR: dataDir, MODE: 'production', ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, out, errors) =>
      resolve({ code: error ? Number(error.code) : 0, out, errors }),
    );
  });
}

test('a project made by the command can be used in production, and its secret is shown that once', async () => {
  const made = await rocketpay('project', 'create', '--name', 'Shop', '--callback-url', 'https://shop.example/cb');
  assert.deepEqual([made.code, made.errors], [0, 'production, database of DATABASE_URL\n']);
  const projectId = Number(/^project_id: +(\d+)$/m.exec(made.out)?.[1]);
  const secret = /^secret: +(\S+)$/m.exec(made.out)?.[1] ?? '';
  assert.equal(projectId, 10_001);
  assert.ok(secret.length >= 43);
  assert.equal(made.out.split(secret).length, 2);

  const listed = await rocketpay('project', 'list');
  assert.match(listed.out, /^10001\tShop\tKZT\thttps:\/\/shop\.example\/cb$/m);
  assert.ok(!listed.out.includes(secret));
  for (const file of await readdir(dataDir)) assert.ok(!(await readFile(join(dataDir, file), 'utf8')).includes(secret));

  const pool = createPool({ databaseUrl: database.url, maxConnections: 1, onError: () => undefined });
  const box = createSecretBox(deriveKey(await loadMasterKey(null, dataDir), 'secrets'));
  const projects = createProjects({ store: createProjectStore(pool), box, clock: systemClock, production: true });
  const project = await projects.find(projectId);
  await pool.end();
  assert.equal(project?.secret.export().toString(), secret);
});

test('what cannot be done is said in a line, with the exit code of a wrong call', async (t) => {
  assert.equal((await rocketpay('project', 'create', '--name', 'Taken', '--id', '4000')).code, 0);
  const wrong: readonly (readonly [string, string[], RegExp])[] = [
    ['no name', ['project', 'create'], /--name is missing/],
    ['an id that is none', ['project', 'create', '--name', 'A', '--id', '0'], /--id is "0"/],
    ['an id that is taken', ['project', 'create', '--name', 'A', '--id', '4000'], /4000 exists already/],
    [
      'a callback URL that is none',
      ['project', 'create', '--name', 'A', '--callback-url', 'ftp://x'],
      /--callback-url/,
    ],
    ['a currency that is none', ['project', 'create', '--name', 'A', '--currencies', 'KZT,tenge'], /--currencies/],
    ['an option that does not exist', ['project', 'create', '--nam', 'A'], /--nam/],
    ['a command that does not exist', ['project', 'remove'], /there is no command "project remove"/],
    ['a noun that does not exist', ['projekt', 'list'], /there is no "projekt"/],
  ];
  await Promise.all(
    wrong.map(([name, args, says]) =>
      t.test(name, async () => {
        const { code, out, errors } = await rocketpay(...args);
        assert.deepEqual([code, out], [2, '']);
        assert.match(errors, says);
        assert.doesNotMatch(errors, /at .*\.ts:/);
      }),
    ),
  );
});

test('another master key is refused in a line, with the exit code of a wrong call', async () => {
  assert.equal((await rocketpay('project', 'create', '--name', 'Sealed', '--id', '6000')).code, 0);
  const other = { MASTER_KEY: Buffer.alloc(32, 9).toString('base64') };
  const { code, out, errors } = await runWith(other, 'project', 'list');
  assert.deepEqual([code, out], [2, '']);
  assert.match(errors, /another master key; give the MASTER_KEY/);
  assert.doesNotMatch(errors, /\n +at /);
});

test('a data folder without a database is refused and left as it was; the first project may make one', async (t) => {
  const empty = await mkdtemp(join(tmpdir(), 'rocketpay-empty-'));
  t.after(() => rm(empty, { recursive: true, force: true }));
  const own = { DATA_DIR: join(empty, 'data'), DATABASE_URL: undefined };
  const refused = await runWith(own, 'project', 'list');
  assert.deepEqual([refused.code, refused.out], [2, '']);
  assert.match(refused.errors, /^there is no database in .*data: set DATA_DIR .*DATABASE_URL .*start it once/);
  assert.deepEqual(await readdir(empty), []);

  const made = await runWith(own, 'project', 'create', '--name', 'First');
  assert.equal(made.code, 0, made.errors);
  assert.match(made.errors, /^there is no database in .*data yet: making one\nproduction, data in /);
  const listed = await runWith(own, 'project', 'list');
  assert.match(listed.out, /\tFirst\t/);
  assert.doesNotMatch(listed.errors, /making one/);
});

test('a callback address that the settings do not allow is warned of in a line, and set', async () => {
  const warning = (host: string) => `warning: no callback is sent to ${host} unless CALLBACK_ALLOWED_NETWORKS`;
  const own = { CALLBACK_ALLOWED_NETWORKS: '10.0.0.0/8' };
  const create = ['project', 'create', '--id', '5000', '--name', 'Near', '--callback-url', 'http://[::1]:9/cb'];
  const made = await runWith(own, ...create);
  assert.deepEqual([made.code, made.errors.includes(warning('::1'))], [0, true]);
  for (const [host, isWarned] of [
    ['192.168.0.7', true],
    ['localhost', true],
    ['10.1.2.3', false],
    ['93.184.215.14', false],
  ] as const) {
    const set = await runWith(own, 'project', 'set', '--project', '5000', '--callback-url', `http://${host}:9/cb`);
    assert.deepEqual([set.code, set.errors.includes(warning(host))], [0, isWarned], host);
    assert.ok(set.out.includes(host));
  }
});

test('a callback address at a port that is never called is warned of in a line, and set', async () => {
  await runWith({}, 'project', 'create', '--id', '5001', '--name', 'Far');
  for (const [port, isWarned] of [
    [':22', true],
    [':6667', true],
    [':8443', false],
    ['', false],
  ] as const) {
    const url = `http://shop.example${port}/cb`;
    const set = await runWith({}, 'project', 'set', '--project', '5001', '--callback-url', url);
    const isTold = set.errors.includes(`warning: no callback is sent to port ${port.slice(1)}, `);
    assert.deepEqual([set.code, isTold, set.errors.includes('warning')], [0, isWarned, isWarned], url);
    assert.ok(set.out.includes(url));
  }
});

test('without a command it says what there is', async () => {
  const { code, out } = await rocketpay();
  assert.equal(code, 0);
  assert.match(out, /rocketpay project create\|list/);
});
