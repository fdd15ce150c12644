import assert from 'node:assert/strict';
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from './eventually.ts';
import { hush } from './hush.ts';
import { Merchant, refused, taken } from './merchant.ts';
import { OperatorView } from './operator.ts';
import { freePorts, isFree } from './ports.ts';
import { postgresOf } from './processes.ts';
import { newPaymentId, newPhone, Stage } from './stage.ts';
import { Started, temporaryFolder } from './started.ts';

const LAUNCHER = 'tools/start.ts';
const PLATFORM = 'packages/server/src/main.ts';
const SIMULATOR = 'packages/simulator/src/main.ts';
const ADMIN = 'packages/server/src/admin.ts';

async function statusOf(url: string): Promise<number> {
  try {
    return (await fetch(url)).status;
  } catch {
    return 0;
  }
}

describe('the sandbox', { concurrency: 2 }, () => {
  test('stops as a group within 15 s and goes on with the same data; other files in its folder stay', async () => {
    await using stage = await Stage.set({}, (dataDir) => {
      writeFileSync(join(dataDir, 'notes.txt'), 'mine');
      mkdirSync(join(dataDir, 'photos'));
    });
    const { sandbox, merchant, operator } = stage;
    const { paymentId, phone, inbox } = await stage.paid();
    const open = await stage.awaitingCode();

    const from = performance.now();
    assert.equal(await sandbox.stop(), 0);
    assert.ok(performance.now() - from < 15_000);
    assert.equal(postgresOf(sandbox.dataDir), undefined);
    for (const url of [sandbox.platform, sandbox.simulator, sandbox.shop]) {
      assert.ok(await isFree(Number(new URL(url).port)));
    }
    assert.equal(readFileSync(join(sandbox.dataDir, 'notes.txt'), 'utf8'), 'mine');
    assert.ok(statSync(join(sandbox.dataDir, 'photos')).isDirectory());

    await sandbox.start();
    assert.equal((await merchant.status(paymentId)).payment.status, 'success');
    await taken(merchant.refund(paymentId), paymentId);
    await inbox.take(3, 'refunded');
    assert.deepEqual(await operator.moved(paymentId), [100_000, -100_000]);
    assert.equal((await operator.messages(phone, paymentId)).length, 1);
    await taken(merchant.code(open.paymentId, open.code), open.paymentId);
    await open.inbox.take(2, 'success');
  });

  test('runs beside another one, each with its own payments', async () => {
    await using both = await twoStages();
    const [one, other] = both.stages;
    const paymentId = newPaymentId();
    await Promise.all([one.paid({ paymentId, amount: 1_000 }), other.paid({ paymentId, amount: 2_000 })]);
    assert.deepEqual(await one.operator.moved(paymentId), [1_000]);
    assert.deepEqual(await other.operator.moved(paymentId), [2_000]);
    const { paymentId: alone } = await one.awaitingCode();
    assert.equal((await other.merchant.status(alone)).payment.status, 'error');
  });

  test('names all faults in its settings at once and starts nothing', async () => {
    await using folder = temporaryFolder();
    const [port = 0] = await freePorts(1);
    const wrong =
      'SHOP_PORT OTP_TTL_SECONDS PREPARE_DEADLINE_SECONDS CALLBACK_ALLOWED_NETWORKS SIMULATOR_LATENCY_MS GATE_URL';
    const names = wrong.split(' ');
    await using launcher = new Started(LAUNCHER, [], folder.path, {
      PORT: String(port),
      ...Object.fromEntries(names.map((name) => [name, 'nonsense'])),
    });
    assert.notEqual(await launcher.ended, 0);
    for (const name of names) {
      assert.match(launcher.output, new RegExp(`^\\s*${name} `, 'm'));
    }
    assert.equal(postgresOf(folder.path), undefined);
  });
});

