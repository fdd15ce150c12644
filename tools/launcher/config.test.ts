import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { childEnvironment, readLauncherConfig } from './config.ts';
import { allFaults } from './faults.ts';

function faultsOf(environment: Record<string, string>): string[] {
  const { config, faults } = readLauncherConfig(environment);
  return allFaults(config, faults, environment);
}

test('an empty environment, and empty variables, mean the defaults', () => {
  const { config } = readLauncherConfig({ PORT: '', MODE: ' ' });
  assert.equal(config.port, 8080);
  assert.equal(config.mode, 'sandbox');
  assert.equal(config.dataDir, resolve('.data'));
  assert.equal(config.databaseUrl, undefined);
  assert.deepEqual(faultsOf({}), []);
});

test('the faults of all processes are told together, one for each setting', () => {
  const faults = faultsOf({
    PORT: '0',
    MODE: 'x',
    DATABASE_URL: 'mysql://x',
    OTP_TTL_SECONDS: 'soon',
    SHOP_PROJECT_ID: 'a',
  });
  const names = faults.map((fault) => fault.split(' ')[0]);
  assert.deepEqual(names.toSorted(), ['DATABASE_URL', 'MODE', 'OTP_TTL_SECONDS', 'PORT', 'SHOP_PROJECT_ID']);
});

test('two processes on one port are a fault, unless only the platform is started', () => {
  assert.equal(faultsOf({ PORT: '8090' }).length, 1);
  assert.deepEqual(faultsOf({ PORT: '8090', MODE: 'production' }), []);
});

test('the processes find each other by the ports, but what the user has set wins', () => {
  const environment = { SIMULATOR_PORT: '9090', PUBLIC_URL: 'https://pay.example', OTHER: 'kept' };
  const { config } = readLauncherConfig(environment);
  const given = childEnvironment(config, 'postgres://x', environment);
  assert.equal(given['PROVIDER_URL'], 'http://127.0.0.1:9090');
  assert.equal(given['PUBLIC_URL'], 'https://pay.example');
  assert.equal(given['DATABASE_URL'], 'postgres://x');
  assert.equal(given['OTHER'], 'kept');
});

test('a production start is given no sandbox addresses', () => {
  const { config } = readLauncherConfig({ MODE: 'production' });
  const given = childEnvironment(config, 'postgres://x', { MODE: 'production' });
  assert.equal(given['PROVIDER_URL'], undefined);
  assert.equal(given['SANDBOX_CALLBACK_URL'], undefined);
});
