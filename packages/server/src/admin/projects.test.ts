import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openAdmin, testBox, type TestAdmin } from '../testing/admin.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { usePool } from '../testing/test-pool.ts';
import { createProjects, createProjectStore } from '../projects/projects.ts';

const pool = usePool();
let rocketpay: TestAdmin;
const named = ['--project', '10001'];
const of = (noun: string, verb: string): string[] => [noun, verb, ...named];

/** Projects as a process of the platform that has just started sees them. */
function find() {
  const parts = { store: createProjectStore(pool()), box: testBox, clock: createManualClock(), production: false };
  return createProjects(parts).find(10_001);
}

interface Made {
  secret: string;
  callbackSecret: string;
}
let made: Made;

beforeEach(async () => {
  await pool().query('DELETE FROM projects');
  rocketpay = openAdmin(pool());
  made = await rocketpay.json<Made>('project', 'create', '--name', 'Shop');
});

/** Since the project was made, oldest first: who, what, about what, from, to. */
async function story(): Promise<unknown[][]> {
  interface Row {
    by: string;
    action: string;
    subject: string | null;
    old: unknown;
    new: unknown;
  }
  const rows = (await rocketpay.json<Row[]>('changes', 'list', ...named)).toReversed();
  const start = rows.findLastIndex((row) => row.action === 'project create');
  return rows.slice(start).map((row) => [row.by, row.action, row.subject, row.old, row.new]);
}

const spelled = (key: { export(): Buffer } | undefined): string | undefined => key?.export().toString();
const webhook = (key: { export(): Buffer } | undefined): string => `whsec_${key?.export().toString('base64')}`;

test('a new project has one secret of each kind, and the callbacks’ is 32 bytes after whsec_', async () => {
  const project = await find();
  assert.deepEqual(
    project?.secrets.map(({ key }) => spelled(key)),
    [made.secret],
  );
  assert.equal(spelled(project?.secret), made.secret);
  assert.deepEqual(project?.callbackSecrets.map(webhook), [made.callbackSecret]);
  assert.equal(project?.callbackSecrets[0]?.export().length, 32);
  assert.equal(project?.refundRepeatWindowMs, 60_000);
});

test('a secret changes over in three steps: both open, the new one signs, the old one is gone', async () => {
  const next = await rocketpay.json<{ secretNo: number; secret: string }>(...of('secret', 'rotate'));
  assert.equal(next.secretNo, 2);
  let project = await find();
  assert.deepEqual(
    project?.secrets.map(({ key }) => spelled(key)),
    [next.secret, made.secret],
  );
  assert.equal(spelled(project?.secret), made.secret);
  assert.match(await rocketpay(...of('secret', 'rotate')), /^refused: .*has two already/);
  assert.match(await rocketpay(...of('secret', 'retire')), /^refused: secret 1 still signs/);

  await rocketpay(...of('secret', 'promote'));
  project = await find();
  assert.equal(spelled(project?.secret), next.secret);
  assert.equal(project?.secrets.length, 2);
  assert.match(await rocketpay(...of('secret', 'promote')), /^refused: secret 2 signs already/);

  await rocketpay(...of('secret', 'retire'));
  project = await find();
  assert.deepEqual(
    project?.secrets.map(({ secretNo, key }) => [secretNo, spelled(key)]),
    [[2, next.secret]],
  );
  assert.match(await rocketpay(...of('secret', 'promote')), /^refused: .*has only one/);
  assert.deepEqual(await story(), [
    ['Aigerim', 'project create', null, null, { name: 'Shop' }],
    ['Aigerim', 'secret rotate', '2', null, null],
    ['Aigerim', 'secret promote', null, 1, 2],
    ['Aigerim', 'secret retire', '1', null, null],
  ]);
});

