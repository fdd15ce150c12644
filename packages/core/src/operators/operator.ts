/** The brands a payer may be a subscriber of, by the ids merchants use. */
export const operatorIds = ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL', 'TELE2'] as const;

export type OperatorId = (typeof operatorIds)[number];

/** True for the id of an operator of Kazakhstan. */
export function isOperatorId(value: string): value is OperatorId {
  return (operatorIds as readonly string[]).includes(value);
}

/** What a project's owner may switch for an operator. */
export interface OperatorRules {
  readonly salesEnabled: boolean;
  readonly refundsEnabled: boolean;
}

export type RulesByOperator = Readonly<Record<OperatorId, OperatorRules>>;
