/** What a page shows around its screens. */
export const languages = ['kk', 'ru', 'en'] as const;

export type Language = (typeof languages)[number];

/** True for the code of a language the page speaks. */
export function isLanguage(code: string): code is Language {
  return (languages as readonly string[]).includes(code);
}

/** How the merchant opened the page; the last three within a frame of the merchant's page. */
export type OpenedAs = 'tab' | 'popup' | 'iframe' | 'embedded';

export interface ProjectLook {
  readonly name: string;
  /** Same-origin path or `data:image/…`; shown 32 px high. */
  readonly logo: string | null;
  /** `#rrggbb`; corrected by the renderer where text on it could not be read. */
  readonly accent: string | null;
  readonly support: { readonly email: string | null; readonly phone: string | null; readonly url: string | null };
  /** The merchant's terms, an https URL. */
  readonly termsUrl: string | null;
  /** Nobody's money moves: said on every screen. */
  readonly sandbox: boolean;
}

/** The text a payer agrees to by pressing Pay. */
export interface Consent {
  readonly version: string;
}

/**
 * The way back to the shop. `iframe`: within the frame (or the tab); `parent`: the whole page; `blank`: a new tab;
 * `handlers` and `close` tell the host page, which acts, and have no URL.
 */
export type ReturnLink =
  | { readonly open: 'iframe' | 'parent' | 'blank'; readonly url: string; readonly when: ReturnMoment }
  | { readonly open: 'handlers' | 'close'; readonly url: null; readonly when: ReturnMoment };

export type ReturnMoment = 'before' | 'success' | 'fail';
