import { normalNetwork } from '../networks.ts';
import { UsageError, type Given, type Option } from './command.ts';

export const projectOption: Option = { type: 'string', value: 'N', says: 'the project’s id' };

/** An option's text; undefined when it was not given. */
export function textOf(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
}

/** Throws a UsageError when the option was not given, or is empty. */
export function wanted(given: Given, name: string): string {
  const value = textOf(given, name);
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

/** What `read` makes of an option; undefined when it was not given. */
export function optional<Value>(
  given: Given,
  name: string,
  read: (name: string, text: string) => Value,
): Value | undefined {
  const value = textOf(given, name);
  return value === undefined ? undefined : read(name, value);
}

export function wholeNumber(name: string, text: string, least = 1, most = 4_294_967_295): number {
  const number = /^[0-9]{1,10}$/.test(text) ? Number(text) : -1;
  if (number < least || number > most)
    throw new UsageError(`--${name} is "${text}"; expected a number from ${least} to ${most}`);
  return number;
}

export const projectOf = (given: Given): number => wholeNumber('project', wanted(given, 'project'));

/** `none` is no address. */
export function webAddress(name: string, text: string): string | null {
  if (text === 'none') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const sendable = url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
  if (!sendable) throw new UsageError(`--${name} is not an http or https URL without credentials`);
  if (text.length > 2_048) throw new UsageError(`--${name} is longer than 2048 characters`);
  return text;
}

export function currencies(name: string, text: string): readonly string[] {
  const codes = text.split(',').map((code) => code.trim());
  const wrong = codes.find((code) => !/^[A-Z]{3}$/.test(code));
  if (wrong !== undefined) throw new UsageError(`--${name} has "${wrong}"; expected codes such as KZT`);
  return [...new Set(codes)];
}

/** Networks as CIDRs or single addresses, separated by commas; `none` is none. */
export function networks(name: string, text: string): readonly string[] {
  if (text === 'none') return [];
  const read = text.split(',').map((network) => {
    const normal = normalNetwork(network.trim());
    if (normal === null)
      throw new UsageError(`--${name} has "${network.trim()}"; expected a network such as 203.0.113.0/24`);
    return normal;
  });
  return [...new Set(read)];
}

export function onOff(name: string, text: string): boolean {
  return choice('on', 'off')(name, text) === 'on';
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a moment, or how long before `now` it was: `90m`, `24h`, `3d`. */
export function since(now: number) {
  return (name: string, text: string): number => {
    const [, count, unit = ''] = /^([0-9]{1,6})([mhd])$/.exec(text) ?? [];
    const at = count === undefined ? momentOf(text) : now - Number(count) * (units[unit] ?? 0);
    if (Number.isNaN(at))
      throw new UsageError(`--${name} is "${text}"; expected a time such as 2026-11-27T10:00:00Z, or 90m, 24h, 3d`);
    return at;
  };
}

/** A time without its zone would be another one on every machine. */
const momentOf = (text: string): number =>
  /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;

/** Reads one of these words. */
export function choice<const Word extends string>(...words: readonly Word[]) {
  return (name: string, text: string): Word => {
    const word = words.find((each) => each === text);
    if (word === undefined) throw new UsageError(`--${name} is "${text}"; expected ${words.join(' or ')}`);
    return word;
  };
}
