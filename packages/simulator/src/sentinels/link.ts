import { decline, success } from './sentinel.ts';
import type { Fault, Group } from './sentinel.ts';

const deaf: Fault = { done: false, answer: 'none' };

export const LINK: Group = {
  title: 'Faults of the link',
  sentinels: [
    {
      number: '77000000301',
      name: 'prepare-hangs',
      happens: 'Prepare never answers and makes nothing; look-ups find nothing',
      purchase: decline('20602'),
      twist: { faults: { prepare: deaf } },
    },
    {
      number: '77000000302',
      name: 'prepare-loses-answer',
      happens: 'Prepare makes the payment, sends the code and never answers',
      purchase: success,
      twist: { faults: { prepare: { done: true, answer: 'none' } } },
    },
    {
      number: '77000000303',
      name: 'prepare-500',
      happens: 'Prepare always answers 500 and makes nothing',
      purchase: decline('20602'),
      twist: { faults: { prepare: { done: false, answer: 500 } } },
    },
    {
      number: '77000000304',
      name: 'prepare-503-made',
      happens: 'Prepare answers 503 and has made the payment all the same',
      purchase: success,
      twist: { faults: { prepare: { done: true, answer: 503 } } },
    },
    {
      number: '77000000305',
      name: 'prepare-429-twice',
      happens: 'Prepare answers 429 twice, then works',
      purchase: success,
      twist: { faults: { prepare: { done: false, answer: 429, times: 2 } } },
    },
    {
      number: '77000000306',
      name: 'operator-deaf',
      happens: 'No call for this number is ever answered, look-ups included; nothing is made',
      purchase: decline('20602'),
      twist: {
        faults: {
          prepare: deaf,
          look_up: deaf,
          validate: deaf,
          resend: deaf,
          confirm: deaf,
          cancel: deaf,
          refund: deaf,
        },
      },
    },
    {
      number: '77000000307',
      name: 'validate-loses-answer',
      happens: 'Validate takes the right code and never answers',
      purchase: success,
      twist: { faults: { validate: { done: true, answer: 'none' } } },
    },
    {
      number: '77000000308',
      name: 'validate-500-once',
      happens: 'The first validate answers 500 and does nothing; the next ones work',
      purchase: success,
      note: 'the code has to be typed again',
      twist: { faults: { validate: { done: false, answer: 500, times: 1 } } },
    },
  ],
};
