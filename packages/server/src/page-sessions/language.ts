import { languages, type Language } from '@rocketpay/payment-page/surroundings.ts';

export interface LanguageWish {
  /** The payer's switch. */
  readonly switched: Language | null;
  /** `language_code` of the link. */
  readonly asked: string | null;
  /** `Accept-Language` of the browser. */
  readonly browser: string | undefined;
  readonly offered: readonly Language[];
  readonly byDefault: Language;
}

const isLanguage = (text: string): text is Language => (languages as readonly string[]).includes(text);
const primary = (tag: string): string => tag.trim().toLowerCase().split(/[-_]/)[0] ?? '';

/** The payer's switch, else the link's wish (English where it is not spoken here), else the browser's, else the project's. */
export function chooseLanguage({ switched, asked, browser, offered, byDefault }: LanguageWish): Language {
  const known = (tag: string): Language | undefined => {
    const code = primary(tag);
    return isLanguage(code) && offered.includes(code) ? code : undefined;
  };
  if (switched !== null && offered.includes(switched)) return switched;
  if (asked !== null) return known(asked) ?? (offered.includes('en') ? 'en' : byDefault);
  return (
    acceptedTags(browser ?? '')
      .map(known)
      .find((code) => code !== undefined) ?? byDefault
  );
}

/** The tags of an `Accept-Language`, the most wanted first. */
function acceptedTags(header: string): string[] {
  return header
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';');
      const quality = parameters.map((each) => /^\s*q=([\d.]+)\s*$/.exec(each)?.[1]).find((each) => each !== undefined);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
