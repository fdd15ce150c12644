import type { Language } from '../surroundings.ts';
import { type Html, html, type Piece } from '../render/html.ts';
import { en } from './en.ts';
import { kk } from './kk.ts';
import { ru } from './ru.ts';

/** One form per plural category of the language; `other` stands in for those it does not tell apart. */
export type Plural = Readonly<{ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>>;

/** The table that every language fills whole. */
export type Words = { readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : Plural };

type KeysOf<Kind> = { [Key in keyof Words]: Words[Key] extends Kind ? Key : never }[keyof Words];
export type TextKey = KeysOf<string>;
export type PluralKey = KeysOf<Plural>;

type Values = Readonly<Record<string, Piece>>;

export const tables: Readonly<Record<Language, Words>> = { kk, ru, en };

/** Fills a text's `{placeholders}`; whatever is put in is escaped unless it is markup already. */
function fill(text: string, values: Values): Html {
  const parts = text.split(/\{(\w+)\}/);
  return html`${parts.map((part, index) => (index % 2 === 0 ? html`${part}` : html`${values[part]}`))}`;
}

/** Keeps on one line a number and what it counts, a short Russian word and the next one, a dash and what is before it. */
const tied = (text: string): string =>
  text.replaceAll(/(?<=\d|\{n\}) | (?=—)|(?<=(?<!\p{L})[а-яё]{1,2}) /giu, '\u00A0');

/** The texts of one language. */
export class Speech {
  readonly language: Language;
  readonly #words: Words;
  readonly #plurals: Intl.PluralRules;

  constructor(language: Language) {
    this.language = language;
    this.#words = tables[language];
    this.#plurals = new Intl.PluralRules(language);
  }

  say(key: TextKey, values: Values = {}): Html {
    return fill(tied(this.#words[key]), values);
  }

  count(key: PluralKey, n: number, values: Values = {}): Html {
    const forms: Plural = this.#words[key];
    return fill(tied(forms[this.#plurals.select(n)] ?? forms.other), { n, ...values });
  }
}

const speeches: Readonly<Record<Language, Speech>> = {
  kk: new Speech('kk'),
  ru: new Speech('ru'),
  en: new Speech('en'),
};

export const speechOf = (language: Language): Speech => speeches[language];
