import type { Spread } from './percentiles.ts';
import { percentile } from './percentiles.ts';
import { type Circumstances, table } from './report.ts';

export type CallbacksRun = {
  readonly dead: boolean;
  /** To the watched endpoints. */
  readonly callbacksPerSecond: number;
  readonly after: Spread;
  /** Of all cores: everything on the machine, and the platform. */
  readonly machineShare: number;
  readonly platformShare: number;
  readonly payments: number;
  readonly repeats: number;
  readonly verified: number;
  readonly faults: readonly string[];
};

/** With dead endpoints to without. */
export type RoundRatios = { readonly throughput: number; readonly p50: number; readonly p99: number };

export type CallbacksReport = {
  readonly bench: 'callbacks';
  readonly circumstances: Circumstances;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly paymentsPerSecond: number;
  /** Two a round. */
  readonly runs: readonly CallbacksRun[];
  readonly rounds: readonly RoundRatios[];
  readonly faults: readonly string[];
};

export function renderCallbacksReport(report: CallbacksReport): string {
  const { circumstances: where, runs, rounds } = report;
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const middle = (name: keyof RoundRatios) =>
    percentile(
      rounds.map((round) => round[name]).toSorted((one, other) => one - other),
      0.5,
    );
  const ratio = (name: keyof RoundRatios) => [
    middle(name).toFixed(2),
    rounds.map((round) => round[name].toFixed(2)).join(' '),
  ];
  return [
    `40 endpoints, ${report.paymentsPerSecond} payments/s evenly; what 20 of them hear in ${report.seconds} s, after ${report.warmupSeconds} s of warm-up, alone and beside 20 dead ones`,
    `commit ${where.commit}, ${where.date}Z, Node ${where.node}, ${where.cores} cores (${where.processor})`,
    '',
    table(
      ['the other 20', 'callbacks/s', 'p50 ms', 'p99 ms', 'platform CPU', 'machine', 'repeats'],
      runs.map((run) => [
        run.dead ? 'dead' : 'healthy',
        run.callbacksPerSecond.toFixed(1),
        run.after.p50Ms.toFixed(1),
        run.after.p99Ms.toFixed(1),
        percent(run.platformShare),
        percent(run.machineShare),
        String(run.repeats),
      ]),
    ),
    '',
    table(
      ['beside dead ones to alone', 'middle', 'each round'],
      [
        ['throughput', ...ratio('throughput')],
        ['p50', ...ratio('p50')],
        ['p99', ...ratio('p99')],
      ],
    ),
    '',
    `Checked: ${runs.reduce((sum, run) => sum + run.payments, 0)} payments, each callback heard by its healthy endpoint; ${runs.reduce((sum, run) => sum + run.verified, 0)} callbacks by both signatures.`,
    ...(report.faults.length > 0 ? ['', 'FAILED:', ...report.faults.map((fault) => `  ${fault}`)] : []),
  ].join('\n');
}
