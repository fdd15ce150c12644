import type pg from 'pg';
import { recordChange } from '../changes/changes.ts';
import { inTransaction } from '../db/transaction.ts';
import { sandboxProject, type SecretBox } from '../projects/projects.ts';
import { keyContext } from './settings.ts';
import { createPageSettingsStore, type PageSettingsChange, type PageSettingsRow } from './settings-store.ts';

/** What a person may change of a page, the encryption key in the clear. */
export type PageEdit = Omit<PageSettingsChange, 'encryptionKeyBox'> & { readonly encryptionKey?: string | null };

export interface PageEdited {
  readonly setting: string;
  readonly old: unknown;
  readonly new: unknown;
}

export interface PageEdits {
  /** Null for a project without settings of its own. */
  read(projectId: number): Promise<PageSettingsRow | null>;
  /** What was really changed, durable with who did it; null when there is no such project. */
  set(projectId: number, edit: PageEdit, by: string): Promise<readonly PageEdited[] | null>;
}

/** Changes of page settings by a person; every process sees them within a second. */
export function createPageEdits(pool: pg.Pool, box: SecretBox): PageEdits {
  return {
    read: (projectId) => createPageSettingsStore(pool).read(projectId),
    set(projectId, { encryptionKey, ...rest }, by) {
      const sealed =
        encryptionKey === undefined
          ? {}
          : { encryptionKeyBox: encryptionKey && box.seal(encryptionKey, keyContext(projectId)) };
      return inTransaction(pool, async (client) => {
        const { rowCount } = await client.query('SELECT FROM projects WHERE project_id = $1 FOR UPDATE', [projectId]);
        if (rowCount === 0) return null;
        const store = createPageSettingsStore(client);
        if ((await store.read(projectId)) === null) await store.change(projectId, {}, by);
        const before = await store.read(projectId);
        await store.change(projectId, { ...rest, ...sealed }, by);
        const after = await store.read(projectId);
        const edited = differences(before, after);
        for (const { setting, ...values } of edited)
          await recordChange(client, { by, projectId, action: 'page set', subject: setting, ...values });
        return edited;
      });
    },
  };
}

/**
 * What the documentation's project has from the start: an encryption key that all know, the demo shop's name, and frames on
 * this machine.
 */
export async function seedSandboxPage(pool: pg.Pool, box: SecretBox): Promise<void> {
  const store = createPageSettingsStore(pool);
  const { projectId, encryptionKey, firstSettings } = sandboxPage;
  const isNew = (await store.read(projectId)) === null;
  const encryptionKeyBox = box.seal(encryptionKey, keyContext(projectId));
  await store.change(projectId, { encryptionKeyBox, ...(isNew && firstSettings) }, 'sandbox start');
}

const sandboxPage = {
  projectId: sandboxProject.projectId,
  encryptionKey: 'encrypt_secret',
  firstSettings: { displayName: 'Dala', framingOrigins: ['http://127.0.0.1:*', 'http://localhost:*'] },
} as const;

/** A key is told as set or not, a logo by its digest. */
function told(row: PageSettingsRow | null): Readonly<Record<string, unknown>> {
  if (!row) return {};
  const { encryptionKeyBox, logo: _logo, logoType: _type, logoVersion, ...plain } = row;
  return { ...plain, encryptionKey: encryptionKeyBox, logo: logoVersion };
}

function differences(before: PageSettingsRow | null, after: PageSettingsRow | null): PageEdited[] {
  const [old, now] = [told(before), told(after)];
  const hidden = (setting: string, value: unknown): unknown =>
    setting === 'encryptionKey' ? (value ? 'set' : null) : (value ?? null);
  return Object.keys(now)
    .filter((setting) => JSON.stringify(old[setting] ?? null) !== JSON.stringify(now[setting] ?? null))
    .map((setting) => ({ setting, old: hidden(setting, old[setting]), new: hidden(setting, now[setting]) }));
}
