import {
  isOperatorId,
  operatorIds,
  type OperatorId,
  type OperatorRules,
  type RulesByOperator,
} from '@rocketpay/core/operators/operator.ts';
import type { PrefixTable } from '@rocketpay/core/operators/guess.ts';
import type pg from 'pg';

export interface OperatorRow extends OperatorRules {
  readonly operatorId: OperatorId;
  readonly name: string;
  readonly country: string;
}

export interface OperatorTables {
  readonly operators: readonly OperatorRow[];
  readonly rules: RulesByOperator;
  readonly prefixes: PrefixTable;
  readonly anyPorted: boolean;
}

/** A line of an operator's story: a change of its breaker in one process, or what a person switched. */
export interface StoryLine {
  readonly operatorId: OperatorId;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly subject: 'breaker' | 'sales' | 'refunds';
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly by: string;
  readonly counts: { readonly failures: number; readonly calls: number } | null;
}

export interface Switching {
  readonly operatorId: OperatorId;
  readonly subject: 'sales' | 'refunds';
  readonly on: boolean;
  readonly at: number;
  readonly by: string;
  readonly why: string;
}

export interface OperatorStore {
  read(): Promise<OperatorTables>;
  portedTo(digits: string): Promise<OperatorId | null>;
  addStory(line: StoryLine): Promise<void>;
  /** The newest lines, newest first; of one operator, or of all. */
  story(operatorId: OperatorId | null, limit: number): Promise<readonly StoryLine[]>;
  /** Switches an operator's sales or refunds, with who and why, as one; false when it was so already. */
  switchTo(switching: Switching): Promise<boolean>;
}

interface StoredLine extends Omit<StoryLine, 'at' | 'counts'> {
  readonly at: Date;
  readonly failures: number | null;
  readonly calls: number | null;
}

const nothing: OperatorRules = { salesEnabled: false, refundsEnabled: false };

/** An operator without a row is switched off. */
export function rulesOf(rows: readonly OperatorRow[]): RulesByOperator {
  const rules = operatorIds.map((id) => [id, rows.find((row) => row.operatorId === id) ?? nothing] as const);
  return Object.fromEntries(rules) as RulesByOperator;
}

/** The operators' tables on PostgreSQL. */
export function createOperatorStore(pool: pg.Pool): OperatorStore {
  return {
    async read() {
      const operators = await pool.query<OperatorRow>(
        `SELECT operator_id AS "operatorId", name, country, sales_enabled AS "salesEnabled", refunds_enabled AS "refundsEnabled"
         FROM operators ORDER BY operator_id`,
      );
      const ranges = await pool.query<{ prefix: string; operators: OperatorId[] }>(
        'SELECT prefix, array_agg(operator_id ORDER BY operator_id) AS operators FROM operator_prefixes GROUP BY prefix',
      );
      const ported = await pool.query<{ any: boolean }>('SELECT EXISTS (SELECT FROM ported_numbers) AS any');
      return {
        operators: operators.rows,
        rules: rulesOf(operators.rows),
        prefixes: Object.fromEntries(ranges.rows.map((row) => [row.prefix, row.operators])),
        anyPorted: ported.rows[0]?.any ?? false,
      };
    },
    async portedTo(digits) {
      const { rows } = await pool.query<{ operator: string }>({
        name: 'operators.ported-to',
        text: 'SELECT operator_id AS operator FROM ported_numbers WHERE number = $1',
        values: [digits],
      });
      const operator = rows[0]?.operator;
      return operator !== undefined && isOperatorId(operator) ? operator : null;
    },
    async addStory({ operatorId, at, subject, from, to, why, by, counts }) {
      await pool.query({
        name: 'operators.add-story',
        text: `INSERT INTO operator_story (operator_id, at, subject, from_state, to_state, why, by_whom, failures, calls)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        values: [operatorId, new Date(at), subject, from, to, why, by, counts?.failures, counts?.calls],
      });
    },
    async story(operatorId, limit) {
      const { rows } = await pool.query<StoredLine>(
        `SELECT operator_id AS "operatorId", at, subject, from_state AS "from", to_state AS "to", why, by_whom AS "by",
                failures, calls
         FROM operator_story WHERE $1::text IS NULL OR operator_id = $1 ORDER BY story_no DESC LIMIT $2`,
        [operatorId, limit],
      );
      return rows.map(({ failures, calls, at, ...line }) => ({
        ...line,
        at: at.getTime(),
        counts: failures === null || calls === null ? null : { failures, calls },
      }));
    },
    async switchTo({ operatorId, subject, on, at, by, why }) {
      const column = subject === 'sales' ? 'sales_enabled' : 'refunds_enabled';
      const { rowCount } = await pool.query(
        `WITH switched AS (
           UPDATE operators SET ${column} = $2 WHERE operator_id = $1 AND ${column} <> $2 RETURNING operator_id
         )
         INSERT INTO operator_story (operator_id, at, subject, from_state, to_state, why, by_whom)
         SELECT operator_id, $3, $4, $5, $6, $7, $8 FROM switched`,
        [operatorId, on, new Date(at), subject, on ? 'off' : 'on', on ? 'on' : 'off', why, by],
      );
      return rowCount === 1;
    },
  };
}
