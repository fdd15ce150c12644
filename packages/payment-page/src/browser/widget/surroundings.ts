/** The script that runs now; known only while it is first read. */
const own = document.currentScript;

const AGENTS = /Android|webOS|iPhone|iPad|iPod|BlackBerry|IEMobile|Opera Mini/i;

/** Scheme and host the widget was loaded from, and the page is served at. */
export function getBaseUrl(): string {
  const scripts = own instanceof HTMLScriptElement && own.src ? [own] : [...document.scripts];
  const found = scripts.find(({ src }) => /\/merchant(@[\d.]+)?\.js(\?|$)/.test(src));
  return new URL(found?.src ?? location.href).origin;
}

export const isMobile = (): boolean => AGENTS.test(navigator.userAgent);

/** A random id of `blocks` times four hex digits. */
export function guid(blocks = 8): string {
  const random = crypto.getRandomValues(new Uint16Array(blocks));
  return Array.from(random, (part) => part.toString(16).padStart(4, '0')).join('');
}

const words = {
  en: ['Payment', 'Close'],
  ru: ['Оплата', 'Закрыть'],
  kk: ['Төлем', 'Жабу'],
} as const;

/** What the widget itself says: the dialog's name and its close button's. */
export function wordsFor(language: unknown): (typeof words)[keyof typeof words] {
  const code = String(language ?? (document.documentElement.lang || navigator.language)).slice(0, 2);
  return code === 'ru' || code === 'kk' ? words[code] : words.en;
}
