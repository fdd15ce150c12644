import type { Found } from './findings.ts';

type Container = {
  readonly keys: readonly string[];
  /** The names so far, and whether each was told of. */
  readonly names: Map<string, boolean>;
  /** Of the item in a list; of an object it is null, and a name comes first. */
  index: number | null;
  wantsName: boolean;
  at: string;
};

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** The members that another one of the same name replaces further on in the same object. @param text is JSON */
export function* repeatedIn(text: string): Iterable<Found> {
  const within: Container[] = [];
  for (const [token] of text.matchAll(tokens)) {
    const inner = within.at(-1);
    if (token === '{' || token === '[') {
      const isList = token === '[';
      const keys = inner ? [...inner.keys, inner.index === null ? inner.at : String(inner.index)] : [];
      within.push({ keys, names: new Map(), index: isList ? 0 : null, wantsName: !isList, at: '' });
    } else if (token === '}' || token === ']') within.pop();
    else if (inner && token === ',') {
      if (inner.index === null) inner.wantsName = true;
      else inner.index += 1;
    } else if (inner?.wantsName) {
      inner.wantsName = false;
      inner.at = JSON.parse(token) as string;
      const isTold = inner.names.get(inner.at);
      if (isTold === false)
        yield {
          keys: [...inner.keys, inner.at],
          says: 'the name stands more than once in its object: only its last value counts',
        };
      inner.names.set(inner.at, isTold !== undefined);
    }
  }
}
