import type { ProjectRow } from '../projects/projects.ts';

/** A moment as scripts and people both read it. */
export const moment = (at: number): string => new Date(at).toISOString();

/**
 * What somebody else wrote, on one line of a terminal: a payment id may hold line ends and escape sequences, and would
 * forge a line or move the cursor. They are shown as JSON writes them.
 */
export const oneLine = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Values side by side, for people and for `cut`. */
export const cells = (...values: readonly (string | number)[]): string =>
  values
    .map((value) => oneLine(String(value)))
    .join('\t')
    .trimEnd();

/** A project as it is shown: never a secret. */
export function settingsOf(row: ProjectRow): Readonly<Record<string, unknown>> {
  const { secrets: _secrets, ...settings } = row;
  return settings;
}

const words: Readonly<Record<string, string>> = {
  projectId: 'project',
  callbackUrl: 'callback-url',
  refundsEnabled: 'refunds',
  allowedNetworks: 'allow-list',
  clarificationForm: 'clarification-form',
  refundRepeatWindowMs: 'refund-window',
  framingOrigins: 'framing-origins',
  displayName: 'name',
  supportEmail: 'support-email',
  supportPhone: 'support-phone',
  supportUrl: 'support-url',
  termsUrl: 'terms-url',
  retryAttempts: 'retries',
  retryWindowMs: 'retry-window',
  defaultLanguage: 'default-language',
  successUrl: 'success-url',
  failUrl: 'fail-url',
  returnUrl: 'return-url',
  encryptionKey: 'encryption-key',
};

/** A setting as the command's options call it. */
export const settingWord = (name: string): string => words[name] ?? name;

/** A setting's value as the command's options take it. */
export function valueText(name: string, value: unknown): string {
  if (['refundRepeatWindowMs', 'retryWindowMs'].includes(name) && typeof value === 'number')
    return `${value / 1_000} s`;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((each) => valueText('', each)).join(',');
  if (typeof value === 'object' && value !== null) return pairsText(value);
  return value === null ? 'none' : String(value);
}

/** A person's own words come last; the database keeps no order of names. */
const isWords = ([name]: readonly [string, unknown]): boolean => name === 'note' || name === 'why';

/** What would blur the pairs or break the line stands in quotes. */
function pairsText(pairs: object): string {
  return Object.entries(pairs)
    .toSorted((one, other) => Number(isWords(one)) - Number(isWords(other)))
    .map(([name, value]: [string, unknown]) => {
      const text = valueText(name, value);
      return `${settingWord(name)}=${/^$|[\s"=\p{Cc}]/u.test(text) ? JSON.stringify(text) : text}`;
    })
    .join(' ');
}
