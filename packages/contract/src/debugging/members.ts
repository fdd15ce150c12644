import { isDropped, leavesOf } from '../canonical.ts';
import { NumberText } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** A member that gives no line, and why. */
export type Dropped = { readonly path: string; readonly why: string };
/** A line that does not say what the body says, and how it came about. */
export type Changed = { readonly path: string; readonly how: string };

const whyDropped: Readonly<Record<string, string>> = {
  signature: 'the signature is never part of what is signed, at any depth',
  frame_mode: 'a member of this name is left out at every depth',
};

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof NumberText);

/** What of the body gives no line. */
export function droppedOf(container: object, path = ''): Dropped[] {
  return (Object.entries(container) as [string, unknown][]).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}:${key}`;
    if (isDropped(key)) return [{ path: here, why: whyDropped[key] ?? 'left out' }];
    if (!isContainer(value)) return [];
    if (Object.keys(value).length === 0)
      return [{ path: here, why: `an empty ${Array.isArray(value) ? 'list' : 'object'} gives no line` }];
    return droppedOf(value, here);
  });
}

/** The leaves whose line differs from what stands in the body. */
export function changedOf(body: object): Changed[] {
  return leavesOf(body, [], []).flatMap(({ keys, value }) => {
    const how =
      typeof value === 'boolean'
        ? `${value} is written as ${value ? 1 : 0}`
        : value === null
          ? 'null is written as nothing behind the colon'
          : keys.some((key) => key.includes(':'))
            ? 'a colon in a name is doubled; undoubled is taken as well'
            : undefined;
    return how === undefined ? [] : [{ path: keys.join(':'), how }];
  });
}

/** The signature that the body carries: at the root in callbacks and answers, in `general` in requests. */
export function signatureIn(body: JsonObject): string | undefined {
  const { signature, general } = body;
  if (typeof signature === 'string') return signature;
  const inner = isContainer(general) && !Array.isArray(general) ? (general as JsonObject)['signature'] : undefined;
  return typeof inner === 'string' ? inner : undefined;
}
