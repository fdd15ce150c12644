import type pg from 'pg';
import { recordChange } from '../changes/changes.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SecretBox } from './secret-box.ts';
import { newSecret, secretContext, type SecretKind } from './secrets.ts';
import type { ProjectSettings } from './store.ts';

/** What a person may change of a project, each by itself. */
export type EditableSettings = Omit<ProjectSettings, 'projectId'>;

export type EditRefusal =
  | { readonly why: 'no_project' }
  /** Two are open already: one must go before a third comes. */
  | { readonly why: 'already_rotating'; readonly secretNo: number }
  | { readonly why: 'not_rotating' }
  | { readonly why: 'no_such_secret' }
  | { readonly why: 'promoted_already'; readonly secretNo: number }
  /** What is sent is still signed with this one. */
  | { readonly why: 'not_promoted'; readonly secretNo: number };

export type Edited<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'refused'; readonly refusal: EditRefusal };

export interface SettingChange {
  readonly setting: keyof EditableSettings;
  readonly old: unknown;
  readonly new: unknown;
}

/** Changes of projects by a person. Each is durable, with who made it, when its promise resolves; every process sees it within a second. */
export interface ProjectEdits {
  /** What was really changed; a setting that had the value already is not. */
  set(projectId: number, settings: Partial<EditableSettings>, by: string): Promise<Edited<readonly SettingChange[]>>;
  /** A second secret beside the first; both open what they open. It is in the answer and shown nowhere else. */
  rotate(
    projectId: number,
    kind: SecretKind,
    by: string,
  ): Promise<Edited<{ readonly secretNo: number; readonly secret: string }>>;
  /** From now on what we send is signed with the newest secret of requests, or with the one named. */
  promote(projectId: number, secretNo: number | null, by: string): Promise<Edited<{ readonly secretNo: number }>>;
  /** One of two is gone for good: the older, once the newer has taken its place, or the one named. */
  retire(projectId: number, kind: SecretKind, secretNo: number | null, by: string): Promise<Edited<Retired>>;
}

/** The secret that is gone; of callbacks' secrets no use is known. */
export interface Retired {
  readonly secretNo: number;
  /** Epoch milliseconds. */
  readonly lastUsedAt: number | null;
}

const columns: Readonly<Record<keyof EditableSettings, string>> = {
  name: 'name',
  callbackUrl: 'callback_url',
  currencies: 'currencies',
  refundsEnabled: 'refunds_enabled',
  allowedNetworks: 'allowed_networks',
  strict: 'strict',
  clarificationForm: 'clarification_form',
  refundRepeatWindowMs: 'refund_repeat_window_ms',
};

const nouns = { request: 'secret', callback: 'callback-secret' } as const;

interface StoredSecret {
  readonly secretNo: number;
  readonly main: boolean;
  readonly lastUsedAt: number | null;
}

const refused = (refusal: EditRefusal) => ({ kind: 'refused', refusal }) as const;

/** One project, locked against others who change it. */
class Locked {
  readonly #client: pg.ClientBase;
  readonly #projectId: number;
  readonly #by: string;

  constructor(client: pg.ClientBase, projectId: number, by: string) {
    this.#client = client;
    this.#projectId = projectId;
    this.#by = by;
  }

  /** Oldest first. */
  async secrets(kind: SecretKind): Promise<readonly StoredSecret[]> {
    const { rows } = await this.#client.query<StoredSecret>(
      `SELECT secret_no AS "secretNo", main, last_used_at AS "lastUsedAt" FROM project_secrets WHERE project_id = $1 AND kind = $2 ORDER BY secret_no`,
      [this.#projectId, kind],
    );
    return rows;
  }

  async nextNo(kind: SecretKind): Promise<number> {
    const column = kind === 'request' ? 'request_secrets_made' : 'callback_secrets_made';
    const { rows } = await this.#client.query<{ no: number }>(
      `UPDATE projects SET ${column} = ${column} + 1 WHERE project_id = $1 RETURNING ${column} AS no`,
      [this.#projectId],
    );
    const [row] = rows;
    if (!row) throw new Error('a locked project is gone');
    return row.no;
  }

  async insert(kind: SecretKind, secretNo: number, main: boolean, secretBox: string): Promise<void> {
    await this.#client.query(
      'INSERT INTO project_secrets (project_id, kind, secret_no, main, secret_box) VALUES ($1, $2, $3, $4, $5)',
      [this.#projectId, kind, secretNo, main, secretBox],
    );
  }

