import type { Operator } from '../operators.ts';
import { success } from './sentinel.ts';
import type { Group } from './sentinel.ts';

const PORTED: readonly (readonly [string, Operator])[] = [
  ['77000000601', 'BEELINE'],
  ['77000000602', 'ACTIV'],
  ['77000000603', 'KCELL'],
  ['77000000604', 'TELE2'],
];

export const BRANDS: Group = {
  title: 'Ported numbers',
  sentinels: PORTED.map(([number, operator]) => ({
    number,
    name: `ported-to-${operator.toLowerCase()}`,
    happens: `The prefix says ALTEL, the answer says ${operator}`,
    purchase: success,
    twist: { operator },
  })),
};
