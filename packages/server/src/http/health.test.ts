import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../config.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { createPlatform } from '../platform.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { healthRoutes } from './health.ts';
import { createServer } from './server.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function openHealth(answers: { database: boolean; operator: boolean }) {
  const app = createServer(quiet);
  const clock = createManualClock();
  let asked = 0;
  healthRoutes(app, {
    databaseAnswers: async () => (asked++, answers.database),
    providerAnswers: async () => answers.operator,
    breakers: () => ({ TELE2: 'closed' }),
    monotonicMs: () => clock.monotonicMs(),
  });
  const ready = async (): Promise<[number, unknown]> => {
    const { statusCode, body } = await app.inject('/health/ready');
    return [statusCode, JSON.parse(body)];
  };
  return { app, clock, ready, answers, asked: () => asked };
}

test('ready is 200 only while both the database and the operator answer', async (t) => {
  for (const database of [true, false])
    for (const operator of [true, false]) {
      await t.test(`database ${database}, operator ${operator}`, async () => {
        const ready = database && operator;
        const expected = { status: ready ? 'ready' : 'not ready', database, operator, breakers: { TELE2: 'closed' } };
        assert.deepEqual(await openHealth({ database, operator }).ready(), [ready ? 200 : 503, expected]);
      });
    }
});

test('live asks nobody', async () => {
  const health = openHealth({ database: false, operator: false });
  const { statusCode, body } = await health.app.inject('/health/live');
  assert.deepEqual([statusCode, JSON.parse(body)], [200, { status: 'live' }]);
  assert.equal(health.asked(), 0);
});

test('asked often, it asks the others once a second', async () => {
  const health = openHealth({ database: true, operator: true });
  await Promise.all(Array.from({ length: 20 }, () => health.ready()));
  assert.equal(health.asked(), 1);
  health.answers.operator = false;
  health.clock.advance(1_000);
  assert.equal((await health.ready())[0], 200);
  health.clock.advance(1);
  assert.equal((await health.ready())[0], 503);
});

test('the whole platform starts over a migrated database, is live, not ready without an operator, and stops', async () => {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'rocketpay health '));
  // Port 1 of loopback: nobody listens there.
  const config = readConfig({ DATABASE_URL: database.url, DATA_DIR: dataDir, PROVIDER_URL: 'http://127.0.0.1:1' });
  assert.ok(config.ok);
  const platform = await createPlatform(config.config, database.url, quiet);
  try {
    assert.equal((await platform.app.inject('/health/live')).statusCode, 200);
    const { statusCode, body } = await platform.app.inject('/health/ready');
    assert.equal(statusCode, 503);
    const breakers = { ACTIV: 'closed', ALTEL: 'closed', BEELINE: 'closed', KCELL: 'closed', TELE2: 'closed' };
    assert.deepEqual(JSON.parse(body), { status: 'not ready', database: true, operator: false, breakers });
  } finally {
    await platform.stop();
    await database.drop();
    await rm(dataDir, { recursive: true });
  }
});
