import type pg from 'pg';

/** Runs `work` in one transaction: all of it is durable when this resolves, none of it when it rejects. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    const cured = await client.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    // A connection that cannot roll back is not given to anybody else.
    client.release(!cured);
    throw error;
  }
}
