import { parseArgs } from 'node:util';
import { benchPurchases, type PurchasesOptions } from './purchases.ts';
import { renderReport } from './report.ts';

const usage = `npm run bench -- <bench> [options]

Benches:
  purchases   full purchases: sale, code wanted, code, success, every callback received;
              on a PostgreSQL, a simulator, a platform and a merchant of their own

Options of purchases:
  --seconds S       how long is measured (15)
  --warmup S        how long before that (5)
  --concurrency N   customers at a time, each with one purchase after the other (256)
  --profile         also show where the platform's time goes
  --json            print JSON instead of tables

Exit code: 0, or 1 when anything went wrong in the run, or 2 when it was called wrongly.`;

type Command = { options: PurchasesOptions; json: boolean };

/** @throws Error that says what is wrong with the arguments */
function readCommand(args: string[]): Command | 'help' {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '15' },
      warmup: { type: 'string', default: '5' },
      concurrency: { type: 'string', default: '256' },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0 || values.help) return 'help';
  if (positionals.join(' ') !== 'purchases') throw new Error(`There is no bench "${positionals.join(' ')}".`);
  const number = (name: 'seconds' | 'warmup' | 'concurrency', least: number, most: number): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} must be a whole number from ${least} to ${most}, not "${values[name]}".`);
  };
  return {
    options: {
      seconds: number('seconds', 1, 3_600),
      warmupSeconds: number('warmup', 0, 600),
      concurrency: number('concurrency', 1, 2_000),
      profile: values.profile,
    },
    json: values.json,
  };
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
    const report = await benchPurchases(command.options, run, (line) => console.error(line));
    console.log(command.json ? JSON.stringify(report, null, 2) : `\n${renderReport(report)}`);
    return report.faults.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(messageOf(run.signal.aborted ? run.signal.reason : error));
    return 1;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.exitCode = await main();
