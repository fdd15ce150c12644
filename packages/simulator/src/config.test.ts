import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings, SETTINGS } from './config.ts';

test('an empty environment gives the documented defaults', () => {
  assert.deepEqual(readSettings({ SIMULATOR_PORT: '' }), {
    port: 8090,
    host: '127.0.0.1',
    dataDir: '.data',
    otpTtlSeconds: 80,
    reservationTtlSeconds: 600,
    clientId: 'rocketpay',
    clientSecret: 'simulator-secret',
    latencyMs: 0,
    logLevel: 'warn',
  });
  assert.equal(SETTINGS.length, 9);
});

test('all faults are reported at once, each by its name', () => {
  const read = readSettings({
    SIMULATOR_PORT: '65536',
    OTP_TTL_SECONDS: '0',
    RESERVATION_TTL_SECONDS: '1.5',
    SIMULATOR_LATENCY_MS: '-1',
    SIMULATOR_CLIENT_SECRET: 'a\nb',
    LOG_LEVEL: 'loud',
  });
  assert.ok('faults' in read);
  assert.deepEqual(
    read.faults.map((fault) => fault.split(' ')[0]),
    [
      'SIMULATOR_PORT',
      'OTP_TTL_SECONDS',
      'RESERVATION_TTL_SECONDS',
      'SIMULATOR_CLIENT_SECRET',
      'SIMULATOR_LATENCY_MS',
      'LOG_LEVEL',
    ],
  );
});
