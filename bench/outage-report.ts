import type { OutageReport } from './outage.ts';
import type { Spread } from './percentiles.ts';

const lines = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, value]) => `${name.padEnd(40)}${value}`).join('\n');

/** The report as text for people. */
export function renderOutageReport(report: OutageReport): string {
  const { circumstances: where, underWay } = report;
  const seconds = (by: Readonly<Record<string, number>>): string =>
    Object.entries(by)
      .map(([operator, after]) => `${operator} ${after} s`)
      .join(', ') || 'never';
  const spread = ({ p50Ms, p99Ms, count }: Spread & { count: number }): string =>
    count === 0 ? 'none' : `${count}: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`;
  const declined = Object.entries(report.declined)
    .map(([code, count]) => `${count} with ${code}`)
    .join(', ');
  return `The operator ${report.how} for ${report.seconds} s under ${report.perSecond} sales/s
${where.date}, commit ${where.commit}, ${where.cores} cores (${where.processor}), Node ${where.node}

${lines([
  ['sales', String(report.sales)],
  ['succeeded', String(report.succeeded)],
  ['declined', declined],
  ['lost', String(report.lost)],
  ['charged twice', String(report.doublyCharged)],
  ['charged otherwise than told', String(report.wronglyCharged)],
  ['breaker opened after', seconds(report.openedAfterS)],
  ['sale to decline while it was open', spread(report.declinedWhileOpen)],
  ['sale to its end, made before it opened', spread(report.beforeOpening)],
  ['breaker closed after the return', seconds(report.closedAfterS)],
  ['first new success after the return', `${report.firstSuccessAfterS} s`],
  [
    'payments under way at the beginning',
    `${underWay.count}, ${underWay.succeeded} succeeded, the last ended ${underWay.lastEndedAfterS} s after the return`,
  ],
])}

${report.story.join('\n')}
${report.faults.length === 0 ? '\nNothing went wrong.' : `\nWRONG:\n  ${report.faults.join('\n  ')}`}`;
}