test('a secret that was used within a day is retired with a warning of its last use; an unused one without', async () => {
  const clock = createManualClock();
  const warnings: string[] = [];
  rocketpay = openAdmin(pool(), { clock, progress: (line) => warnings.push(line) });
  const retireAfter = async (usedBeforeMs: number | null): Promise<string> => {
    await rocketpay(...of('secret', 'rotate'));
    await rocketpay(...of('secret', 'promote'));
    if (usedBeforeMs !== null)
      await pool().query(`UPDATE project_secrets SET last_used_at = $1 WHERE kind = 'request'`, [
        new Date(clock.now() - usedBeforeMs),
      ]);
    warnings.length = 0;
    assert.match(await rocketpay(...of('secret', 'retire')), /^secret \d of project 10001 is gone/);
    return warnings.join();
  };
  assert.equal(await retireAfter(null), '');
  assert.equal(await retireAfter(86_400_000), '');
  const usedAt = new Date(clock.now() - 3_600_000).toISOString();
  const warning = await retireAfter(3_600_000);
  assert.match(warning, /^warning: secret 3 opened a request at .*cannot be brought back$/);
  assert.ok(warning.includes(usedAt.slice(0, 16)), warning);

  await rocketpay(...of('callback-secret', 'rotate'));
  warnings.length = 0;
  await rocketpay(...of('callback-secret', 'retire'));
  assert.deepEqual(warnings, []);
});

test('a change-over can be given up: the new secret is retired by its number, and numbers are not given again', async () => {
  await rocketpay(...of('secret', 'rotate'));
  assert.match(await rocketpay(...of('secret', 'retire'), '--number', '7'), /^refused: .*no secret of that number/);
  await rocketpay(...of('secret', 'retire'), '--number', '2');
  assert.deepEqual(
    (await find())?.secrets.map(({ secretNo }) => secretNo),
    [1],
  );
  const again = await rocketpay.json<{ secretNo: number }>(...of('secret', 'rotate'));
  assert.equal(again.secretNo, 3);
  await rocketpay(...of('secret', 'promote'));
  await rocketpay(...of('secret', 'promote'), '--number', '1');
  assert.equal(spelled((await find())?.secret), made.secret);
});

test('callbacks are signed with both secrets until the old one is retired', async () => {
  const next = await rocketpay.json<{ secret: string }>(...of('callback-secret', 'rotate'));
  assert.deepEqual((await find())?.callbackSecrets.map(webhook), [next.secret, made.callbackSecret]);
  await rocketpay(...of('callback-secret', 'retire'));
  assert.deepEqual((await find())?.callbackSecrets.map(webhook), [next.secret]);
});

test('a project older than callbacks’ secrets gets its first by a rotate', async () => {
  await pool().query(`DELETE FROM project_secrets WHERE kind = 'callback'`);
  await pool().query('UPDATE projects SET callback_secrets_made = 0');
  assert.deepEqual((await find())?.callbackSecrets, []);
  const { secret } = await rocketpay.json<{ secret: string }>(...of('callback-secret', 'rotate'));
  assert.deepEqual((await find())?.callbackSecrets.map(webhook), [secret]);
});

