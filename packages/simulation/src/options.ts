import { parseArgs } from 'node:util';
import { plants } from './plants.ts';

export type Options =
  | { readonly kind: 'list' }
  | {
      readonly kind: 'run';
      readonly seeds: readonly [first: number, last: number];
      readonly payments: number;
      readonly plant: string | null;
    };

export const usage = `npm run simulate -- [--seed N | --seeds A..B] [--payments M] [--plant NAME] | --list-plants`;

/** Something in the command line that cannot be read. */
export class UsageError extends Error {}

const DEFAULT_SEED = 1;
const DEFAULT_PAYMENTS = 200;

/**
 * Reads the command line.
 *
 * @throws UsageError that says what cannot be read
 */
export function readOptions(args: readonly string[]): Options {
  const values = valuesOf(args);
  if (values['list-plants']) return { kind: 'list' };
  if (values.seed !== undefined && values.seeds !== undefined)
    throw new UsageError('Give --seed or --seeds, not both.');
  const plant = values.plant ?? null;
  if (plant !== null && !Object.hasOwn(plants, plant))
    throw new UsageError(`There is no plant "${plant}"; --list-plants names them.`);
  const payments = values.payments === undefined ? DEFAULT_PAYMENTS : wholeNumber('--payments', values.payments);
  if (payments < 1) throw new UsageError('--payments takes at least 1.');
  return { kind: 'run', seeds: seedsOf(values), payments, plant };
}

function valuesOf(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { seed: text, seeds: text, payments: text, plant: text, 'list-plants': { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function seedsOf({
  seed,
  seeds,
}: {
  seed?: string | undefined;
  seeds?: string | undefined;
}): readonly [number, number] {
  if (seeds !== undefined) {
    const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(seeds) ?? [];
    if (first === undefined || last === undefined || Number(first) > Number(last))
      throw new UsageError('--seeds takes a range such as 1..100.');
    return [wholeNumber('--seeds', first), wholeNumber('--seeds', last)];
  }
  const only = seed === undefined ? DEFAULT_SEED : wholeNumber('--seed', seed);
  return [only, only];
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 0xffff_ffff)
    throw new UsageError(`${name} takes a whole number up to 4294967295, not "${text}".`);
  return number;
}
