import { denial, SILENT, UNLISTED } from '../denials.ts';
import type { Denial, DenialCode } from '../denials.ts';
import { decline } from './sentinel.ts';
import type { Group, Sentinel } from './sentinel.ts';

const LISTED: readonly (readonly [string, DenialCode, string])[] = [
  ['77000000101', 'insufficient_balance', '20105'],
  ['77000000102', 'amount_too_large', '20101'],
  ['77000000103', 'amount_too_small', '20101'],
  ['77000000104', 'limit_day', '20101'],
  ['77000000105', 'limit_month', '20101'],
  ['77000000106', 'count_day', '20101'],
  ['77000000107', 'unidentified_cap', '20101'],
  ['77000000108', 'trust_credit_active', '20201'],
  ['77000000109', 'start_balance_unused', '20201'],
  ['77000000110', 'tariff_not_allowed', '20201'],
  ['77000000111', 'corporate_line', '20201'],
  ['77000000112', 'service_barred', '20201'],
  ['77000000113', 'not_registered_mfs', '20201'],
  ['77000000114', 'number_blocked', '20201'],
  ['77000000115', 'unknown_number', '20102'],
  ['77000000116', 'wrong_operator', '20102'],
  ['77000000117', 'another_payment_open', '3613'],
  ['77000000118', 'duplicate_5min', '3613'],
];

function refused(number: string, name: string, because: Denial, code: string): Sentinel {
  return {
    number,
    name,
    happens: `${because.status} \`${because.code}\`: ${because.reason.toLowerCase()}`,
    purchase: decline(code),
    twist: { refused: because },
  };
}

export const REFUSED: Group = {
  title: 'Refused at prepare',
  sentinels: [
    ...LISTED.map(([number, denialCode, code]) =>
      refused(number, denialCode.replaceAll('_', '-'), denial(denialCode), code),
    ),
    refused('77000000119', 'unlisted-denial', UNLISTED, '20100'),
    refused('77000000120', 'denied-without-reason', SILENT, '20000'),
  ],
};
