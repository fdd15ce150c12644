import type pg from 'pg';
import type { SecretBox } from './secret-box.ts';

const CONTEXT = 'master key check';
const KNOWN_TEXT = 'the key that sealed this opens the secrets of this database';

/** The database's secrets cannot be read with the master key that was given. */
export class WrongMasterKey extends Error {}

/**
 * Throws WrongMasterKey when the database's secrets were sealed under another master key than this one; the first key
 * that comes is the database's. A database that holds no secret but the sandbox's well-known one takes a new key.
 */
export async function checkMasterKey(pool: pg.Pool, box: SecretBox): Promise<void> {
  const sealed = box.seal(KNOWN_TEXT, CONTEXT);
  await pool.query('INSERT INTO master_key_check (sealed) VALUES ($1) ON CONFLICT DO NOTHING', [sealed]);
  const { rows } = await pool.query<{ sealed: string }>('SELECT sealed FROM master_key_check');
  if (opens(box, rows[0]?.sealed)) return;
  const replaced = await pool.query(
    'UPDATE master_key_check SET sealed = $1 WHERE NOT EXISTS (SELECT FROM projects WHERE NOT sandbox)',
    [sealed],
  );
  if (replaced.rowCount === 1) return;
  throw new WrongMasterKey(
    'the secrets in this database were encrypted under another master key; give the MASTER_KEY, or the DATA_DIR with the master.key, that it was used with before',
  );
}

function opens(box: SecretBox, sealed: string | undefined): boolean {
  try {
    return sealed !== undefined && box.open(sealed, CONTEXT) === KNOWN_TEXT;
  } catch {
    return false;
  }
}