  async makeMain(kind: SecretKind, secretNo: number): Promise<void> {
    await this.#client.query('UPDATE project_secrets SET main = (secret_no = $3) WHERE project_id = $1 AND kind = $2', [
      this.#projectId,
      kind,
      secretNo,
    ]);
  }

  async remove(kind: SecretKind, secretNo: number): Promise<void> {
    await this.#client.query('DELETE FROM project_secrets WHERE project_id = $1 AND kind = $2 AND secret_no = $3', [
      this.#projectId,
      kind,
      secretNo,
    ]);
  }

  /** What is stored of the settings named. */
  async settings(names: readonly (keyof EditableSettings)[]): Promise<Readonly<Record<string, unknown>>> {
    const list = names.map((name) => `${columns[name]} AS "${name}"`).join(', ');
    const { rows } = await this.#client.query<Record<string, unknown>>(
      `SELECT ${list} FROM projects WHERE project_id = $1`,
      [this.#projectId],
    );
    return rows[0] ?? {};
  }

  async set(name: keyof EditableSettings, value: unknown): Promise<void> {
    await this.#client.query(`UPDATE projects SET ${columns[name]} = $2 WHERE project_id = $1`, [
      this.#projectId,
      value,
    ]);
  }

  record(action: string, change: { subject?: string; old?: unknown; new?: unknown }): Promise<void> {
    return recordChange(this.#client, { by: this.#by, projectId: this.#projectId, action, ...change });
  }
}

/** Changes projects on PostgreSQL. */
export function createProjectEdits(pool: pg.Pool, box: SecretBox): ProjectEdits {
  function edit<Result>(
    projectId: number,
    by: string,
    work: (project: Locked) => Promise<Edited<Result>>,
  ): Promise<Edited<Result>> {
    return inTransaction(pool, async (client) => {
      const { rowCount } = await client.query('SELECT FROM projects WHERE project_id = $1 FOR UPDATE', [projectId]);
      return rowCount === 1 ? work(new Locked(client, projectId, by)) : refused({ why: 'no_project' });
    });
  }

  return {
    set: (projectId, settings, by) =>
      edit(projectId, by, async (project) => {
        const names = (Object.keys(settings) as (keyof EditableSettings)[]).filter((name) => name in columns);
        if (names.length === 0) return { kind: 'done', result: [] };
        const before = await project.settings(names);
        const changes: SettingChange[] = names
          .map((setting) => ({ setting, old: before[setting], new: settings[setting] }))
          .filter((change) => JSON.stringify(change.old) !== JSON.stringify(change.new));
        for (const change of changes) {
          await project.set(change.setting, change.new);
          await project.record('project set', { subject: change.setting, old: change.old, new: change.new });
        }
        return { kind: 'done', result: changes };
      }),

    rotate: (projectId, kind, by) =>
      edit(projectId, by, async (project) => {
        const secrets = await project.secrets(kind);
        const newest = secrets.at(-1);
        if (newest && secrets.length > 1) return refused({ why: 'already_rotating', secretNo: newest.secretNo });
        const secretNo = await project.nextNo(kind);
        const secret = newSecret(kind);
        const sealed = box.seal(secret, secretContext(projectId, kind, secretNo));
        await project.insert(kind, secretNo, secrets.length === 0, sealed);
        await project.record(`${nouns[kind]} rotate`, { subject: `${secretNo}` });
        return { kind: 'done', result: { secretNo, secret } };
      }),

    promote: (projectId, named, by) =>
      edit(projectId, by, async (project) => {
        const secrets = await project.secrets('request');
        const secretNo = named ?? secrets.at(-1)?.secretNo;
        const next = secrets.find((secret) => secret.secretNo === secretNo);
        if (secrets.length < 2) return refused({ why: 'not_rotating' });
        if (!next) return refused({ why: 'no_such_secret' });
        if (next.main) return refused({ why: 'promoted_already', secretNo: next.secretNo });
        await project.makeMain('request', next.secretNo);
        const old = secrets.find((secret) => secret.main)?.secretNo ?? null;
        await project.record('secret promote', { old, new: next.secretNo });
        return { kind: 'done', result: { secretNo: next.secretNo } };
      }),

    retire: (projectId, kind, named, by) =>
      edit(projectId, by, async (project) => {
        const secrets = await project.secrets(kind);
        const [oldest] = secrets;
        if (!oldest || secrets.length < 2) return refused({ why: 'not_rotating' });
        const secretNo = named ?? oldest.secretNo;
        const gone = secrets.find((secret) => secret.secretNo === secretNo);
        const stays = secrets.find((secret) => secret.secretNo !== secretNo);
        if (!gone || !stays) return refused({ why: 'no_such_secret' });
        // What we send would be signed with a secret that the merchant may not have put in place yet.
        if (kind === 'request' && gone.main) return refused({ why: 'not_promoted', secretNo });
        await project.remove(kind, secretNo);
        await project.makeMain(kind, stays.secretNo);
        await project.record(`${nouns[kind]} retire`, { subject: `${secretNo}` });
        return { kind: 'done', result: { secretNo, lastUsedAt: gone.lastUsedAt } };
      }),
  };
}
