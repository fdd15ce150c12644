import { isOperatorId, type OperatorId } from '@rocketpay/core/operators/operator.ts';
import type pg from 'pg';
import { recordChange } from '../changes/changes.ts';
import { inTransaction } from '../db/transaction.ts';

/** A line of an operator's story: a change of its breaker in one process, or what a person switched. */
export interface StoryLine {
  readonly operatorId: OperatorId;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly subject: 'breaker' | 'sales' | 'refunds';
  readonly from: string;
  readonly to: string;
  readonly why: string;
  /** The process whose breaker it is, or the person. */
  readonly by: string;
  readonly counts: { readonly failures: number; readonly calls: number } | null;
}

interface StoredLine extends Omit<StoryLine, 'counts'> {
  readonly failures: number | null;
  readonly calls: number | null;
}

/** Adds a line; nothing of a story is ever changed. */
export async function addStory(client: pg.Pool | pg.ClientBase, line: StoryLine): Promise<void> {
  const { operatorId, at, subject, from, to, why, by, counts } = line;
  await client.query({
    name: 'operators.add-story',
    text: `INSERT INTO operator_story (operator_id, at, subject, from_state, to_state, why, by_whom, failures, calls)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [operatorId, new Date(at), subject, from, to, why, by, counts?.failures, counts?.calls],
  });
}

/** The newest lines, newest first; of one operator, or of all. */
export async function readStory(
  pool: pg.Pool,
  filter: { readonly operatorId: OperatorId | null; readonly limit: number },
): Promise<readonly StoryLine[]> {
  const { rows } = await pool.query<StoredLine>(
    `SELECT operator_id AS "operatorId", at, subject, from_state AS "from", to_state AS "to", why, by_whom AS "by",
            failures, calls
     FROM operator_story WHERE $1::text IS NULL OR operator_id = $1 ORDER BY story_no DESC LIMIT $2`,
    [filter.operatorId, filter.limit],
  );
  return rows.map(({ failures, calls, ...line }) => ({
    ...line,
    counts: failures === null || calls === null ? null : { failures, calls },
  }));
}

/** What processes last said of their breakers, those that are not closed. One that was killed is still named. */
export async function openBreakers(pool: pg.Pool): Promise<readonly Pick<StoryLine, 'operatorId' | 'to' | 'by'>[]> {
  const { rows } = await pool.query<{ operatorId: string; to: string; by: string }>(
    `SELECT operator_id AS "operatorId", to_state AS "to", by_whom AS "by" FROM (
       SELECT DISTINCT ON (operator_id, by_whom) operator_id, by_whom, to_state FROM operator_story
       WHERE subject = 'breaker' ORDER BY operator_id, by_whom, story_no DESC
     ) AS newest WHERE to_state NOT IN ('closed', 'stopped') ORDER BY operator_id, by_whom`,
  );
  return rows.flatMap(({ operatorId, ...rest }) => (isOperatorId(operatorId) ? [{ operatorId, ...rest }] : []));
}

export interface Switching {
  readonly operatorId: OperatorId;
  readonly subject: 'sales' | 'refunds';
  readonly on: boolean;
  readonly at: number;
  readonly by: string;
  readonly why: string;
}

/** Switches an operator's sales or refunds and writes down who and why, together; false when it was so already. */
export function switchOperator(pool: pg.Pool, { operatorId, subject, on, at, by, why }: Switching): Promise<boolean> {
  const column = subject === 'sales' ? 'sales_enabled' : 'refunds_enabled';
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE operators SET ${column} = $2 WHERE operator_id = $1 AND ${column} <> $2`,
      [operatorId, on],
    );
    if (rowCount !== 1) return false;
    const [from, to] = on ? ['off', 'on'] : ['on', 'off'];
    await addStory(client, { operatorId, at, subject, from, to, why, by, counts: null });
    const action = `operator ${subject}`;
    const values = { old: { [subject]: !on }, new: { [subject]: on, why } };
    await recordChange(client, { by, projectId: null, action, subject: operatorId, ...values });
    return true;
  });
}
