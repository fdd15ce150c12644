import { relative, resolve } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import type { Group } from './groups.ts';

export type Totals = { passed: number; failed: number };

type Details = { error?: Error | undefined; type?: string | undefined };
type Event = { name: string; nesting: number; file?: string | undefined; line?: number | undefined; details: Details };

/** Runs the files of a group, each in a process of its own, in an order that the seed decides. */
export async function runGroup(
  group: Group,
  context: {
    top: string;
    seed: number;
    environment: Record<string, string>;
    print: (line: string) => void;
    signal: AbortSignal;
  },
): Promise<Totals> {
  const { top, print } = context;
  const totals: Totals = { passed: 0, failed: 0 };
  const said = new Map<string, string[]>();
  const short = (file: string | undefined) => (file === undefined ? '' : relative(top, file));
  const count = (event: Event, outcome: keyof Totals) => {
    if (event.details.type !== 'suite') totals[outcome] += 1;
  };
  const isWhole = (event: Event) =>
    event.nesting === 0 && event.details.type !== 'suite' && group.files.includes(short(resolve(top, event.name)));
  const stream = run({
    files: group.files,
    cwd: top,
    concurrency: group.concurrency,
    timeout: group.timeoutMs,
    randomize: true,
    randomSeed: context.seed,
    env: context.environment,
    signal: context.signal,
  });
  const remember = ({ file, message }: { file?: string | undefined; message: string }) => {
    const lines = said.get(short(file)) ?? [];
    said.set(short(file), [...lines, message]);
  };
  stream.on('test:stdout', remember);
  stream.on('test:stderr', remember);
  stream.on('test:diagnostic', (event) => {
    if (event.level !== 'info') remember({ file: event.file, message: `${event.message}\n` });
  });
  stream.on('test:pass', (event) => {
    // A test says why it cannot run here; without a reason it is one that somebody has switched off.
    if (typeof event.skip === 'string' && event.skip !== '') return print(`  skipped: ${event.name}, as ${event.skip}`);
    const fault = isWhole(event) ? 'holds no test' : event.skip ? 'was skipped' : undefined;
    if (fault !== undefined) print(`  FAILED ${event.name} ${fault}`);
    count(event, fault === undefined ? 'passed' : 'failed');
  });
  stream.on('test:fail', (event) => {
    count(event, 'failed');
    if (context.signal.aborted) return;
    print(`  FAILED ${event.name} (${short(event.file)}:${event.line ?? 0})`);
    print(indented(reasonOf(event.details.error)));
  });
  stream.on('test:summary', ({ file, success, counts, duration_ms }) => {
    if (file === undefined || context.signal.aborted) return;
    const name = short(file);
    print(
      `  ${name}: ${counts.passed} passed, ${counts.tests - counts.passed - counts.skipped} failed, ${Math.round(duration_ms)} ms`,
    );
    if (!success) print(indented((said.get(name) ?? []).join('')));
    said.delete(name);
  });
  for await (const event of stream) void event;
  if (context.signal.aborted) return totals;
  for (const [name, lines] of said) if (totals.failed > 0) print(indented(`${name} said:\n${lines.join('')}`));
  return totals;
}

/** The runner wraps what a test threw; a test that failed only because of a part of it has nothing to add. */
function reasonOf(error: Error | undefined): string {
  const cause = error?.cause ?? error;
  return cause instanceof Error ? inspect(cause) : String(cause ?? '');
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '    ');
}
