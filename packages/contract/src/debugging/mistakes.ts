import { compareNaturally, leavesOf, linesOf, sortLines } from '../canonical.ts';
import { NumberText } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { shortened } from './findings.ts';

/** A text that somebody signs by mistake, and the mistake. */
export type Mistake = { readonly text: string; readonly says: string };

type Leaf = { readonly keys: readonly string[]; readonly value: unknown };
type Write = (value: unknown) => string | undefined;

const plain: Write = (value) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof NumberText) return value.source;
  return value === null ? '' : String(value);
};

const inText =
  (change: (text: string) => string): Write =>
  (value) =>
    typeof value === 'string' ? change(value) : plain(value);

const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1);
const asciiText = (text: string): string =>
  jsonText(text).replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Ways to write a value that are not ours. */
const writings: readonly { readonly write: Write; readonly says: string }[] = [
  {
    write: (value) => (typeof value === 'boolean' ? String(value) : plain(value)),
    says: 'booleans were signed as true and false; they are 1 and 0',
  },
  {
    write: (value) => (value === null ? 'null' : plain(value)),
    says: 'null was signed as the word; it is nothing behind the colon',
  },
  {
    write: (value) => (value === null ? undefined : plain(value)),
    says: 'members that are null were left out; each keeps its line',
  },
  {
    write: (value) => (value === '' || value === null ? undefined : plain(value)),
    says: 'empty members were left out; each keeps its line',
  },
  { write: inText(jsonText), says: 'values were signed as they stand in JSON, escaped; they are signed decoded' },
  {
    write: inText((text) => jsonText(text).replaceAll('/', '\\/')),
    says: 'values were signed JSON-escaped, with \\/; they are signed decoded',
  },
  { write: inText(asciiText), says: 'values were signed JSON-escaped, with \\u…; they are signed decoded' },
  {
    write: inText((text) => asciiText(text).replaceAll('/', '\\/')),
    says: 'values were signed JSON-escaped, with \\/ and \\u…; they are signed decoded',
  },
  { write: inText(encodeURIComponent), says: 'values were URL-encoded; they are signed decoded' },
  {
    write: inText((text) => encodeURIComponent(text).replaceAll('%20', '+')),
    says: 'values were URL-encoded; they are signed decoded',
  },
  { write: inText((text) => text.trim()), says: 'values were trimmed; they are signed as they are sent' },
  {
    write: inText((text) => text.toLowerCase()),
    says: 'values were put into lower case; they are signed as they are sent',
  },
];

const write = (leaves: readonly Leaf[], how: Write, separator = ':'): string[] =>
  leaves.flatMap(({ keys, value }) => {
    const text = how(value);
    return text === undefined ? [] : [[...keys, text].join(separator)];
  });

const sorted = (leaves: readonly Leaf[]): readonly Leaf[] =>
  leaves.toSorted((one, other) => compareNaturally(one.keys.join(':'), other.keys.join(':')));

/** Every leaf, the ones too that are never signed. */
function allLeaves(container: object, parents: readonly string[] = []): Leaf[] {
  return (Object.entries(container) as [string, unknown][]).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !(value instanceof NumberText)
      ? allLeaves(value, [...parents, key])
      : [{ keys: [...parents, key], value }],
  );
}

const fromOne = (keys: readonly string[], body: object): string[] => {
  let holder: unknown = body;
  return keys.map((key) => {
    const isIndex = Array.isArray(holder);
    holder = (holder as Record<string, unknown>)[key];
    return isIndex ? String(Number(key) + 1) : key;
  });
};

/** The bodies with one member missing: it was added after signing. */
function incomplete(leaves: readonly Leaf[]): { readonly left: readonly Leaf[]; readonly missing: string }[] {
  const prefixes = new Set(leaves.flatMap(({ keys }) => keys.map((_key, depth) => keys.slice(0, depth + 1).join(':'))));
  if (prefixes.size * lengthOf(leaves) > maxWritten) return [];
  return [...prefixes].map((missing) => ({
    missing,
    left: leaves.filter(({ keys }) => !`${keys.join(':')}:`.startsWith(`${missing}:`)),
  }));
}

/** The characters that one search may write: a few long names could ask for gigabytes. */
const maxWritten = 16_777_216;

const lengthOf = (leaves: readonly Leaf[]): number =>
  leaves.reduce((sum, { keys }) => keys.reduce((length, key) => length + key.length + 1, sum), 0);

/** A body with more members than this is searched for the common mistakes, not for a missing member. */
const maxSearched = 200;

/** Texts that are signed by mistake in place of the right one. `sent` is the body as it was pasted. */
export function mistakesOf(body: JsonObject, sent: string): Mistake[] {
  const unsorted = leavesOf(body, [], []);
  const leaves = sorted(unsorted);
  const right = write(leaves, plain);
  const text = right.join(';');
  const every = allLeaves(body);
  const whole = lengthOf(every) > maxWritten ? leaves : sorted(every);
  const emptied = whole.map((leaf) => (leaf.keys.at(-1) === 'signature' ? { ...leaf, value: '' } : leaf));
  const reversed = sortLines(linesOf(unsorted, { doubleColons: true, shortNumbers: false }), 'line').toReversed();
  const found: Mistake[] = [
    { text: `${text}\n`, says: 'a line end was signed behind the text' },
    { text: `${text}\r\n`, says: 'a line end was signed behind the text' },
    { text: `${text};`, says: 'the text ended with a semicolon; they stand between lines only' },
    { text: write(unsorted, plain).join(';'), says: 'the lines were not sorted' },
    { text: reversed.map((line) => line.text).join(';'), says: 'the lines were sorted backwards' },
    {
      text: write(whole, plain).join(';'),
      says: 'the signature, or frame_mode, was signed as well; both are left out',
    },
    { text: write(emptied, plain).join(';'), says: 'an empty signature was signed as well; it is left out' },
    { text: right.join('\n'), says: 'the lines were joined with line ends; they are joined with ;' },
    { text: right.join('&'), says: 'the lines were joined with &; they are joined with ;' },
    { text: right.join(''), says: 'nothing was put between the lines; they are joined with ;' },
    { text: write(leaves, plain, '.').join(';'), says: 'names were joined with dots; they are joined with :' },
    {
      text: write(
        leaves.map((leaf) => ({ ...leaf, keys: fromOne(leaf.keys, body) })),
        plain,
      ).join(';'),
      says: 'items of lists were counted from 1; they are counted from 0',
    },
    { text: sent, says: 'the JSON itself was signed; the text made of its lines is' },
    { text: sent.trim(), says: 'the JSON itself was signed; the text made of its lines is' },
    {
      text: JSON.stringify(withoutSignature(body)),
      says: 'the JSON itself, without its signature, was signed; the text made of its lines is',
    },
    {
      text: leaves.map(({ value }) => plain(value)).join(';'),
      says: 'only the values were signed; each has its path before it',
    },
    ...writings.map(({ write: how, says }) => ({ text: write(leaves, how).join(';'), says })),
  ];
  if (leaves.length <= maxSearched)
    for (const { left, missing } of incomplete(leaves))
      found.push({
        text: write(left, plain).join(';'),
        says: `“${shortened(missing)}” was not signed: it was added after signing`,
      });
  const seen = new Set([text]);
  return found.filter((mistake) => !seen.has(mistake.text) && seen.add(mistake.text));
}

function withoutSignature(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSignature);
  if (typeof value !== 'object' || value === null || value instanceof NumberText) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'signature');
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutSignature(member)]));
}
