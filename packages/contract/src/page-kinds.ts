import { isCurrency } from '@rocketpay/core/currency.ts';
import { formats } from './formats.ts';
import { parseJson } from './json.ts';
import { isLonger } from './length.ts';
import { parseMoment } from './moment.ts';
import { isObject } from './shape.ts';

/** How the text of one Payment Page parameter is read. Everything in a link is text. */
export interface Kind {
  /** Ends the sentence "… must be". */
  readonly expected: string;
  /** The constraint the text breaks; undefined when it breaks none. */
  readonly broken: (text: string) => string | undefined;
}

const matching = (pattern: RegExp, expected: string): Kind => ({
  expected,
  broken: (text) => (pattern.test(text) ? undefined : 'pattern'),
});

/** Any text of at most so many characters; `least` 1 refuses an empty one. */
export const text = (most: number, least = 0): Kind => ({
  expected: least === 0 ? `text of at most ${most} characters` : `text of ${least} to ${most} characters`,
  broken: (value) => (value.length < least ? 'minLength' : isLonger(value, most) ? 'maxLength' : undefined),
});

export const integer = (least: number, most: number): Kind => ({
  expected: `a whole number from ${least} to ${most}`,
  broken: (value) => {
    if (!/^(?:0|[1-9]\d{0,14})$/.test(value)) return 'integer';
    return Number(value) < least ? 'minimum' : Number(value) > most ? 'maximum' : undefined;
  },
});

export const oneOf = (...words: readonly string[]): Kind => ({
  expected: `one of ${words.join(', ')}`,
  broken: (value) => (words.includes(value) ? undefined : 'enum'),
});

export const url = (most: number): Kind => ({
  expected: `an http or https URL of at most ${most} characters, without user name and password`,
  broken: (value) => (isLonger(value, most) ? 'maxLength' : formats['http-url'].test(value) ? undefined : 'format'),
});

export const email: Kind = {
  expected: formats.email.expected,
  broken: (value) => (isLonger(value, 255) ? 'maxLength' : formats.email.test(value) ? undefined : 'format'),
};

export const currency: Kind = {
  expected: formats.currency.expected,
  broken: (value) => (/^[A-Z]{3}$/.test(value) ? (isCurrency(value) ? undefined : 'currencyUnknown') : 'pattern'),
};

export const paymentId: Kind = {
  expected: 'text of 1 to 255 characters that neither begins nor ends with white space',
  broken: (value) =>
    text(255, 1).broken(value) ?? (/^[ \t\0\v\n\r]|[ \t\0\v\n\r]$/.test(value) ? 'pattern' : undefined),
};

export const day: Kind = {
  expected: formats.day.expected,
  broken: (value) => (formats.day.test(value) ? undefined : 'format'),
};

export const moment: Kind = {
  expected: 'a date and time such as 2024-12-07T19:08:45+06:00, from 1970 to 9998',
  broken: (value) => (readMoment(value) === undefined ? 'format' : undefined),
};

export const flag: Kind = oneOf('0', '1', 'true', 'false');
export const digits: Kind = matching(/^\+?[0-9]{4,24}$/, 'a number of 4 to 24 digits with the country code first');
export const country: Kind = matching(/^[A-Z]{2}$/, 'a country as two capital letters (ISO 3166-1)');
export const methodCodes: Kind = matching(/^[a-z0-9_,\s-]{0,500}$/i, 'method codes separated by commas');
export const base64: Kind = matching(/^[A-Za-z0-9+/=_\s-]{0,65536}$/, 'base64');

export const json: Kind = {
  expected: 'an object as JSON',
  broken: (value) => (jsonOf(value) === undefined ? 'json' : undefined),
};

/** The object that a JSON parameter's text holds; undefined when it holds none. */
export function jsonOf(value: string) {
  const parsed = value.trimStart().startsWith('{') ? parseJson(Buffer.from(value)) : undefined;
  return parsed?.ok === true && isObject(parsed.value) ? parsed.value : undefined;
}

/**
 * Epoch milliseconds of a moment as the family's SDKs write it: RFC 3339, the same without an offset (UTC), or RFC 2822.
 */
export function readMoment(value: string): number | undefined {
  const known = parseMoment(value) ?? parseMoment(`${value}Z`);
  if (known !== undefined) return known;
  const rfc2822 = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT|UT)$/;
  const at = rfc2822.test(value) ? Date.parse(value) : Number.NaN;
  // Date.parse turns 31 Feb into 3 Mar; who writes that does not know which day is meant.
  return Number.isNaN(at) || !sameDay(value, at) ? undefined : at;
}

function sameDay(value: string, at: number): boolean {
  const [, date = '', sign = '+', hours = '0', minutes = '0'] =
    /(\d{1,2}) [A-Z][a-z]{2} \d{4} \S+ (?:([+-])(\d\d)(\d\d)|GMT|UT)$/.exec(value) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(at + offset).getUTCDate() === Number(date);
}
