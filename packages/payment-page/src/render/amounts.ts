import { currencies } from '@rocketpay/core/currency.ts';
import type { Language } from '../surroundings.ts';

const locales: Readonly<Record<Language, string>> = { kk: 'kk-KZ', ru: 'ru-KZ', en: 'en-GB' };
/** All of Kazakhstan keeps this time. */
const timeZone = 'Asia/Almaty';

/**
 * An amount of minor units as the language's locale writes it, for example `1 000,00 ₸`.
 * Never broken between lines: every space is a no-break space.
 */
export function formatAmount(amountMinor: number, currency: string, language: Language): string {
  const exponent = currencies[currency]?.exponent ?? 2;
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  const split = digits.length - exponent;
  const decimal = exponent === 0 ? digits : `${digits.slice(0, split)}.${digits.slice(split)}`;
  const format = new Intl.NumberFormat(locales[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: exponent,
  });
  return format.format(decimal as `${number}`).replaceAll(/\s/g, '\u00A0');
}

/** Hours and minutes in Kazakhstan. */
export function formatTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
}

/** Day and time in Kazakhstan, for a receipt. */
export function formatDate(at: number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at);
}
