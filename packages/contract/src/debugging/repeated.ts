import type { Dropped } from './members.ts';

type Container = {
  readonly path: string;
  readonly names: Set<string>;
  /** Of a list it is null; in an object a name comes first. */
  index: number | null;
  wantsName: boolean;
  at: string;
};

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** The members that another one of the same name replaces further on in the same object. @param text is JSON */
export function repeatedIn(text: string): Dropped[] {
  const within: Container[] = [];
  const found = new Set<string>();
  const pathTo = (name: string): string => {
    const path = within.at(-1)?.path ?? '';
    return path === '' ? name : `${path}:${name}`;
  };
  for (const [token] of text.matchAll(tokens)) {
    const inner = within.at(-1);
    if (token === '{' || token === '[') {
      const isList = token === '[';
      const path = inner ? pathTo(inner.index === null ? inner.at : String(inner.index)) : '';
      within.push({ path, names: new Set(), index: isList ? 0 : null, wantsName: !isList, at: '' });
    } else if (token === '}' || token === ']') within.pop();
    else if (inner && token === ',') {
      if (inner.index === null) inner.wantsName = true;
      else inner.index += 1;
    } else if (inner?.wantsName) {
      inner.wantsName = false;
      inner.at = JSON.parse(token) as string;
      if (inner.names.has(inner.at)) found.add(pathTo(inner.at));
      inner.names.add(inner.at);
    }
  }
  return [...found].map((path) => ({
    path,
    why: 'the name stands more than once in its object: only its last value counts',
  }));
}
