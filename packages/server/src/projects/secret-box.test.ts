import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSecretBox } from './secret-box.ts';

const key = randomBytes(32);
const box = createSecretBox(key);

test('what is sealed opens in its own place only', () => {
  const sealed = box.seal('a secret', 'project 1');
  assert.equal(box.open(sealed, 'project 1'), 'a secret');
  assert.throws(() => box.open(sealed, 'project 2'));
  assert.throws(() => createSecretBox(randomBytes(32)).open(sealed, 'project 1'));
});

test('a sealed secret does not show the plain one, and never looks the same twice', () => {
  const one = box.seal('a secret', 'project 1');
  assert.doesNotMatch(one, /secret/);
  assert.notEqual(one, box.seal('a secret', 'project 1'));
});

test('a changed text does not open', () => {
  const sealed = box.seal('a secret', 'project 1');
  const [version, nonce, body, tag] = sealed.split('.') as [string, string, string, string];
  const flipped = Buffer.from(body, 'base64url');
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  assert.throws(() => box.open([version, nonce, flipped.toString('base64url'), tag].join('.'), 'project 1'));
  assert.throws(() => box.open('v0.a.b.c', 'project 1'), /not a sealed secret/);
});
