import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { moreWords, type Findings } from '../packages/contract/src/debugging/findings.ts';
import { explain, type Report } from '../packages/contract/src/debugging/report.ts';
import { orderWords, verdictWords } from '../packages/contract/src/debugging/words.ts';
import { sandboxProject } from './launcher/welcome.ts';

const usage = `node_modules/.bin/node tools/signature.ts [BODY_FILE] ..., the body from standard input without one:
  --signature TEXT    the signature to check, if it is not in the body
  --secret-file FILE  the secret to check it with; a line end behind it does not count
  --sandbox           checks it with the sandbox's secret
  --signed FILE       the body, or the text, that was signed: shows where it differs from what was sent

Prints what is signed of the body and why a signature does not fit. Ends with 1 when it does not fit, when the two
bodies differ, and when the body cannot be read.`;

/** The text of a file that an argument names; `name` and `wanted` tell whose file it is when it cannot be read. */
function textOf(file: string | 0, name: string, wanted: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? (reasons[String(error.code)] ?? error.message) : error;
    throw new Error(`${name}: ${file === 0 ? '' : `${file}: `}${reason}. Expected: ${wanted}.`, { cause: error });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'that is a folder',
  EACCES: 'this file may not be read',
};

type Good = Extract<Report, { ok: true }>;

const section = (title: string, lines: readonly string[]): string[] => [title, ...lines.map((line) => `  ${line}`), ''];
const marks = { both: '  ', 'only-signed': '- ', 'only-sent': '+ ' } as const;

function findings(title: string, all: Findings): string[] {
  if (all.listed.length === 0) return [];
  return section(title, [...all.listed.map(({ path, says }) => `${path}: ${says}`), moreWords(all) ?? []].flat());
}

function texts({ texts: all, signatures }: Good): string[] {
  return all.flatMap(({ text, orders, spelling }, at) => [
    ...section(`Text to sign, ${all.length === 1 ? 'in every order' : orderWords(orders, spelling)}`, [text]),
    ...(signatures ? section('Its signature', [signatures[at] ?? '']) : []),
  ]);
}

function print(report: Good): string {
  const { dropped, changed, texts: all, given, fault, difference } = report;
  const { says, causes } = verdictWords(report, 'Give what you signed as well, with --signed FILE.');
  return [
    ...findings('Left out', dropped),
    ...section('Lines', all[0]?.lines ?? []),
    ...findings('Written otherwise', changed),
    ...texts(report),
    ...(given === undefined ? [] : section('Given signature', [given, ...(fault === undefined ? [] : [fault])])),
    ...(difference
      ? section(
          `What was signed (-) beside what was sent (+): ${difference.says}`,
          difference.lines.map(({ kind, line }) => `${marks[kind]}${line}`),
        )
      : []),
    ...section(says, causes),
  ].join('\n');
}

const isGood = ({ verdict, fault, difference }: Good): boolean =>
  verdict.kind !== 'mismatch' &&
  fault === undefined &&
  (difference === undefined || difference.lines.every(({ kind }) => kind === 'both'));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      signature: { type: 'string' },
      'secret-file': { type: 'string' },
      sandbox: { type: 'boolean' },
      signed: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length > 1) {
    console.error(usage);
    return 2;
  }
  const secretFile = values['secret-file'];
  const secret = values.sandbox
    ? sandboxProject.secret
    : secretFile === undefined
      ? undefined
      : textOf(secretFile, '--secret-file', 'a file that holds the secret').replace(/\r?\n$/, '');
  const report = await explain({
    body: textOf(positionals[0] ?? 0, 'BODY_FILE', 'a file that holds the JSON body'),
    signature: values.signature,
    signed:
      values.signed === undefined
        ? undefined
        : textOf(values.signed, '--signed', 'a file that holds the body, or the text, that was signed'),
    secret,
  });
  if (!report.ok) {
    console.error(report.problem);
    return 1;
  }
  console.log(print(report));
  return isGood(report) ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