test('every setting can be changed, is told as old and new, and is written down with who did it', async () => {
  const settings = `--callback-url https://shop.example/cb --currencies KZT,USD --strict on --refunds off
    --allow-list 203.0.113.7,2001:db8::/32,::ffff:198.51.100.0/120 --clarification-form schema --refund-window 30 --by Dana`;
  const told = await rocketpay(...of('project', 'set'), '--name', 'Big shop', ...settings.split(/\s+/));
  assert.deepEqual(told.trimEnd().split('\n'), [
    'name: Shop → Big shop',
    'callback-url: none → https://shop.example/cb',
    'currencies: KZT → KZT,USD',
    'refund-window: 60 s → 30 s',
    'allow-list: none → 203.0.113.7/32,2001:db8::/32,198.51.100.0/24',
    'strict: off → on',
    'clarification-form: list → schema',
    'refunds: on → off',
  ]);
  const { secrets: _secrets, secret: _secret, callbackSecrets: _callbackSecrets, ...stored } = (await find()) ?? {};
  assert.deepEqual(stored, {
    projectId: 10_001,
    name: 'Big shop',
    callbackUrl: 'https://shop.example/cb',
    currencies: ['KZT', 'USD'],
    refundsEnabled: false,
    allowedNetworks: ['203.0.113.7/32', '2001:db8::/32', '198.51.100.0/24'],
    strict: true,
    clarificationForm: 'schema',
    refundRepeatWindowMs: 30_000,
  });
  assert.match(await rocketpay(...of('project', 'set'), '--strict', 'on'), /nothing changed/);
  await rocketpay(...of('project', 'set'), '--callback-url', 'none', '--allow-list', 'none');
  const lines = await story();
  assert.equal(lines.length, 11);
  assert.deepEqual(lines[2], ['Dana', 'project set', 'callbackUrl', null, 'https://shop.example/cb']);
  assert.deepEqual(lines[9], ['Aigerim', 'project set', 'callbackUrl', 'https://shop.example/cb', null]);
});

const wrong: readonly (readonly [string, string[], RegExp])[] = [
  ['no project named', ['project', 'set', '--strict', 'on'], /--project is missing/],
  ['a project nobody has', ['project', 'set', '--project', '5', '--strict', 'on'], /there is no project 5/],
  ['a project nobody has, shown', ['project', 'show', '--project', '5'], /there is no project 5/],
  ['a project nobody has, rotated', ['secret', 'rotate', '--project', '5'], /there is no project 5/],
  ['nothing to set', of('project', 'set'), /nothing to set/],
  ['an empty name', [...of('project', 'set'), '--name', ''], /--name is missing/],
  ['neither on nor off', [...of('project', 'set'), '--strict', 'yes'], /--strict is "yes"; expected on or off/],
  ['no form', [...of('project', 'set'), '--clarification-form', 'map'], /expected list or schema/],
  ['a window of more than a day', [...of('project', 'set'), '--refund-window', '86401'], /from 0 to 86400/],
  ['a network that is a name', [...of('project', 'set'), '--allow-list', 'shop.example'], /has "shop.example"/],
  ['a network with too many bits', [...of('project', 'set'), '--allow-list', '10.0.0.0/33'], /has "10.0.0.0\/33"/],
  ['an address in octal', [...of('project', 'set'), '--allow-list', '010.0.0.1'], /has "010.0.0.1"/],
  [
    'a URL with a password',
    [...of('project', 'set'), '--callback-url', 'https://a:b@c.example/'],
    /without credentials/,
  ],
];
for (const [name, args, says] of wrong) {
  test(`${name} is refused, and nothing changes`, async () => {
    const before = await rocketpay.json('project', 'list');
    assert.match(await rocketpay(...args), says);
    assert.deepEqual(await rocketpay.json('project', 'list'), before);
  });
}

test('no answer shows a secret again, and none is written down', async () => {
  const next = await rocketpay.json<{ secret: string }>(...of('secret', 'rotate'));
  await rocketpay(...of('secret', 'promote'));
  const said = [
    await rocketpay(...of('project', 'show')),
    await rocketpay(...of('project', 'show'), '--json'),
    await rocketpay('project', 'list', '--json'),
    await rocketpay('changes', 'list'),
    await rocketpay('changes', 'list', '--json'),
  ].join('\n');
  for (const secret of [made.secret, made.callbackSecret.slice(6), next.secret]) assert.ok(!said.includes(secret));
  assert.match(said, /^secret 2: +made .*, signs, last used never$/m);
  assert.match(said, /^secret 1: +made .*Z, last used never$/m);
  assert.doesNotMatch(said, /secretBox|v1\./);
});

test('the record of changes takes no correction', async () => {
  for (const statement of ["UPDATE changes SET by = 'nobody'", 'DELETE FROM changes', 'TRUNCATE changes']) {
    await assert.rejects(pool().query(statement), /append-only/);
  }
});
