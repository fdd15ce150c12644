import { isDropped, leavesOf } from '../canonical.ts';
import { NumberText } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { Found } from './findings.ts';

const whyDropped: Readonly<Record<string, string>> = {
  signature: 'the signature is never part of what is signed, at any depth',
  frame_mode: 'a member of this name is left out at every depth',
};

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof NumberText);

/** The members that give no line, and why. */
export function* droppedOf(container: object, parents: readonly string[] = []): Iterable<Found> {
  for (const [key, value] of Object.entries(container) as [string, unknown][]) {
    const keys = [...parents, key];
    if (isDropped(key)) yield { keys, says: whyDropped[key] ?? 'left out' };
    else if (!isContainer(value)) continue;
    else if (Object.keys(value).length === 0)
      yield { keys, says: `an empty ${Array.isArray(value) ? 'list' : 'object'} gives no line` };
    else yield* droppedOf(value, keys);
  }
}

/** The leaves whose line differs from what stands in the body, and how it came about. */
export function* changedOf(body: object): Iterable<Found> {
  for (const { keys, value } of leavesOf(body, [], [])) {
    const says =
      typeof value === 'boolean'
        ? `${value} is written as ${value ? 1 : 0}`
        : value === null
          ? 'null is written as nothing behind the colon'
          : keys.some((key) => key.includes(':'))
            ? 'a colon in a name is doubled; undoubled is taken as well'
            : undefined;
    if (says !== undefined) yield { keys, says };
  }
}

/** The signature that the body carries: at the root in callbacks and answers, in `general` in requests. */
export function signatureIn(body: JsonObject): string | undefined {
  const { signature, general } = body;
  if (typeof signature === 'string') return signature;
  const inner = isContainer(general) && !Array.isArray(general) ? (general as JsonObject)['signature'] : undefined;
  return typeof inner === 'string' ? inner : undefined;
}
