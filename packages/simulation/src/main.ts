import { readOptions, usage, UsageError, type Options } from './options.ts';
import { plants } from './plants.ts';
import { simulate, type RunResult } from './run.ts';

const CLEAN = 0;
const CAUGHT = 1;
const UNUSABLE = 2;

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.kind === 'list') {
    for (const name of Object.keys(plants)) console.log(name);
    return CLEAN;
  }
  const [first, last] = options.seeds;
  const plant = options.plant === null ? {} : (plants[options.plant] ?? {});
  for (let seed = first; seed <= last; seed++) {
    const result = await simulate({ seed, payments: options.payments, plant });
    if (result.violations.length > 0) report(result, seed, options);
    console.log(`${first === last ? '' : `seed=${seed} `}${summary(result)}`);
    if (result.violations.length > 0) return CAUGHT;
  }
  return CLEAN;
}

function summary({ counts, trace }: RunResult): string {
  return [...Object.entries(counts).map(([name, count]) => `${name}=${count}`), `trace=${trace}`].join(' ');
}

function report(
  { violations, story }: RunResult,
  seed: number,
  { payments, plant }: Extract<Options, { kind: 'run' }>,
): void {
  const [worst] = violations;
  if (!worst) return;
  console.log(`Seed ${seed} breaks a promise: ${worst.says}`);
  if (worst.paymentId !== null) {
    console.log(`The story of ${worst.paymentId}:`);
    for (const line of story(worst.paymentId)) console.log(`  ${line}`);
  }
  for (const { says, paymentId } of violations.slice(1, 6))
    console.log(`Also${paymentId === null ? '' : ` with ${paymentId}`}: ${says}`);
  if (violations.length > 6) console.log(`And ${violations.length - 6} more.`);
  const planted = plant === null ? '' : ` --plant ${plant}`;
  console.log(`Again: npm run simulate -- --seed ${seed} --payments ${payments}${planted}`);
}

function crash(error: unknown): never {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n${usage}` : error);
  process.exit(UNUSABLE);
}

process.on('uncaughtException', crash);
process.exitCode = await main(process.argv.slice(2)).catch(crash);
