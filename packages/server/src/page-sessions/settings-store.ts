import type { Language } from '@rocketpay/payment-page/surroundings.ts';
import type pg from 'pg';

/** A project's page settings as their table holds them. */
export interface PageSettingsRow {
  readonly encryptionKeyBox: string | null;
  readonly framingOrigins: readonly string[];
  readonly displayName: string | null;
  readonly accent: string | null;
  readonly logo: Buffer | null;
  readonly logoType: string | null;
  readonly logoVersion: string | null;
  readonly supportEmail: string | null;
  readonly supportPhone: string | null;
  readonly supportUrl: string | null;
  readonly termsUrl: string | null;
  readonly retryAttempts: number;
  readonly retryWindowMs: number;
  readonly languages: readonly Language[];
  readonly defaultLanguage: Language;
  readonly successUrl: string | null;
  readonly failUrl: string | null;
  readonly returnUrl: string | null;
}

export type PageSettingsChange = Partial<Omit<PageSettingsRow, 'logoVersion'>>;

export interface PageSettingsStore {
  read(projectId: number): Promise<PageSettingsRow | null>;
  /** Sets what is named and leaves the rest; a project without a row gets one with the defaults. */
  change(projectId: number, change: PageSettingsChange, by: string): Promise<void>;
}

const columns: Readonly<Record<keyof PageSettingsChange, string>> = {
  encryptionKeyBox: 'encryption_key_box',
  framingOrigins: 'framing_origins',
  displayName: 'display_name',
  accent: 'accent',
  logo: 'logo',
  logoType: 'logo_type',
  supportEmail: 'support_email',
  supportPhone: 'support_phone',
  supportUrl: 'support_url',
  termsUrl: 'terms_url',
  retryAttempts: 'retry_attempts',
  retryWindowMs: 'retry_window_ms',
  languages: 'languages',
  defaultLanguage: 'default_language',
  successUrl: 'success_url',
  failUrl: 'fail_url',
  returnUrl: 'return_url',
};

const selected = Object.entries(columns)
  .map(([name, column]) => `${column} AS "${name}"`)
  .join(', ');

/** Page settings on PostgreSQL. */
export function createPageSettingsStore(pool: Pick<pg.Pool, 'query'>): PageSettingsStore {
  return {
    async read(projectId) {
      const { rows } = await pool.query<PageSettingsRow>({
        name: 'page-settings.read',
        text: `SELECT ${selected}, left(encode(sha256(logo), 'hex'), 16) AS "logoVersion" FROM page_settings WHERE project_id = $1`,
        values: [projectId],
      });
      return rows[0] ?? null;
    },
    async change(projectId, change, by) {
      const names = (Object.keys(change) as (keyof PageSettingsChange)[]).filter((name) => change[name] !== undefined);
      const set = names.map((name) => columns[name]);
      const places = names.map((_, at) => `$${at + 3}`);
      await pool.query({
        text: `INSERT INTO page_settings (${['project_id', 'changed_by', ...set].join(', ')})
               VALUES (${['$1', '$2', ...places].join(', ')})
               ON CONFLICT ON CONSTRAINT page_settings_pkey DO UPDATE SET
               ${['changed_by', ...set].map((column) => `${column} = EXCLUDED.${column}`).join(', ')}, changed_at = now()`,
        values: [projectId, by, ...names.map((name) => change[name])],
      });
    },
  };
}
