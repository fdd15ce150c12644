import type pg from 'pg';

/** One thing that a person changed: append-only, kept by the database, and never with a secret in it. */
export interface Change {
  /** Who: a person's name, as the command knows it. */
  readonly by: string;
  readonly projectId: number | null;
  /** The command, as `secret rotate`. */
  readonly action: string;
  /** What it is about, where the project alone does not say it. */
  readonly subject?: string;
  readonly old?: unknown;
  readonly new?: unknown;
}

export interface RecordedChange {
  readonly changeNo: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: string;
  readonly projectId: number | null;
  readonly action: string;
  readonly subject: string | null;
  readonly old: unknown;
  readonly new: unknown;
}

/** Writes a change down: in the transaction of what it tells of. */
export async function recordChange(client: pg.ClientBase, change: Change): Promise<void> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  await client.query(
    `INSERT INTO changes (by, project_id, action, subject, old, new) VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb)`,
    [change.by, change.projectId, change.action, change.subject ?? null, json(change.old), json(change.new)],
  );
}

export interface ChangesFilter {
  readonly projectId: number | null;
  readonly limit: number;
}

/** The newest changes, newest first; of one project or of all. */
export async function listChanges(pool: pg.Pool, filter: ChangesFilter): Promise<readonly RecordedChange[]> {
  const { rows } = await pool.query<RecordedChange>(
    `SELECT change_no AS "changeNo", at, by, project_id AS "projectId", action, subject, old, new FROM changes
     WHERE $1::bigint IS NULL OR project_id = $1 ORDER BY change_no DESC LIMIT $2`,
    [filter.projectId, filter.limit],
  );
  return rows;
}
