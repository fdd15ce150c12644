import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { formats } from '@rocketpay/contract/formats.ts';
import { createPageEdits, isFramingOrigin, type PageEdit } from '../page-sessions/page-sessions.ts';
import { UsageError, type Command, type Given, type Noun, type Option } from './command.ts';
import { settingWord, valueText } from './show.ts';
import { choice, optional, projectOf, projectOption, textOf, webAddress, wholeNumber } from './values.ts';

const DAY_S = 86_400;
const MAX_LOGO_BYTES = 65_536;
const languages = ['kk', 'ru', 'en'] as const;
const logoTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

const settingOptions = {
  'framing-origins': {
    type: 'string',
    value: 'https://shop.example,…|none',
    says: 'whose pages may frame it, in a modal or an iframe; none: it opens by itself only',
  },
  name: { type: 'string', value: 'NAME|none', says: 'the shop as a payer knows it; none: the project’s name' },
  accent: { type: 'string', value: '#rrggbb|none', says: 'its colour; corrected where text on it could not be read' },
  logo: { type: 'string', value: 'FILE|none', says: 'a PNG, JPEG, WebP or SVG of at most 64 KiB' },
  'support-email': { type: 'string', value: 'EMAIL|none', says: 'shown to payers' },
  'support-phone': { type: 'string', value: 'PHONE|none', says: 'shown to payers' },
  'support-url': { type: 'string', value: 'URL|none', says: 'shown to payers' },
  'terms-url': { type: 'string', value: 'URL|none', says: 'the terms a payer agrees to' },
  retries: { type: 'string', value: 'N', says: 'tries after the first decline; 5 unless set' },
  'retry-window': { type: 'string', value: 'SECONDS', says: 'how long from the first decline; 600 unless set' },
  languages: { type: 'string', value: 'kk,ru,en', says: 'what a payer may choose from' },
  'default-language': { type: 'string', value: 'kk|ru|en', says: 'where neither the link nor the browser says' },
  'success-url': { type: 'string', value: 'URL|none', says: 'the button under a success, unless the link says' },
  'fail-url': { type: 'string', value: 'URL|none', says: 'the button under a decline, unless the link says' },
  'return-url': { type: 'string', value: 'URL|none', says: 'the way back before payment, unless the link says' },
} as const satisfies Record<string, Option>;

function origins(name: string, text: string): readonly string[] {
  if (text === 'none') return [];
  const list = text.split(',').map((origin) => origin.trim().toLowerCase().replace(/\/$/, ''));
  const wrong = list.find((origin) => !isFramingOrigin(origin));
  if (wrong !== undefined)
    throw new UsageError(`--${name} has "${wrong}"; expected origins such as https://shop.example`);
  return [...new Set(list)];
}

function short(name: string, text: string): string | null {
  if (text === 'none') return null;
  if (text.trim() === '' || text.length > 255) throw new UsageError(`--${name} is not a text of 1 to 255 characters`);
  return text.trim();
}

function matching(pattern: Pick<RegExp, 'test'>, expected: string) {
  return (name: string, text: string): string | null => {
    if (text === 'none') return null;
    if (!pattern.test(text)) throw new UsageError(`--${name} is "${text}"; expected ${expected}`);
    return text;
  };
}

