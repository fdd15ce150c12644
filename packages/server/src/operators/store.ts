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

export interface OperatorStore {
  read(): Promise<OperatorTables>;
  portedTo(digits: string): Promise<OperatorId | null>;
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
  };
}