describe('the platform', { concurrency: 2 }, () => {
  test('alone is live at once, and ready only while the operator answers', async () => {
    await using folder = temporaryFolder();
    const [port = 0, operatorPort = 0] = await freePorts(2);
    const provider = `http://127.0.0.1:${operatorPort}`;
    const platform = `http://127.0.0.1:${port}`;
    await using server = new Started(PLATFORM, [], folder.path, { PORT: String(port), PROVIDER_URL: provider });
    await eventually('it is live', async () => (await statusOf(`${platform}/health/live`)) === 200, 60_000);
    assert.equal(await statusOf(`${platform}/health/ready`), 503);
    const settings = { SIMULATOR_PORT: String(operatorPort) };
    const ready = (status: number) => async () => (await statusOf(`${platform}/health/ready`)) === status;
    await using operator = new Started(SIMULATOR, [], folder.path, settings);
    await eventually('it is ready', ready(200), 30_000);
    // Past the second for which one answer serves all who ask.
    const askedAt = performance.now();
    for (let asked = 0; performance.now() < askedAt + 1_500; asked += 1) {
      assert.equal(await statusOf(`${platform}/health/ready`), 200, `asked ${asked} times`);
    }
    await operator.stop();
    await eventually('it is not ready any more', ready(503));
    assert.equal(await statusOf(`${platform}/health/live`), 200);
    assert.equal(await server.stop(), 0);
    assert.equal(postgresOf(folder.path), undefined, 'its PostgreSQL stops with it');
  });

  test('in production knows no sandbox project; a command makes one, whose secret is stored encrypted', async () => {
    await using folder = temporaryFolder();
    await using operatorFolder = temporaryFolder();
    const [port = 0, operatorPort = 0] = await freePorts(2);
    const platform = `http://127.0.0.1:${port}`;
    const provider = `http://127.0.0.1:${operatorPort}`;
    await using operator = new Started(SIMULATOR, [], operatorFolder.path, { SIMULATOR_PORT: String(operatorPort) });
    const settings = { MODE: 'production', PORT: String(port), PROVIDER_URL: provider, PUBLIC_URL: platform };
    await using launcher = new Started(LAUNCHER, [], folder.path, {
      ...settings,
      PROVIDER_CLIENT_SECRET: 'simulator-secret',
    });
    await eventually('it is up', () => launcher.output.includes(' is up, after '), 60_000);
    assert.doesNotMatch(launcher.output, /test-secret/);

    const order = { paymentId: newPaymentId(), phone: newPhone() };
    const wellKnown = await new Merchant(platform).sale(order);
    await refused(wellKnown, '3261 general.signature signature');
    assert.equal(wellKnown.text, (await new Merchant(platform, 4321).sale(order)).text);

    await using command = new Started(
      ADMIN,
      ['project', 'create', '--name', 'Bakery-of-Almaty'],
      folder.path,
      settings,
    );
    assert.equal(await command.ended, 0, command.output);
    const [, id = '', secret = ''] = /project_id:\s+(\d+)\nsecret:\s+(\S+)\n/.exec(command.output) ?? [];
    assert.ok(secret.length >= 32);
    hush(secret);
    const merchant = new Merchant(platform, Number(id), secret);
    await eventually('a running platform knows it', async () => (await merchant.sale(order)).status === 200, 3_000);
    await taken(merchant.sale(order), order.paymentId, Number(id));
    const view = new OperatorView(provider);
    const code = await view.code(order.phone, order.paymentId);
    await eventually('the code is wanted', async () => (await merchant.code(order.paymentId, code)).status === 200);
    await eventually('it is paid', async () => (await merchant.status(order.paymentId)).payment.status === 'success');
    await using list = new Started(ADMIN, ['project', 'list'], folder.path, settings);
    assert.equal(await list.ended, 0);
    assert.match(list.output, /Bakery-of-Almaty/);

    await Promise.all([launcher.stop(), operator.stop()]);
    const files = globSync('**', { cwd: folder.path, withFileTypes: true }).filter((entry) => entry.isFile());
    const holding = (text: string) =>
      files.filter((file) => readFileSync(join(file.parentPath, file.name)).includes(text)).map((file) => file.name);
    assert.ok(holding('Bakery-of-Almaty').length > 0, 'the project lies in the database');
    assert.deepEqual(holding(secret), [], 'its secret lies nowhere in the clear');
    assert.equal(launcher.output.includes(secret), false);
  });
});

async function twoStages(): Promise<{ stages: readonly [Stage, Stage] } & AsyncDisposable> {
  const stages = await Promise.all([Stage.set(), Stage.set()]);
  return {
    stages,
    [Symbol.asyncDispose]: async () => void (await Promise.all(stages.map((one) => one[Symbol.asyncDispose]()))),
  };
}
