import { parseArgs } from 'node:util';
import { benchCallbacks } from './callbacks.ts';
import { renderCallbacksReport } from './callbacks-report.ts';
import { benchOutage } from './outage.ts';
import { renderOutageReport } from './outage-report.ts';
import { benchPage, renderPageReport } from './page.ts';
import { benchPurchases } from './purchases.ts';
import { renderReport } from './report.ts';

const usage = `npm run bench -- <bench> [options]

Benches:
  purchases   full purchases: sale, code wanted, code, success, every callback received;
              on a PostgreSQL, a simulator, a platform and a merchant of their own
  callbacks   what 20 merchants' endpoints hear alone, and beside 20 dead ones
  page        a payer's first visit of the Payment Page on a slow phone and network,
              beside the drop-in of adyen-web and a static page of the same bytes
  outage      sales at a steady rate while the operator is gone for a while, and until all have ended

Options of all:
  --seconds S       how long is measured (purchases 15, callbacks 30), or the operator is gone (120)
  --warmup S        how long before that (purchases 5, callbacks 15)
  --json            print JSON instead of tables

Options of purchases:
  --concurrency N   customers at a time, each with one purchase after the other (256)
  --profile         also show where the platform's time goes

Options of callbacks:
  --rate N          payments begun in a second (200)
  --rounds N        pairs of runs (1)

Options of page:
  --rounds N        visits of each (7)

Options of outage:
  --rate N          sales in a second (40)
  --frozen          the operator takes connections and answers nothing; else its process is killed

Exit code: 0, or 1 when anything went wrong in the run, or 2 when it was called wrongly.`;

type Report = { readonly faults: readonly string[] };
type Command = {
  readonly json: boolean;
  readonly bench: (
    run: AbortController,
    print: (line: string) => void,
  ) => Promise<{ readonly report: Report; readonly text: () => string }>;
};

const options = {
  seconds: { type: 'string' },
  warmup: { type: 'string' },
  concurrency: { type: 'string', default: '256' },
  rate: { type: 'string' },
  frozen: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  profile: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** @throws Error that says what is wrong with the arguments */
function readCommand(args: string[]): Command | 'help' {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options });
  if (positionals.length === 0 || values.help) return 'help';
  type Numeric = 'seconds' | 'warmup' | 'concurrency' | 'rate' | 'rounds';
  const number = (name: Numeric, least: number, most: number, usual?: number): number => {
    const value = Number(values[name] ?? usual);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} must be a whole number from ${least} to ${most}, not "${values[name]}".`);
  };
  const { json } = values;
  switch (positionals.join(' ')) {
    case 'outage': {
      const chosen = {
        seconds: number('seconds', 1, 3_600, 120),
        perSecond: number('rate', 1, 1_000, 40),
        how: values.frozen ? 'frozen' : 'killed',
      } as const;
      return {
        json,
        async bench(run, print) {
          const report = await benchOutage(chosen, run, print);
          return { report, text: () => renderOutageReport(report) };
        },
      };
    }
    case 'purchases': {
      const chosen = {
        seconds: number('seconds', 1, 3_600, 15),
        warmupSeconds: number('warmup', 0, 600, 5),
        concurrency: number('concurrency', 1, 2_000),
        profile: values.profile,
      };
      return {
        json,
        async bench(run, print) {
          const report = await benchPurchases(chosen, run, print);
          return { report, text: () => renderReport(report) };
        },
      };
    }
    case 'callbacks': {
      const chosen = {
        seconds: number('seconds', 1, 3_600, 30),
        warmupSeconds: number('warmup', 0, 600, 15),
        paymentsPerSecond: number('rate', 1, 2_000, 200),
        rounds: number('rounds', 1, 50, 1),
      };
      return {
        json,
        async bench(run, print) {
          const report = await benchCallbacks(chosen, run, print);
          return { report, text: () => renderCallbacksReport(report) };
        },
      };
    }
    case 'page': {
      const chosen = { rounds: number('rounds', 1, 50, 7) };
      return {
        json,
        async bench(run, print) {
          const report = await benchPage(chosen, run, print);
          return { report, text: () => renderPageReport(report) };
        },
      };
    }
    default:
      throw new Error(`There is no bench "${positionals.join(' ')}".`);
  }
}

async function main(): Promise<number> {
  let command: Command | 'help';
  try {
    command = readCommand(process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    return 2;
  }
  if (command === 'help') {
    console.log(usage);
    return 0;
  }
  const run = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => run.abort(new Error(`Ended by ${signal}; everything is stopped and removed.`)));
  }
  try {
    const { report, text } = await command.bench(run, (line) => console.error(line));
    console.log(command.json ? JSON.stringify(report, null, 2) : `\n${text()}`);
    return report.faults.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(messageOf(run.signal.aborted ? run.signal.reason : error));
    return 1;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.exitCode = await main();
