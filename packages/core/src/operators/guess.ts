import type { OperatorId, RulesByOperator } from './operator.ts';

/**
 * Numbering ranges: digits after the country code, the longest prefix wins. KCELL and ACTIV share theirs, so such a number
 * has two candidates until the operator answers. Source: the national numbering plan as published carrier tables give it.
 */
export type PrefixTable = Readonly<Record<string, readonly OperatorId[]>>;

export interface GuessInput {
  readonly digits: string;
  /** The payer's choice or `account.service_provider`. */
  readonly chosen?: OperatorId;
  /** The operator a ported number is known to have moved to. */
  readonly ported?: OperatorId;
  readonly prefixes: PrefixTable;
}

/** The operators a number may belong to, best knowledge first; none when nothing is known. A guess until the operator answers. */
export function guessOperators(input: GuessInput): readonly OperatorId[] {
  if (input.chosen) return [input.chosen];
  if (input.ported) return [input.ported];
  const national = input.digits.slice(1);
  for (let length = Math.min(6, national.length); length > 0; length--) {
    const found = input.prefixes[national.slice(0, length)];
    if (found) return found;
  }
  return [];
}

/** True when every candidate refuses sales: where two remain, only what both refuse is refused. */
export function refusedByAll(candidates: readonly OperatorId[], rules: RulesByOperator): boolean {
  return candidates.length > 0 && candidates.every((operator) => !rules[operator].salesEnabled);
}
