import type { Schema } from './translate.ts';

/** The headers of the Standard Webhooks specification, which every callback carries beside its signature. */
const parameters: readonly Schema[] = [
  {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description: 'The same in every attempt to deliver this callback: drop a second one with an id you know.',
    schema: { type: 'string' },
  },
  {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description: 'Unix seconds of this attempt.',
    schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
  },
  {
    name: 'webhook-signature',
    in: 'header',
    required: false,
    description:
      'Standard Webhooks: `v1,<base64>`, two of them while a secret is being rotated. Never trust a callback without one that fits, if you verify by it.',
    schema: { type: 'string', pattern: '^v1,[A-Za-z0-9+/]{43}=(?: v1,[A-Za-z0-9+/]{43}=)*$' },
  },
];

const responses = {
  '200': { description: 'Taken; 200 and only 200. The body is not read.' },
  default: { description: 'Not taken: it is sent again, byte for byte, for about ten days.' },
};

const post = (summary: string, examples: Schema): Schema => ({
  summary,
  description:
    'JSON in one line, signed at the root. One tells of the payment and of the operation that brought it about. In order for each payment and address.',
  security: [],
  parameters,
  requestBody: {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Callback' }, ...examples } },
  },
  responses,
});

/** What the platform sends to the project's address. */
export const webhook = (example: object): Schema => ({
  operationId: 'callback',
  ...post('A payment has changed', { examples: { code_wanted: { value: example } } }),
});

/** The addresses that a request may name for the callbacks that follow from it; a refund follows its purchase's. */
export const callbackParts = (isRefund: boolean): Schema =>
  isRefund
    ? { '{$request.body#/general/merchant_callback_url}': { post: post('The refund’s result', {}) } }
    : {
        '{$request.body#/general/merchant_callback_url}': { post: post('A code is wanted, or the result', {}) },
        '{$request.body#/general/merchant_success_callback_url}': { post: post('Paid', {}) },
        '{$request.body#/general/merchant_decline_callback_url}': { post: post('Declined', {}) },
      };
