import { assertObject } from '../arguments.ts';
import { requiredNames, tables, wireName, type PageParameters, type Writing } from './parameters.ts';

/** Parameters in the words of the wire; integers as numbers, all else as text. */
export type WrittenParameters = { readonly [name: string]: string | number };

/**
 * The parameters as they are signed and sent.
 *
 * @throws TypeError that names the parameter, when one is missing, of a wrong type, unknown, or holds `;`.
 */
export function writeParameters(projectId: number, all: PageParameters): WrittenParameters {
  assertObject('The argument of the Payment Page', all);
  const { extra = {}, ...parameters } = all;
  assertObject('extra', extra);
  const given = new Map(Object.entries(parameters).filter(([, value]) => value !== undefined));
  for (const name of requiredNames) {
    if (!given.has(name)) throw new TypeError(`The Payment Page needs ${name}`);
    if (given.get(name) === '') throw new TypeError(`${name} must not be empty`);
  }
  const written: Record<string, string | number> = { project_id: projectId };
  for (const [name, value] of given) {
    const writing = Object.hasOwn(tables, name) ? tables[name]?.writing : undefined;
    if (writing === undefined)
      throw new TypeError(`${name} is no parameter of the Payment Page; if it is new, use extra`);
    written[wireName(name)] = unambiguous(name, writers[writing](name, value));
  }
  for (const [name, value] of Object.entries(extra) as [string, unknown][]) {
    if (value === undefined) continue;
    if (Object.hasOwn(written, name)) throw new TypeError(`extra.${name} is among the parameters already`);
    if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) || name === 'signature' || name === 'frame_mode')
      throw new TypeError(`extra.${name} is no name of a parameter that can be signed`);
    written[name] = unambiguous(`extra.${name}`, plain(`extra.${name}`, value));
  }
  return written;
}

function plain(name: string, value: unknown): string | number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw wrong(name, 'a string, a finite number or true or false');
}

/** The signature joins values with `;`, so that one inside a value could pass for two parameters; the page refuses it. */
function unambiguous(name: string, value: string | number): string | number {
  if (typeof value === 'string' && value.includes(';'))
    throw new TypeError(`${name} holds a semicolon, which no parameter of the Payment Page may`);
  return value;
}

const wrong = (name: string, expected: string): TypeError => new TypeError(`${name} must be ${expected}`);

const writers: Readonly<Record<Writing, (name: string, value: unknown) => string | number>> = {
  text(name, value) {
    if (typeof value !== 'string') throw wrong(name, 'a string');
    return value;
  },
  integer(name, value) {
    const least = name === 'paymentAmount' ? 1 : 0;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least)
      throw wrong(name, least === 1 ? 'an integer of minor units, 1 or above' : 'an integer, zero or above');
    return value;
  },
  flag(name, value) {
    if (typeof value !== 'boolean') throw wrong(name, 'true or false');
    return value ? 1 : 0;
  },
  time(name, value) {
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrong(name, 'a valid Date');
    return `${value.toISOString().slice(0, 19)}+00:00`;
  },
  list(name, value) {
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw wrong(name, 'a list of strings');
    return value.join(',');
  },
  json(name, value) {
    if (typeof value !== 'object' || value === null) throw wrong(name, 'an object');
    return JSON.stringify(value);
  },
  blob(name, value) {
    if (typeof value !== 'object' || value === null) throw wrong(name, 'an object');
    return Buffer.from(JSON.stringify(value), 'utf8').toString('base64');
  },
};