const rgb = matching(/^#[0-9a-f]{6}$/i, 'a colour as #rrggbb');
const colour = (name: string, text: string): string | null => rgb(name, text)?.toLowerCase() ?? null;
const email = matching({ test: (text) => text.length <= 255 && formats.email.test(text) }, formats.email.expected);
const phone = matching(/^\+?[\d ()-]{3,30}$/, 'a phone number');

function languageList(name: string, text: string) {
  return [...new Set(text.split(',').map((code) => choice(...languages)(name, code.trim())))];
}

async function logoOf(given: Given): Promise<Pick<PageEdit, 'logo' | 'logoType'>> {
  const file = textOf(given, 'logo');
  if (file === undefined) return {};
  if (file === 'none') return { logo: null, logoType: null };
  const logoType = logoTypes[file.split('.').at(-1)?.toLowerCase() ?? ''];
  if (logoType === undefined) throw new UsageError('--logo is no PNG, JPEG, WebP or SVG file');
  const logo = await readFile(file).catch(() => {
    throw new UsageError(`--logo: ${file} cannot be read`);
  });
  if (logo.length > MAX_LOGO_BYTES) throw new UsageError(`--logo: ${file} is larger than 64 KiB`);
  return { logo, logoType };
}

const noProject = (projectId: number): UsageError => new UsageError(`there is no project ${projectId}`);

const set: Command = {
  says: 'changes how a project’s page looks and behaves; running processes see it within a second',
  options: { project: projectOption, ...settingOptions },
  async run({ pool, box, by }, given) {
    const projectId = projectOf(given);
    const asked = {
      framingOrigins: optional(given, 'framing-origins', origins),
      displayName: optional(given, 'name', short),
      accent: optional(given, 'accent', colour),
      supportEmail: optional(given, 'support-email', email),
      supportPhone: optional(given, 'support-phone', phone),
      supportUrl: optional(given, 'support-url', webAddress),
      termsUrl: optional(given, 'terms-url', webAddress),
      retryAttempts: optional(given, 'retries', (name, text) => wholeNumber(name, text, 0, 20)),
      retryWindowMs: optional(given, 'retry-window', (name, text) => wholeNumber(name, text, 0, DAY_S) * 1_000),
      languages: optional(given, 'languages', languageList),
      defaultLanguage: optional(given, 'default-language', choice(...languages)),
      successUrl: optional(given, 'success-url', webAddress),
      failUrl: optional(given, 'fail-url', webAddress),
      returnUrl: optional(given, 'return-url', webAddress),
      ...(await logoOf(given)),
    };
    const edit = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as PageEdit;
    if (Object.keys(edit).length === 0) throw new UsageError('nothing to set: name a setting, see --help');
    const edits = createPageEdits(pool, box);
    await languagesFit(edit, await edits.read(projectId));
    const changes = await edits.set(projectId, edit, by);
    if (!changes) throw noProject(projectId);
    const lines = changes.map(
      (change) =>
        `${settingWord(change.setting)}: ${valueText(change.setting, change.old)} → ${valueText(change.setting, change.new)}\n`,
    );
    return { text: lines.join('') || 'nothing changed: it was so already\n', json: changes };
  },
};

function languagesFit(edit: PageEdit, stored: Pick<PageEdit, 'languages' | 'defaultLanguage'> | null): void {
  const offered = edit.languages ?? stored?.languages ?? languages;
  const byDefault = edit.defaultLanguage ?? stored?.defaultLanguage ?? 'kk';
  if (!offered.includes(byDefault))
    throw new UsageError(`the default language ${byDefault} is not among those offered (${offered.join(', ')})`);
}

const show: Command = {
  says: 'how a project’s page looks and behaves',
  options: { project: projectOption },
  async run({ pool, box, projects }, given) {
    const projectId = projectOf(given);
    if (!(await projects.list()).some((project) => project.projectId === projectId)) throw noProject(projectId);
    const row = await createPageEdits(pool, box).read(projectId);
    if (!row) return { text: 'no settings of its own: the defaults hold\n', json: null };
    const { encryptionKeyBox, logo: _logo, logoVersion, ...rest } = row;
    const shown = { ...rest, logo: logoVersion, encryptionKey: encryptionKeyBox === null ? null : 'set' };
    const lines = Object.entries(shown).map(
      ([name, value]) => `${`${settingWord(name)}:`.padEnd(20)}${valueText(name, value)}\n`,
    );
    return { text: lines.join(''), json: shown };
  },
};

const key: Command = {
  says: 'gives a project the key for encrypted links, and shows it once',
  options: {
    project: projectOption,
    use: { type: 'string', value: 'KEY|none', says: 'a key the merchant has already; none: encrypted links end' },
  },
  async run({ pool, box, by }, given) {
    const projectId = projectOf(given);
    const used = textOf(given, 'use');
    if (used !== undefined && used !== 'none' && (used.length < 16 || used.length > 255))
      throw new UsageError('--use is not a key of 16 to 255 characters');
    const encryptionKey = used === 'none' ? null : (used ?? randomBytes(24).toString('base64url'));
    const changes = await createPageEdits(pool, box).set(projectId, { encryptionKey }, by);
    if (!changes) throw noProject(projectId);
    const text = encryptionKey === null ? 'encrypted links open no more\n' : `encryption key: ${encryptionKey}\n`;
    return { text, json: { encryptionKey } };
  },
};

export const page: Noun = { name: 'page', says: 'the Payment Page of a project', verbs: { show, set, key } };
