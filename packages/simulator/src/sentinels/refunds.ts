import { decline, success } from './sentinel.ts';
import type { Group } from './sentinel.ts';

export const REFUNDS: Group = {
  title: 'Refunds (the purchase succeeds)',
  sentinels: [
    {
      number: '77000000501',
      name: 'refund-denied',
      happens: 'A refund is `processing`, then denied by notice after 1 s: refund failed',
      purchase: success,
      refund: decline('20100'),
      twist: { refundDelayMs: 1000, refundDenied: 'refund_failed' },
    },
    {
      number: '77000000502',
      name: 'refund-not-allowed',
      happens: 'A refund is refused, 403 `PAYMENT_NOT_ELIGIBLE_FOR_REFUND`',
      purchase: success,
      refund: decline('3610'),
      twist: { refundRefused: 'refund_not_allowed' },
    },
    {
      number: '77000000503',
      name: 'refund-window-over',
      happens: 'A refund is refused, 403: the time for refunds is over',
      purchase: success,
      refund: decline('3610'),
      twist: { refundRefused: 'refund_window_over' },
    },
    {
      number: '77000000504',
      name: 'refund-loses-answer',
      happens: 'A refund is done and never answered',
      purchase: success,
      twist: { faults: { refund: { done: true, answer: 'none' } } },
    },
    {
      number: '77000000505',
      name: 'refund-lost',
      happens: "A refund's first call never answers and does nothing; the next ones work",
      purchase: success,
      twist: { faults: { refund: { done: false, answer: 'none', times: 1 } } },
    },
    {
      number: '77000000506',
      name: 'refund-late',
      happens: 'A refund is `processing`, then done after 3 s',
      purchase: success,
      twist: { refundDelayMs: 3000 },
    },
    {
      number: '77000000507',
      name: 'refund-merchant-balance',
      happens: "A refund is refused, 403: the merchant's balance is too low",
      purchase: success,
      refund: decline('3028'),
      twist: { refundRefused: 'merchant_balance' },
    },
  ],
};
