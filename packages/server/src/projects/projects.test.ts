import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createManualClock } from '../testing/manual-clock.ts';
import { usePool } from '../testing/test-pool.ts';
import { createProjects, createProjectStore, createSecretBox, sandboxProject } from './projects.ts';

const pool = usePool();
const box = createSecretBox(Buffer.alloc(32, 5));
const shop = {
  projectId: 10_001,
  name: 'Shop',
  callbackUrl: 'https://shop.example/cb',
  currencies: ['KZT'],
  by: 'test',
};

beforeEach(async () => void (await pool().query('DELETE FROM projects')));

const WALL_SET_BACK_AT = Date.UTC(2027, 0, 15, 12) + 500;

function openProjects({ production = false, secretBox = box, wall = (at: number) => at } = {}) {
  const manual = createManualClock();
  const clock = { ...manual, now: () => wall(manual.now()) };
  const store = createProjectStore(pool());
  let reads = 0;
  const counted = { ...store, list: () => (reads++, store.list()) };
  const projects = createProjects({ store: counted, box: secretBox, clock, production });
  return { projects, clock, reads: () => reads };
}

const secretOf = (project: { secret: { export(): Buffer } } | null): string | undefined =>
  project?.secret.export().toString();

test('a project’s secret is shown at its creation and lies sealed in the database', async () => {
  const { projects } = openProjects();
  const made = await projects.create(shop);
  assert.ok(made && made.secret.length >= 43);
  const { rows } = await pool().query<{ row: string }>('SELECT row_to_json(s)::text AS row FROM project_secrets s');
  assert.equal(rows.length, 2);
  for (const secret of [made.secret, made.callbackSecret.replace('whsec_', '')]) {
    for (const written of [secret, Buffer.from(secret).toString('base64').slice(0, 20)]) {
      assert.ok(rows.every(({ row }) => !row.includes(written)));
    }
  }
  assert.equal(secretOf(await projects.find(shop.projectId)), made.secret);
});

test('a sealed secret opens neither under another key nor for another project', async () => {
  const { projects } = openProjects();
  await projects.create(shop);
  await assert.rejects(openProjects({ secretBox: createSecretBox(Buffer.alloc(32, 6)) }).projects.find(shop.projectId));
  await pool().query(`INSERT INTO projects (project_id, name, created_by) VALUES (10002, 'Thief', 'test')`);
  await pool().query(`INSERT INTO project_secrets (project_id, kind, secret_no, main, secret_box)
    SELECT 10002, kind, secret_no, main, secret_box FROM project_secrets`);
  await assert.rejects(projects.find(10_002));
});

test('an id is given once', async () => {
  const { projects } = openProjects();
  const made = await projects.create(shop);
  assert.equal(await projects.create({ ...shop, name: 'Other' }), null);
  assert.equal(secretOf(await projects.find(shop.projectId)), made?.secret);
});

test('a free id is one that nobody has', async () => {
  const { projects } = openProjects();
  assert.equal(await projects.freeId(), 10_001);
  await projects.seedSandbox(null);
  assert.equal(await projects.freeId(), 10_001);
  await projects.create({ ...shop, projectId: 20_000 });
  assert.equal(await projects.freeId(), 20_001);
});

test('the sandbox’s project has the documented secret, and comes back under a new key', async () => {
  await openProjects().projects.seedSandbox('https://one.example/');
  const { projects } = openProjects({ secretBox: createSecretBox(Buffer.alloc(32, 9)) });
  await projects.seedSandbox('https://two.example/');
  const project = await projects.find(sandboxProject.projectId);
  assert.equal(secretOf(project), sandboxProject.secret);
  assert.equal(project?.callbackUrl, 'https://two.example/');
});

test('seeding leaves a real project of that id alone', async () => {
  const { projects } = openProjects();
  const made = await projects.create({ ...shop, projectId: sandboxProject.projectId });
  await projects.seedSandbox(null);
  assert.equal(secretOf(await projects.find(sandboxProject.projectId)), made?.secret);
});

test('production has no sandbox project, and its well-known secret opens nothing', async () => {
  await openProjects().projects.seedSandbox(null);
  const { projects } = openProjects({ production: true });
  assert.equal(await projects.find(sandboxProject.projectId), null);
  await pool().query('UPDATE projects SET sandbox = false');
  assert.equal(await openProjects({ production: true }).projects.find(sandboxProject.projectId), null);
  const made = await projects.create(shop);
  assert.equal(secretOf(await projects.find(shop.projectId)), made?.secret);
  await pool().query('UPDATE projects SET sandbox = true');
  assert.equal(await openProjects({ production: true }).projects.find(shop.projectId), null);
});

test('a change is seen after a second; until then nobody asks the database, for unknown ids neither', async () => {
  const { projects, clock, reads } = openProjects();
  await projects.create(shop);
  const all = await Promise.all(Array.from({ length: 50 }, () => projects.find(shop.projectId)));
  assert.equal(new Set(all).size, 1);
  for (let turn = 0; turn < 10; turn++) assert.equal(await projects.find(404), null);
  assert.equal(reads(), 1);
  await pool().query('UPDATE projects SET refunds_enabled = false');
  clock.advance(999);
  assert.equal((await projects.find(shop.projectId))?.refundsEnabled, true);
  clock.advance(1);
  assert.equal((await projects.find(shop.projectId))?.refundsEnabled, false);
});

test('a change is seen after a second although the wall clock was set back', async () => {
  const { projects, clock } = openProjects({ wall: (at) => at - 3_600_000 * Math.sign(at - WALL_SET_BACK_AT) });
  await projects.create(shop);
  await projects.find(10_001);
  await pool().query(`UPDATE projects SET name = 'New' WHERE project_id = 10001`);
  clock.advance(1_000);
  assert.equal((await projects.find(10_001))?.name, 'New');
});

test('a project that could not be read is asked for again', async () => {
  const { projects } = openProjects();
  await pool().query('ALTER TABLE projects RENAME TO away');
  try {
    await assert.rejects(projects.find(shop.projectId));
  } finally {
    await pool().query('ALTER TABLE away RENAME TO projects');
  }
  await projects.create(shop);
  assert.ok(await projects.find(shop.projectId));
});
