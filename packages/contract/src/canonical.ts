import { NumberText } from './json.ts';

/**
 * The ways in which the family's SDKs sort the lines: `natural` on the path (PHP, the vendor's own), each level by
 * itself (JavaScript), the path by bytes (Python), the whole line by bytes (Go, Java).
 */
export type SignOrder = 'natural' | 'per-level' | 'path' | 'line';

type Leaf = { readonly keys: readonly string[]; readonly value: unknown };
/** How a line is written; the order of the lines is another matter. */
export type Spelling = { readonly doubleColons: boolean; readonly shortNumbers: boolean };
export type Line = { readonly keys: readonly string[]; readonly pathBytes: string; readonly text: string };

export const orders: readonly SignOrder[] = ['natural', 'per-level', 'path', 'line'];
const emitted: Spelling = { doubleColons: true, shortNumbers: false };

/** The text that is signed. Members called `signature` or `frame_mode` are left out at every depth. */
export function stringToSign(body: object, order: SignOrder = 'natural'): string {
  return plainString(body) ?? joined(sortLines(linesOf(leavesOf(body, [], []), emitted), order));
}

export function spellingsOf(leaves: readonly Leaf[]): Spelling[] {
  const colons = leaves.some((leaf) => leaf.keys.some((key) => key.includes(':'))) ? [true, false] : [true];
  const numbers = leaves.some(({ value }) => valueText(value) !== valueText(value, true)) ? [false, true] : [false];
  return colons.flatMap((doubleColons) => numbers.map((shortNumbers) => ({ doubleColons, shortNumbers })));
}

/**
 * What the text to sign may take in UTF-8: all paths together, and paths with values. Every member repeats the names
 * above it and is sorted up to sixteen times, so that a small body could otherwise ask for gigabytes. A request has at
 * most 1 MiB, and the paths of an honest one take a few kilobytes.
 */
const maxPathBytes = 131_072;
const maxTextBytes = 1_200_000;

/** Whether the text to sign keeps to a size that is worth sorting. One pass over the body, which builds no text. */
export const isSignable = (body: object): boolean => measure(body, 0, { paths: 0, text: 0 });

function measure(container: object, above: number, size: { paths: number; text: number }): boolean {
  for (const [key, value] of Object.entries(container) as [string, unknown][]) {
    if (isDropped(key) || value === undefined) continue;
    const path = above + 1 + bytesIn(key) * (key.includes(':') ? 2 : 1);
    if (typeof value === 'object' && value !== null && !(value instanceof NumberText)) {
      if (!measure(value, path, size)) return false;
      continue;
    }
    size.paths += path;
    size.text += path + bytesIn(valueText(value));
    if (size.paths > maxPathBytes || size.text > maxTextBytes) return false;
  }
  return true;
}

export const isDropped = (key: string): boolean => key === 'signature' || key === 'frame_mode';

const shortest = (source: string): string => {
  const value = Number(source);
  return /^-?\d+$/.test(source) || !Number.isFinite(value) ? source : String(value);
};

function valueText(value: unknown, shortNumbers = false): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof NumberText) return shortNumbers ? shortest(value.source) : value.source;
  return value === null ? '' : String(value);
}

/** Beyond ten, indexes have two digits and the orders part. */
const maxPlainItems = 10;
/** ASCII above `:`: with such keys every order gives the same text. */
const plainKey = /^[;-~]+$/;

/** The text of an ordinary body, whose order all SDKs agree on; undefined for any other. */
export function plainString(body: object): string | undefined {
  const lines: string[] = [];
  return collectPlain(body, '', lines) ? lines.sort().join(';') : undefined;
}

function collectPlain(container: object, prefix: string, lines: string[]): boolean {
  const isArray = Array.isArray(container);
  if (isArray && container.length > maxPlainItems) return false;
  for (const [key, value] of Object.entries(container) as [string, unknown][]) {
    if (isDropped(key) || value === undefined) continue;
    if (value instanceof NumberText || (!isArray && !plainKey.test(key))) return false;
    if (typeof value === 'object' && value !== null) {
      if (!collectPlain(value, `${prefix}${key}:`, lines)) return false;
    } else lines.push(`${prefix}${key}:${valueText(value)}`);
  }
  return true;
}

export function leavesOf(container: object, parents: readonly string[], leaves: Leaf[]): Leaf[] {
  for (const [key, value] of Object.entries(container) as [string, unknown][]) {
    if (isDropped(key) || value === undefined) continue;
    const keys = [...parents, key];
    if (typeof value === 'object' && value !== null && !(value instanceof NumberText)) leavesOf(value, keys, leaves);
    else leaves.push({ keys, value });
  }
  return leaves;
}

