export const OPERATORS = ['ACTIV', 'ALTEL', 'BEELINE', 'KCELL', 'TELE2'] as const;
/** A mobile network's brand. */
export type Operator = (typeof OPERATORS)[number];

/** What every subscriber has before the first charge: ten trillion tenge. */
export const AMPLE_BALANCE_MINOR = 10 ** 15;

/** An unvalidated payment does not stay open for ever. */
export const VALIDATION_LIFE_MS = 3_600_000;

const BY_PREFIX: Readonly<Record<string, Operator>> = {
  700: 'ALTEL',
  708: 'ALTEL',
  701: 'KCELL',
  702: 'KCELL',
  775: 'ACTIV',
  778: 'ACTIV',
  705: 'BEELINE',
  706: 'BEELINE',
  771: 'BEELINE',
  776: 'BEELINE',
  777: 'BEELINE',
  707: 'TELE2',
  747: 'TELE2',
};

/** The brand of a number that was never ported, by digits 2 to 4; TELE2 takes what no brand owns. */
export function operatorByPrefix(phone: string): Operator {
  return BY_PREFIX[phone.slice(1, 4)] ?? 'TELE2';
}
