import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig, settings } from './config.ts';
import { formatAmount, parseAmountMinor, plainAmount } from './money.ts';
import { formatPhone, maskPhone, parsePhone } from './phone.ts';

test('typed amounts become minor units without a float', () => {
  const typed = { '1500': 150_000, '1 500': 150_000, '1500,5': 150_050, '0.29': 29, '999999999.99': 99_999_999_999 };
  for (const [text, minor] of Object.entries(typed)) assert.equal(parseAmountMinor(text), minor, text);
  for (const text of ['', '0', '0.00', '-1', '1.234', '1e3', '1,000.00', 'x', '1000000000'])
    assert.equal(parseAmountMinor(text), undefined, text);
});

test('amounts are shown with two digits and grouped', () => {
  assert.deepEqual(
    [1, 100_000, 123_456_789].map((minor) => formatAmount(minor, 'KZT')),
    ['0.01\u00a0₸', '1\u00a0000.00\u00a0₸', '1\u00a0234\u00a0567.89\u00a0₸'],
  );
  assert.equal(formatAmount(5, 'USD'), '0.05\u00a0USD');
  assert.deepEqual([120_000, 30_050].map(plainAmount), ['1200', '300.50']);
});

test('numbers are read as people write them and shown by their end only', () => {
  for (const text of ['+7 701 123-45-67', '8(701)1234567', '77011234567'])
    assert.equal(parsePhone(text), '77011234567', text);
  for (const text of ['', '123', 'abc', '+7 701 12x', '1'.repeat(25)]) assert.equal(parsePhone(text), undefined, text);
  assert.deepEqual(['77011234567', '4412345', '12'].map(maskPhone), ['+7 ••• ••• •• 67', '•••••45', '••••']);
  assert.deepEqual(['77011234567', '4412345'].map(formatPhone), ['+7 701 123 45 67', '+4412345']);
});

test('the defaults are a working configuration', () => {
  const read = readConfig({});
  assert.ok(read.ok);
  assert.deepEqual(
    [read.config.port, read.config.projectId, read.config.gateUrl],
    [8070, 1234, 'http://127.0.0.1:8080'],
  );
});

test('all faults come at once and none repeats the secret', () => {
  const read = readConfig({
    SHOP_PORT: '99999',
    GATE_URL: 'gate',
    SIMULATOR_URL: 'ftp://x',
    SHOP_PROJECT_ID: '0',
    LOG_LEVEL: 'loud',
    SHOP_SECRET: 'hush',
    SHOP_CALLBACK_SECRET: 'whsec_hush',
    SHOP_PAGE_KEY: 'hush'.repeat(9),
  });
  assert.ok(!read.ok);
  assert.deepEqual(read.faults.map((fault) => fault.split(' ')[0]).sort(), [
    'GATE_URL',
    'LOG_LEVEL',
    'SHOP_CALLBACK_SECRET',
    'SHOP_PAGE_KEY',
    'SHOP_PORT',
    'SHOP_PROJECT_ID',
    'SIMULATOR_URL',
  ]);
  assert.ok(!read.faults.join().includes('hush'));
});

test('every setting says what it is for', () => {
  assert.equal(new Set(settings.map((setting) => setting.name)).size, settings.length);
  for (const setting of settings) assert.ok(setting.meaning.length > 10, setting.name);
});
