/** What types say already, for callers whom no types stop: each throws a TypeError that names the argument. */

const wrong = (name: string, expected: string, value: unknown): TypeError =>
  new TypeError(`${name} ${value === undefined ? 'is missing: it must be' : 'must be'} ${expected}`);

export function assertObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object', value);
}

export function assertText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw wrong(name, 'a string', value);
  if (value === '') throw new TypeError(`${name} must not be empty`);
}

export function assertFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw wrong(name, 'a function', value);
}

/** A body's text or bytes: an ArrayBuffer is what `arrayBuffer()` of a web request gives. */
export function bodyOf(name: string, value: unknown): string | Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  throw wrong(name, 'the body as it arrived, a string, a Uint8Array or an ArrayBuffer, and not parsed', value);
}

export function assertList(name: string, value: unknown): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(name, 'a list', value);
}

export function assertDate(name: string, value: unknown): asserts value is Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong(name, 'a valid Date', value);
}

/** Of an argument, the members without which nothing can be asked. `path` leads to them in what is said: `customer.`. */
export function assertTexts<T extends object>(
  name: string,
  of: T,
  names: readonly (keyof T & string)[],
  path = '',
): void {
  assertObject(name, of);
  for (const member of names) assertText(`${path}${member}`, of[member]);
}

export function assertMinorUnits(name: string, value: unknown): asserts value is number {
  if (!Number.isSafeInteger(value)) throw wrong(name, 'an integer of minor units', value);
}

/** Timers take no more. */
const LONGEST_MS = 2 ** 31 - 1;

export function milliseconds(name: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= LONGEST_MS) return value;
  throw wrong(name, `a whole number of milliseconds from ${least} to ${LONGEST_MS}`, value);
}

export function waits(name: string, value: unknown): readonly number[] {
  assertList(name, value);
  return value.map((each) => milliseconds(`each of ${name}`, each, 0));
}

/** One text or several. */
export function texts(name: string, value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  const good = all.filter((each) => typeof each === 'string') as string[];
  if (good.length < all.length) throw wrong(name, 'a string, or a list of strings', value);
  return good;
}

/** Ends with a slash. */
export function address(name: string, value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw wrong(name, 'an http or https address, such as https://gate.example.com', value);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
