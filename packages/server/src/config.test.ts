import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, settings } from './config.ts';

test('without settings there is a sandbox on the documented ports', () => {
  const result = readConfig({});
  assert.ok(result.ok);
  assert.equal(result.config.mode, 'sandbox');
  assert.equal(result.config.port, 8080);
  assert.equal(result.config.publicUrl, 'http://127.0.0.1:8080');
  assert.equal(result.config.clarificationWaitMs, 1_800_000);
  assert.equal(result.config.prepareDeadlineMs, 90_000);
  assert.equal(result.config.thresholdMs, 3_600_000);
  assert.deepEqual(result.config.callbackAllowedNetworks, ['127.0.0.0/8', '::1/128']);
  assert.deepEqual(result.warnings, []);
});

test('all faults are told at once, and no value that may hold a password is repeated', () => {
  const result = readConfig({
    MODE: 'test',
    PORT: '80a',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    MASTER_KEY: 'short',
    THRESHOLD_SECONDS: '-1',
    CALLBACK_ALLOWED_NETWORKS: '10.0.0.0/8,everything',
    TRUSTED_PROXIES: '10.0.0.1,proxy',
  });
  assert.ok(!result.ok);
  const text = result.faults.join('\n');
  for (const name of [
    'MODE',
    'PORT',
    'DATABASE_URL',
    'MASTER_KEY',
    'THRESHOLD_SECONDS',
    'NETWORKS',
    'TRUSTED_PROXIES',
  ]) {
    assert.match(text, new RegExp(name));
  }
  assert.doesNotMatch(text, /hunter2/);
  assert.equal(result.faults.length, 7);
});

test('production allows no private network and says what it runs without', () => {
  const result = readConfig({ MODE: 'production' });
  assert.ok(result.ok);
  assert.deepEqual(result.config.callbackAllowedNetworks, []);
  assert.match(result.warnings.join('\n'), /MASTER_KEY[^]*PUBLIC_URL[^]*PROVIDER_URL/);
});

test('every setting is described once', () => {
  const names = settings.map((setting) => setting.name);
  assert.equal(new Set(names).size, names.length);
  for (const setting of settings) assert.ok(setting.meaning.length > 10, setting.name);
});
