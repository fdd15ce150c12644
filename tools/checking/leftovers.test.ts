import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findLeftovers } from './leftovers.ts';

test('left-overs are found without git, but not in what no clone holds', (t) => {
  const top = mkdtempSync(join(tmpdir(), 'rocketpay-leftovers-'));
  t.after(() => rmSync(top, { recursive: true }));
  writeFileSync(join(top, 'package-lock.json'), '{"packages":{}}');
  for (const folder of ['src/.deep', 'node_modules/x']) {
    mkdirSync(join(top, folder), { recursive: true });
    writeFileSync(join(top, folder, 'a.ts'), `// ${'TO'}DO: more`);
  }
  assert.deepEqual(findLeftovers(top), [`src/.deep/a.ts:1: unfinished: // ${'TO'}DO: more`]);
});
