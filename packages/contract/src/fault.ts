import type { GateCode } from '@rocketpay/core/errors.ts';

/** One thing wrong with a request's form. The message never repeats what was sent: it may hold a secret or a code. */
export type Fault = {
  readonly code: GateCode;
  readonly message: string;
  /** Path with dots, `receipt_data.positions.0.amount`; empty for the body as a whole. */
  readonly field: string;
  readonly constraint: string;
};

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** A hostile body could have a fault in each of its thousands of members; nobody reads more than these. */
const maxFaults = 100;

export function report(faults: Fault[], code: GateCode, field: string, constraint: string, says: string): void {
  if (faults.length >= maxFaults) return;
  faults.push({ code, message: `${field === '' ? 'The body' : field} ${says}`, field, constraint });
}

export const fieldOf = (parent: string, key: string): string => (parent === '' ? key : `${parent}.${key}`);
