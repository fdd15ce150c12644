import { createHmac } from 'node:crypto';
import { exampleSecret, signedRequest } from '@rocketpay/contract/openapi/examples.ts';
import { stringToSign } from '@rocketpay/contract/signature.ts';

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly body: string;
  readonly signature: string;
  readonly signed: string;
}

const general = { project_id: 1234, payment_id: 'payment_47' };
const payment = { amount: 40_000, currency: 'KZT' };
const write = (body: object): string => JSON.stringify(body, undefined, 2);

const right = { general, customer: { id: 'customer_123', save: true }, payment };
const signedTooEarly = signedRequest(right);

/** Things to try at once, under the sandbox's secret. */
export const examples: readonly Example[] = [
  { name: 'right', title: 'A signature that fits', body: write(signedRequest(right)), signature: '', signed: '' },
  {
    name: 'late',
    title: 'A member added after signing',
    body: write({ ...signedTooEarly, payment: { ...payment, description: 'Tea' } }),
    signature: '',
    signed: write(right),
  },
  {
    name: 'hex',
    title: 'Hex instead of base64',
    body: write(right),
    signature: createHmac('sha512', exampleSecret).update(stringToSign(right)).digest('hex'),
    signed: '',
  },
];
