import type pg from 'pg';

export interface ProjectRow {
  readonly projectId: number;
  readonly name: string;
  readonly secretBox: string;
  readonly sandbox: boolean;
  readonly callbackUrl: string | null;
  readonly currencies: readonly string[];
  readonly refundsEnabled: boolean;
}

export interface NewProjectRow extends ProjectRow {
  readonly createdBy: string;
}

export interface ProjectStore {
  list(): Promise<readonly ProjectRow[]>;
  /** False when the id is taken. */
  insert(row: NewProjectRow): Promise<boolean>;
  /** Makes the sandbox's project, or makes it usable again under this key; a project made otherwise is left alone. */
  putSandbox(row: NewProjectRow): Promise<void>;
}

const columns = `project_id AS "projectId", name, secret_box AS "secretBox", sandbox, callback_url AS "callbackUrl", currencies,
  refunds_enabled AS "refundsEnabled"`;

const insertSql = `INSERT INTO projects
  (project_id, name, secret_box, sandbox, callback_url, currencies, refunds_enabled, created_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

function valuesOf(row: NewProjectRow): unknown[] {
  const { projectId, name, secretBox, sandbox, callbackUrl, currencies, refundsEnabled, createdBy } = row;
  return [projectId, name, secretBox, sandbox, callbackUrl, currencies, refundsEnabled, createdBy];
}

/** Projects on PostgreSQL. */
export function createProjectStore(pool: pg.Pool): ProjectStore {
  return {
    async list() {
      const { rows } = await pool.query<ProjectRow>(`SELECT ${columns} FROM projects ORDER BY project_id`);
      return rows;
    },
    async insert(row) {
      const text = `${insertSql} ON CONFLICT ON CONSTRAINT projects_pkey DO NOTHING`;
      const { rowCount } = await pool.query({ name: 'projects.insert', text, values: valuesOf(row) });
      return rowCount === 1;
    },
    async putSandbox(row) {
      await pool.query({
        text: `${insertSql} ON CONFLICT ON CONSTRAINT projects_pkey DO UPDATE
               SET secret_box = EXCLUDED.secret_box, callback_url = EXCLUDED.callback_url WHERE projects.sandbox`,
        values: valuesOf(row),
      });
    },
  };
}
