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

test('the platform knows the operator by what the simulator accepts, unless the user says otherwise', () => {
  const given = (environment: Record<string, string>) => {
    const { config } = readLauncherConfig(environment);
    const { PROVIDER_CLIENT_ID, PROVIDER_CLIENT_SECRET } = childEnvironment(config, 'postgres://x', environment);
    return [PROVIDER_CLIENT_ID, PROVIDER_CLIENT_SECRET];
  };
  const simulator = { SIMULATOR_CLIENT_ID: 'me', SIMULATOR_CLIENT_SECRET: 'mine' };
  assert.deepEqual(given({}), ['rocketpay', 'simulator-secret']);
  assert.deepEqual(given(simulator), ['me', 'mine']);
  assert.deepEqual(given({ ...simulator, PROVIDER_CLIENT_SECRET: 'other' }), ['me', 'other']);
});

test('the processes find each other where they listen', () => {
  const environment = { SIMULATOR_HOST: '::', PLATFORM_HOST: '127.0.0.2', SHOP_HOST: '0.0.0.0' };
  const given = childEnvironment(readLauncherConfig(environment).config, 'postgres://x', environment);
  assert.equal(given['PROVIDER_URL'], 'http://[::1]:8090');
  assert.equal(given['GATE_URL'], 'http://127.0.0.2:8080');
  assert.equal(given['SANDBOX_CALLBACK_URL'], 'http://127.0.0.1:8070/callbacks');
  assert.equal(given['SIMULATOR_HOST'], '::');
});

test('a production start is given no sandbox addresses', () => {
  const { config } = readLauncherConfig({ MODE: 'production' });
  const given = childEnvironment(config, 'postgres://x', { MODE: 'production' });
  assert.equal(given['PROVIDER_URL'], undefined);
  assert.equal(given['SANDBOX_CALLBACK_URL'], undefined);
});
