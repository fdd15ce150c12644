import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import ecommpay from 'ecommpay';
import pg from 'pg';
import { inheritedEnvironment, TOP } from './config.ts';
import { clear, newFolder } from './folders.ts';
import { Sandbox } from './sandbox.ts';

const guides = join(TOP, 'docs/guides');
/** Samples that other tests run: those of a guide whose first line begins so. The test named must hold the proof. */
const claims: readonly { guide: string; language: string; starts: string; by: string; proof: string }[] = [
  { guide: 'sdk.md', language: 'ts', starts: '', by: 'packages/sdk/src/packing/pack.test.ts', proof: 'sdk.md' },
  { guide: 'sdk.md', language: 'sh', starts: '', by: 'packages/sdk/src/packing/pack.test.ts', proof: 'packSdk' },
  {
    guide: 'callbacks.md',
    language: 'js',
    starts: '',
    by: 'packages/e2e/src/callbacks.test.ts',
    proof: 'callbacks.md',
  },
  {
    guide: 'callbacks.md',
    language: 'sh',
    starts: 'npx rocketpay callback list',
    by: 'packages/server/src/admin/callbacks.test.ts',
    proof: "'resend'",
  },
  {
    guide: 'payment-page.md',
    language: 'html',
    starts: '',
    by: 'packages/e2e/src/payment-page.test.ts',
    proof: 'payment-page.md',
  },
  {
    guide: 'payment-page.md',
    language: '',
    starts: 'npx rocketpay page set',
    by: 'packages/server/src/admin/page.test.ts',
    proof: "'--framing-origins'",
  },
  {
    guide: 'adapter.md',
    language: '',
    starts: 'node_modules/.bin/node tools/test.ts packages/server/src/providers/saiga',
    by: 'packages/server/src/providers/saiga/conformance.test.ts',
    proof: 'conformanceSuite(',
  },
  {
    guide: 'adapter.md',
    language: '',
    starts: 'SIMULATOR_PORT=8091',
    by: 'packages/e2e/src/saiga.test.ts',
    proof: "PROVIDER: 'saiga'",
  },
  {
    guide: 'operate.md',
    language: '',
    starts: 'MODE=production npm start',
    by: 'packages/e2e/src/sandbox.test.ts',
    proof: "MODE: 'production'",
  },
  {
    guide: 'widget.md',
    language: 'html',
    starts: '',
    by: 'packages/payment-page/src/widget-release.test.ts',
    proof: 'widget.md',
  },
  {
    guide: 'projects.md',
    language: 'sh',
    starts: 'npx rocketpay',
    by: 'packages/server/src/admin/guide.test.ts',
    proof: 'projects.md',
  },
];

interface Sample {
  readonly guide: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The last line before it that is not empty. */
  readonly prose: string;
}

function samplesOf(guide: string): Sample[] {
  const lines = readFileSync(join(guides, guide), 'utf8').split('\n');
  const found: Sample[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = /^\s*```(.*)$/.exec(lines[at] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && /^\s*```\s*$/.test(line));
    const prose = lines.slice(0, at).findLast((line) => line.trim() !== '') ?? '';
    found.push({ guide, line: at + 1, language, text: lines.slice(at + 1, end).join('\n'), prose });
    at = end;
  }
  return found;
}

const run = promisify(execFile);
const secret = 'test-secret';
const samples = readdirSync(guides)
  .filter((name) => name.endsWith('.md'))
  .flatMap(samplesOf);
const claimOf = (sample: Sample) =>
  claims.find(
    ({ guide, language, starts }) =>
      guide === sample.guide && language === sample.language && sample.text.startsWith(starts),
  );

let sandbox: Sandbox;
let folder: string;
before(async () => {
  folder = newFolder();
  sandbox = await Sandbox.start();
});
after(async () => {
  await clear(folder);
  await sandbox[Symbol.asyncDispose]();
});

/** The sample with this sandbox's addresses in the place of the usual ones. */
const here = (text: string): string =>
  text
    .replaceAll('http://127.0.0.1:8080', sandbox.platform)
    .replaceAll('http://127.0.0.1:8090', sandbox.simulator)
    .replaceAll('http://127.0.0.1:8070', sandbox.shop);

