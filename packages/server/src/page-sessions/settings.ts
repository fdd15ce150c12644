import type { Language, ProjectLook } from '@rocketpay/payment-page/surroundings.ts';
import type { Clock } from '../clock.ts';
import type { SecretBox } from '../projects/projects.ts';
import type { PageSettingsRow, PageSettingsStore } from './settings-store.ts';

/** How a project's page looks and behaves. */
export interface PageSettings {
  /** Opens encrypted links; null: the project has none. */
  readonly encryptionKey: string | null;
  readonly framingOrigins: readonly string[];
  readonly look: Pick<ProjectLook, 'accent' | 'support' | 'termsUrl'> & { readonly name: string | null };
  readonly logo: Logo | null;
  readonly retries: { readonly allowed: number; readonly windowMs: number };
  readonly languages: readonly Language[];
  readonly defaultLanguage: Language;
  readonly urls: { readonly success: string | null; readonly fail: string | null; readonly return: string | null };
}

export interface Logo {
  readonly type: string;
  readonly bytes: Buffer;
  /** Part of its address, so that it may be kept for ever. */
  readonly version: string;
}

export type PageSettingsReader = (projectId: number) => Promise<PageSettings>;

/** How long a change may take to be seen by every process. */
const FRESH_FOR_MS = 1_000;

export const keyContext = (projectId: number): string => `project ${projectId} page encryption key`;

/** The settings of a project that is known to exist, read at most once a second each. */
export function createPageSettings(store: PageSettingsStore, box: SecretBox, clock: Clock): PageSettingsReader {
  const known = new Map<number, { readonly at: number; readonly settings: Promise<PageSettings> }>();

  async function read(projectId: number): Promise<PageSettings> {
    const row = await store.read(projectId);
    if (!row) return defaults;
    const encryptionKey = row.encryptionKeyBox === null ? null : box.open(row.encryptionKeyBox, keyContext(projectId));
    return settingsOf(row, encryptionKey);
  }

  return (projectId) => {
    const kept = known.get(projectId);
    if (kept && clock.now() - kept.at < FRESH_FOR_MS) return kept.settings;
    const settings = read(projectId).catch(async (error: unknown) => {
      known.delete(projectId);
      // What was read last serves on while the database does not answer.
      if (kept) return kept.settings;
      throw error;
    });
    known.set(projectId, { at: clock.now(), settings });
    return settings;
  };
}

const defaults: PageSettings = {
  encryptionKey: null,
  framingOrigins: [],
  look: { name: null, accent: null, support: { email: null, phone: null, url: null }, termsUrl: null },
  logo: null,
  retries: { allowed: 5, windowMs: 600_000 },
  languages: ['kk', 'ru', 'en'],
  defaultLanguage: 'kk',
  urls: { success: null, fail: null, return: null },
};

function settingsOf(row: PageSettingsRow, encryptionKey: string | null): PageSettings {
  const { logo, logoType, logoVersion } = row;
  return {
    encryptionKey,
    framingOrigins: row.framingOrigins,
    look: {
      name: row.displayName,
      accent: row.accent,
      support: { email: row.supportEmail, phone: row.supportPhone, url: row.supportUrl },
      termsUrl: row.termsUrl,
    },
    logo:
      logo && logoType !== null && logoVersion !== null ? { bytes: logo, type: logoType, version: logoVersion } : null,
    retries: { allowed: row.retryAttempts, windowMs: row.retryWindowMs },
    languages: row.languages,
    defaultLanguage: row.defaultLanguage,
    urls: { success: row.successUrl, fail: row.failUrl, return: row.returnUrl },
  };
}
