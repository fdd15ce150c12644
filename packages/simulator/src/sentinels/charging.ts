import { denial, SILENT } from '../denials.ts';
import { decline, open, success } from './sentinel.ts';
import type { Group } from './sentinel.ts';

export const CHARGING: Group = {
  title: 'Charging',
  sentinels: [
    {
      number: '77000000401',
      name: 'charge-denied-balance',
      happens: 'Confirm is accepted; denied by notice: insufficient balance',
      purchase: decline('20105'),
      twist: { chargeDenied: denial('insufficient_balance') },
    },
    {
      number: '77000000402',
      name: 'charge-failed',
      happens: 'Confirm is accepted; denied by notice: the charge failed',
      purchase: decline('20100'),
      twist: { chargeDenied: denial('charge_failed') },
    },
    {
      number: '77000000403',
      name: 'confirm-refused',
      happens: 'Confirm answers 403 `CARRIER_BILLING.PAYMENT_DENIED`: insufficient balance',
      purchase: decline('20105'),
      twist: { confirmRefused: 'insufficient_balance' },
    },
    {
      number: '77000000404',
      name: 'confirm-charges-loses-answer',
      happens: 'Confirm charges and never answers; no notice is sent',
      purchase: success,
      twist: { notices: 'none', faults: { confirm: { done: true, answer: 'none' } } },
    },
    {
      number: '77000000405',
      name: 'confirm-lost',
      happens: 'The first confirm never answers and does nothing; the next ones work',
      purchase: success,
      twist: { faults: { confirm: { done: false, answer: 'none', times: 1 } } },
    },
    {
      number: '77000000406',
      name: 'charge-late',
      happens: 'The charge follows 3 s after confirm',
      purchase: success,
      twist: { chargeDelayMs: 3000 },
    },
    {
      number: '77000000407',
      name: 'no-notices',
      happens: 'Charged after 1 s, but no notice is ever sent: asking has to find it',
      purchase: success,
      twist: { chargeDelayMs: 1000, notices: 'none' },
    },
    {
      number: '77000000408',
      name: 'notices-shuffled',
      happens: 'The notice of the charge comes twice, and older ones come after it',
      purchase: success,
      twist: { notices: 'shuffled' },
    },
    {
      number: '77000000409',
      name: 'charged-less',
      happens: 'One tenge less than asked is charged',
      purchase: open,
      note: 'an incident, until a person decides',
      twist: { chargedLessMinor: 100 },
    },
    {
      number: '77000000410',
      name: 'reservation-lapses',
      happens: 'The reservation lapses at once; confirm answers 409 `PAYMENT_CANCELLED`',
      purchase: decline('20301'),
      twist: { reservationLifeMs: 0 },
    },
    {
      number: '77000000411',
      name: 'reservation-lapses-in-doubt',
      happens: 'Confirm never answers and does nothing; the reservation lapses after 2 s',
      purchase: decline('20301'),
      twist: { reservationLifeMs: 2000, faults: { confirm: { done: false, answer: 'none' } } },
    },
    {
      number: '77000000412',
      name: 'payer-refuses',
      happens: 'The payer refuses at the operator, 1 s after prepare',
      purchase: decline('20301'),
      twist: { payerRefusesAfterMs: 1000 },
    },
    {
      number: '77000000413',
      name: 'charged-after-denial',
      happens:
        'Confirm answers 403: the charge failed; cancel is accepted and ignored; ' +
        'charged all the same 2 s after the right code',
      purchase: decline('20100'),
      note: 'the late charge is given back by a reversal',
      twist: { confirmRefused: 'charge_failed', chargedAnywayMs: 2000 },
    },
    {
      number: '77000000414',
      name: 'charged-after-cancel',
      happens: 'Cancel is accepted and ignored; charged all the same 2 s after it',
      purchase: success,
      note: 'five wrong codes: `decline` 20104, and the late charge is given back by a reversal',
      twist: { chargedAfterCancelMs: 2000 },
    },
    {
      number: '77000000415',
      name: 'charge-denied-without-reason',
      happens: 'Confirm is accepted; denied by notice, without a reason',
      purchase: decline('20000'),
      twist: { chargeDenied: SILENT },
    },
  ],
};