/** In the repository, with the platform's own command and settings where `npx rocketpay` is called. */
async function runShell({ text }: Sample): Promise<void> {
  const command = `npx() { shift; node ${join(TOP, 'packages/server/src/admin.ts')} "$@"; }\n${here(text)}`;
  const path = `${join(TOP, 'node_modules/.bin')}:${inheritedEnvironment()['PATH'] ?? ''}`;
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: TOP,
    env: { ...inheritedEnvironment(), PATH: path, DATA_DIR: sandbox.dataDir },
    timeout: 30_000,
  });
  assert.doesNotMatch(stdout, /"status":"error","code"/);
}

const runners: Readonly<Record<string, (sample: Sample) => Promise<void>>> = {
  async js({ text, line }) {
    const file = join(folder, `sample-${line}.mjs`);
    writeFileSync(file, here(text));
    const { stdout } = await run(process.execPath, [file], { env: inheritedEnvironment(), timeout: 20_000 });
    // What a sample prints stands behind it, as a comment.
    const promised = [...text.matchAll(/console\.log\(.*\); \/\/ (.+)$/gm)].map(([, says]) => says);
    if (promised.length > 0) assert.deepEqual(stdout.trim().split('\n'), promised);
  },
  sh: runShell,
  async ''({ text, ...sample }) {
    assert.ok(
      text.startsWith('npx rocketpay '),
      'no test runs a sample of this kind: tag it, or name the test that runs it',
    );
    await runShell({ text, ...sample });
  },
  async json(sample) {
    const body = JSON.parse(sample.text) as { signature?: string; general?: { signature?: string } };
    const path = /^`POST (\/v2\/\S+?)`/.exec(sample.prose)?.[1];
    if (path === undefined && body.general && body.general.signature === undefined) return assertSignedLater(sample);
    assert.doesNotThrow(() => new ecommpay.Callback(secret, sample.text), 'its signature does not fit');
    if (path === undefined) return undefined;
    const response = await fetch(sandbox.platform + path, { method: 'POST', body: sample.text });
    const answer = (await response.json()) as { code?: string };
    // What a sample asks for may come at a time when it is not possible; it is well-formed and signed all the same.
    assert.ok(response.ok || ['3060', '3061', '3041'].includes(answer.code ?? ''), JSON.stringify(answer));
    return undefined;
  },
  async sql({ text }) {
    const client = new pg.Client({
      host: join(sandbox.dataDir, 'postgres/run'),
      user: 'rocketpay',
      database: 'rocketpay',
    });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  },
  async text(sample) {
    const signature = createHmac('sha512', secret).update(sample.text).digest('base64');
    const all = samples.filter(({ guide, language }) => guide === sample.guide && language === 'json');
    assert.ok(
      all.some(({ text }) => text.includes(signature)),
      'no body of this guide carries the signature of this text',
    );
  },
};

/** A body before it is signed: the same guide shows it signed. */
function assertSignedLater(sample: Sample): undefined {
  const all = samples.filter(({ guide, language }) => guide === sample.guide && language === 'json');
  const isSame = all.some(
    ({ text }) => text !== sample.text && text.replace(/,"signature":"[^"]*"/, '') === sample.text,
  );
  assert.ok(isSame, 'no body of this guide is this one, signed');
}

describe('every sample of the guides is run', () => {
  for (const sample of samples.filter((one) => claimOf(one) === undefined)) {
    test(`${sample.guide}, line ${sample.line}: ${sample.language || 'a sample without a language'}`, async () => {
      const runner = runners[sample.language];
      assert.ok(runner, 'no test runs a sample of this kind: tag it, or name the test that runs it');
      await runner(sample);
    });
  }
});

test('the tests that claim samples hold the proof, and every claim has a sample', () => {
  for (const claim of claims) {
    const file = join(TOP, claim.by);
    assert.ok(existsSync(file) && readFileSync(file, 'utf8').includes(claim.proof), `${claim.by}: ${claim.proof}`);
    assert.ok(
      samples.some((sample) => claimOf(sample) === claim),
      `${claim.guide} has no sample: ${claim.starts}`,
    );
  }
});
