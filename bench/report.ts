import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { dirname } from 'node:path';
import { type Stage, stageNames, stages } from './merchant-messages.ts';
import type { Spread } from './percentiles.ts';
import type { ProfileSummary } from './profile.ts';

const groupsShown = 25;

export type Circumstances = {
  /** Short; `-changed` is added when the working tree differs from it. */
  readonly commit: string;
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
};

export type CpuByProcess = {
  readonly platform: number;
  readonly simulator: number;
  readonly merchant: number;
  readonly postgres: number;
};

export type PurchasesReport = {
  readonly bench: 'purchases';
  readonly circumstances: Circumstances;
  readonly concurrency: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
  readonly purchases: number;
  readonly purchasesPerSecond: number;
  readonly stages: Readonly<Record<Stage, Spread>>;
  /** Null where the machine does not tell. */
  readonly cpuMsPerPurchase: CpuByProcess | null;
  readonly machine: {
    readonly ownShare: number;
    readonly othersShare: number;
    readonly purchasesPerSecondAtFullUse: number;
  } | null;
  readonly walBytesPerPurchase: number;
  readonly transactionsPerPurchase: number;
  readonly limits: {
    readonly commitsPerSecond1: number;
    readonly commitsPerSecond16: number;
    readonly httpPairsPerSecond: number;
  };
  readonly ratios: { readonly toCommits1: number; readonly toCommits16: number; readonly toHttpPairs: number };
  /** Over the whole run, with warm-up. */
  readonly checked: {
    readonly purchasesSucceeded: number;
    readonly operatorCharges: number;
    readonly storedSucceeded: number;
    readonly callbacks: number;
    readonly signaturesVerified: number;
  };
  readonly faults: readonly string[];
  readonly profile: (ProfileSummary & { readonly file: string }) | null;
};

export function circumstances(): Circumstances {
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: dirname(import.meta.dirname), encoding: 'utf8' }).stdout?.trim() ?? '';
  const commit = git('rev-parse', '--short', 'HEAD') || 'unknown';
  return {
    commit: git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}-changed`,
    date: new Date().toISOString().slice(0, 16),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
  };
}

export function renderReport(report: PurchasesReport): string {
  const { circumstances: where, limits, ratios, checked, cpuMsPerPurchase: cpu } = report;
  const lines = [
    `${report.purchasesPerSecond.toFixed(0)} purchases/s  (${report.purchases} in ${report.seconds.toFixed(1)} s, after ${report.warmupSeconds} s warm-up, ${report.concurrency} customers at a time)`,
    `commit ${where.commit}, ${where.date}Z, Node ${where.node}, ${where.cores} cores (${where.processor})`,
    '',
    table(
      ['stage', 'p50 ms', 'p99 ms'],
      stageNames.map((stage) => [stages[stage], fixed(report.stages[stage].p50Ms), fixed(report.stages[stage].p99Ms)]),
    ),
    '',
    ...cpuLines(cpu),
    ...machineLine(report),
    `PostgreSQL per purchase: ${report.transactionsPerPurchase.toFixed(2)} transactions, ${(report.walBytesPerPurchase / 1024).toFixed(1)} KB of journal`,
    '',
    table(
      ['limit of this machine', 'per second', 'purchases to it'],
      [
        ['durable commits, 1 connection', limits.commitsPerSecond1.toFixed(0), ratios.toCommits1.toFixed(3)],
        ['durable commits, 16 connections', limits.commitsPerSecond16.toFixed(0), ratios.toCommits16.toFixed(3)],
        ['bare HTTP requests', limits.httpPairsPerSecond.toFixed(0), ratios.toHttpPairs.toFixed(3)],
      ],
    ),
    '',
    `Checked: ${checked.purchasesSucceeded} purchases, ${checked.operatorCharges} charges at the operator, ${checked.storedSucceeded} stored as succeeded; ${checked.callbacks} callbacks, ${checked.signaturesVerified} signatures.`,
    ...(report.profile ? ['', renderProfile(report.profile)] : []),
    ...(report.faults.length > 0 ? ['', 'FAILED:', ...report.faults.map((fault) => `  ${fault}`)] : []),
  ];
  return lines.join('\n');
}

export const totalOf = (cpu: CpuByProcess): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0);

function machineLine({ machine }: PurchasesReport): string[] {
  if (!machine) return [];
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const { ownShare, othersShare, purchasesPerSecondAtFullUse: full } = machine;
  return [
    `Of the machine's CPU ${percent(ownShare)} went into this, ${percent(othersShare)} into other programs; at 100 % it would be ${full.toFixed(0)} purchases/s.`,
    '',
  ];
}

function cpuLines(cpu: CpuByProcess | null): string[] {
  if (!cpu) return [];
  const rows = Object.entries({ ...cpu, total: totalOf(cpu) }).map(([name, ms]) => [name, ms.toFixed(3)]);
  return [table(['process', 'CPU ms per purchase'], rows), ''];
}

function renderProfile(profile: NonNullable<PurchasesReport['profile']>): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return [
    `Platform's profile over the measured time: ${profile.busyMs.toFixed(0)} ms busy, ${profile.idleMs.toFixed(0)} ms idle; ${profile.file}`,
    '',
    table(
      ['part, with what Node did for it', 'share', 'own code'],
      profile.groups
        .slice(0, groupsShown)
        .map(({ name, share, ownShare }) => [name, percent(share), percent(ownShare)]),
    ),
    '',
    table(
      ['function', 'share', 'ms', 'place'],
      profile.functions.map(({ name, share, selfMs, place }) => [name, percent(share), selfMs.toFixed(0), place]),
    ),
  ].join('\n');
}

const fixed = (ms: number): string => ms.toFixed(1);

/** The first column and those after the third to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const figures = (column: number) => column === 1 || column === 2;
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          figures(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
