import type { OperatorId } from '@rocketpay/core/operators/operator.ts';

/** The brands as their owners write them. */
export const operatorNames: Readonly<Record<OperatorId, string>> = {
  ACTIV: 'Activ',
  ALTEL: 'Altel',
  BEELINE: 'Beeline',
  KCELL: 'Kcell',
  TELE2: 'Tele2',
};
