import type pg from 'pg';
import type { ClarificationForm } from './projects.ts';
import type { SecretRow } from './secrets.ts';

/** A project as it is stored, apart from its secrets. */
export interface ProjectSettings {
  readonly projectId: number;
  readonly name: string;
  readonly callbackUrl: string | null;
  readonly currencies: readonly string[];
  readonly refundsEnabled: boolean;
  readonly allowedNetworks: readonly string[];
  readonly strict: boolean;
  readonly clarificationForm: ClarificationForm;
  readonly refundRepeatWindowMs: number;
}

export interface ProjectRow extends ProjectSettings {
  readonly sandbox: boolean;
  readonly secrets: readonly SecretRow[];
}

export interface NewProjectRow {
  readonly projectId: number;
  readonly name: string;
  readonly sandbox: boolean;
  readonly callbackUrl: string | null;
  readonly currencies: readonly string[];
  readonly refundRepeatWindowMs: number;
  readonly createdBy: string;
  /** Sealed, the first of each kind. */
  readonly secretBox: string;
  readonly callbackSecretBox: string;
}

export interface ProjectStore {
  list(): Promise<readonly ProjectRow[]>;
  /** False when the id is taken. */
  insert(row: NewProjectRow): Promise<boolean>;
  /** Makes the sandbox's project, or gives it back its secrets under this key; a project made otherwise is left alone. */
  putSandbox(row: NewProjectRow): Promise<void>;
}

const listSql = `
SELECT p.project_id AS "projectId", p.name, p.sandbox, p.callback_url AS "callbackUrl", p.currencies,
  p.refunds_enabled AS "refundsEnabled", p.allowed_networks AS "allowedNetworks", p.strict,
  p.clarification_form AS "clarificationForm", p.refund_repeat_window_ms AS "refundRepeatWindowMs",
  (SELECT coalesce(json_agg(json_build_object('kind', s.kind, 'secretNo', s.secret_no, 'main', s.main, 'secretBox', s.secret_box,
      'createdAt', (extract(epoch FROM s.created_at) * 1000)::bigint,
      'lastUsedAt', (extract(epoch FROM s.last_used_at) * 1000)::bigint)), '[]')
    FROM project_secrets s WHERE s.project_id = p.project_id) AS secrets
FROM projects p ORDER BY p.project_id`;

/** `onTaken` says what to do where the id is taken; what follows is done for a project that was written. */
const putSql = (onTaken: string): string => `
WITH made AS (
  INSERT INTO projects (project_id, name, sandbox, callback_url, currencies, refund_repeat_window_ms, created_by, callback_secrets_made)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
  ON CONFLICT ON CONSTRAINT projects_pkey ${onTaken}
  RETURNING project_id),
gone AS (
  DELETE FROM project_secrets s USING made m WHERE s.project_id = m.project_id AND s.secret_no > 1),
told AS (
  INSERT INTO changes (by, project_id, action, new)
  SELECT $7, project_id, 'project create', jsonb_build_object('name', $2::text) FROM made WHERE NOT $3::boolean)
INSERT INTO project_secrets AS s (project_id, kind, secret_no, main, secret_box)
SELECT project_id, kind, 1, true, box FROM made, (VALUES ('request', $8), ('callback', $9)) AS boxes (kind, box)
ON CONFLICT ON CONSTRAINT project_secrets_pkey DO UPDATE SET main = true, secret_box = EXCLUDED.secret_box`;

function valuesOf(row: NewProjectRow): unknown[] {
  const { projectId, name, sandbox, callbackUrl, currencies, refundRepeatWindowMs, createdBy } = row;
  return [
    projectId,
    name,
    sandbox,
    callbackUrl,
    currencies,
    refundRepeatWindowMs,
    createdBy,
    row.secretBox,
    row.callbackSecretBox,
  ];
}

/** Projects on PostgreSQL. */
export function createProjectStore(pool: pg.Pool): ProjectStore {
  return {
    async list() {
      return (await pool.query<ProjectRow>({ name: 'projects.list', text: listSql })).rows;
    },
    async insert(row) {
      const { rowCount } = await pool.query({ text: putSql('DO NOTHING'), values: valuesOf(row) });
      return rowCount !== 0;
    },
    async putSandbox(row) {
      const onTaken = `DO UPDATE SET callback_url = EXCLUDED.callback_url,
        callback_secrets_made = greatest(projects.callback_secrets_made, 1) WHERE projects.sandbox`;
      await pool.query({ text: putSql(onTaken), values: valuesOf(row) });
    },
  };
}