export const linesOf = (leaves: readonly Leaf[], { doubleColons, shortNumbers }: Spelling): Line[] =>
  leaves.map(({ keys, value }) => {
    const path = (doubleColons ? keys.map((key) => key.replaceAll(':', '::')) : keys).join(':');
    return { keys, pathBytes: bytesOf(path), text: `${path}:${valueText(value, shortNumbers)}` };
  });

export const joined = (lines: readonly Line[]): string => lines.map((line) => line.text).join(';');

export function sortLines(lines: readonly Line[], order: SignOrder): readonly Line[] {
  if (order === 'per-level') return lines.toSorted((one, other) => compareLevels(one.keys, other.keys));
  if (order === 'natural') return lines.toSorted((one, other) => compareNaturally(one.pathBytes, other.pathBytes));
  if (order === 'path') return lines.toSorted((one, other) => compareUnits(one.pathBytes, other.pathBytes));
  return lines
    .map((line) => ({ line, bytes: bytesOf(line.text) }))
    .sort((one, other) => compareUnits(one.bytes, other.bytes))
    .map(({ line }) => line);
}

const encoder = new TextEncoder();
const ascii = /^[\0-\x7f]*$/;

/** How long the text is in UTF-8. */
const bytesIn = (text: string): number => (ascii.test(text) ? text.length : encoder.encode(text).length);

/** UTF-8 with one character for each byte, so that plain string comparison is byte comparison. */
function bytesOf(text: string): string {
  if (ascii.test(text)) return text;
  let bytes = '';
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

const compareUnits = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Array indexes, and keys that look like one, come first in a JavaScript object, in the order of their numbers. */
const indexForm = /^(?:0|[1-9]\d{0,9})$/;
const maxIndex = 2 ** 32 - 2;
const indexOf = (key: string): number => (indexForm.test(key) && Number(key) <= maxIndex ? Number(key) : Infinity);

function compareLevels(one: readonly string[], other: readonly string[]): number {
  for (let level = 0; level < one.length && level < other.length; level++) {
    const [a, b] = [one[level] ?? '', other[level] ?? ''];
    if (a === b) continue;
    const [indexA, indexB] = [indexOf(a), indexOf(b)];
    return indexA === indexB ? compareUnits(a, b) : indexA - indexB;
  }
  return one.length - other.length;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);
/** Past the end reads as NUL, as in the C strings whose order this is. */
const codeAt = (text: string, at: number): number => (at < text.length ? text.charCodeAt(at) : 0);

/**
 * PHP's `strnatcmp` over bytes: runs of digits compare as numbers, unless one starts with `0`, when they compare as
 * fractions; leading zeros of the whole string and white space are passed over; all else by byte.
 */
export function compareNaturally(one: string, other: string): number {
  if (one.length === 0 || other.length === 0) return Math.sign(one.length - other.length);
  let a = skipLeadingZeros(one);
  let b = skipLeadingZeros(other);
  for (;;) {
    while (isSpace(codeAt(one, a))) a++;
    while (isSpace(codeAt(other, b))) b++;
    if (isDigit(codeAt(one, a)) && isDigit(codeAt(other, b))) {
      const endA = endOfDigits(one, a);
      const endB = endOfDigits(other, b);
      const result = compareDigits(one.slice(a, endA), other.slice(b, endB));
      if (result !== 0) return result;
      if (endA === one.length || endB === other.length) return compareEnds(endA, one, endB, other);
      a = endA;
      b = endB;
    }
    const difference = codeAt(one, a) - codeAt(other, b);
    if (difference !== 0) return Math.sign(difference);
    a++;
    b++;
    if (a >= one.length || b >= other.length) return compareEnds(a, one, b, other);
  }
}

function compareEnds(a: number, one: string, b: number, other: string): number {
  if (a >= one.length && b >= other.length) return 0;
  return a >= one.length ? -1 : 1;
}

function compareDigits(one: string, other: string): number {
  const isFraction = one.startsWith('0') || other.startsWith('0');
  if (!isFraction && one.length !== other.length) return Math.sign(one.length - other.length);
  return compareUnits(one, other);
}

function skipLeadingZeros(text: string): number {
  let at = 0;
  while (codeAt(text, at) === 0x30 && isDigit(codeAt(text, at + 1))) at++;
  return at;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (isDigit(codeAt(text, at))) at++;
  return at;
}
