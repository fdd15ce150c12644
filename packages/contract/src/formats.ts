import { isCurrency } from '@rocketpay/core/currency.ts';
import { isRealDate, parseMoment } from './moment.ts';
import { isSignatureForm } from './signature.ts';

export type Format = {
  readonly test: (text: string) => boolean;
  /** Ends the sentence "… must be". */
  readonly expected: string;
  /** What the fault is called, where `format` says too little. */
  readonly constraint?: string;
};

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const ipv6Letters = /^[0-9a-f:.]{2,45}$/i;
const email =
  /^(?=[^@]{1,64}@)[^\s@"(),:;<>[\\\]]+@[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?)*$/u;
const dayForm = /^(\d\d)-(\d\d)-(\d{4})$/;
/** A URL parser silently drops tabs, line ends and outer spaces, so they are refused before it looks. */
const httpUrl = /^https?:\/\/[^\s\p{Cc}\\]+$/iu;

/** No client sends to a URL that holds a user name or a password. */
const isHttpUrl = (text: string): boolean => {
  const url = httpUrl.test(text) ? URL.parse(text) : null;
  return url !== null && url.username === '' && url.password === '';
};

const isDay = (text: string): boolean => {
  const [, day, month, year] = dayForm.exec(text) ?? [];
  return year !== undefined && isRealDate(Number(year), Number(month), Number(day));
};

/** The formats that schemas may name. */
export const formats = {
  ip: {
    test: (text) => ipv4.test(text) || (ipv6Letters.test(text) && URL.canParse(`http://[${text}]/`)),
    expected: 'an IPv4 or IPv6 address',
  },
  email: { test: (text) => email.test(text), expected: 'an email address of at most 255 characters' },
  'http-url': {
    test: isHttpUrl,
    expected: 'an http or https URL of at most 255 characters, without user name and password',
  },
  'date-time': {
    test: (text) => parseMoment(text) !== undefined,
    expected: 'a date and time with offset, such as 2024-12-07T19:08:45+0000, from 1970 to 9998',
  },
  day: { test: isDay, expected: 'a date as DD-MM-YYYY' },
  currency: { test: isCurrency, expected: 'an active ISO 4217 currency code', constraint: 'currencyUnknown' },
  signature: { test: isSignatureForm, expected: '88 characters of standard base64' },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
