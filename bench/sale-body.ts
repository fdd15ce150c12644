import { signMessage, type Secret } from '../packages/contract/src/signature.ts';

export const sandboxProject = { id: 1234, secret: 'test-secret' } as const;

/** All operators of the simulator; none of its numbers with peculiarities begins like these. */
const prefixes = ['7701', '7705', '7707', '7708', '7747', '7775', '7777'];
const numbersPerPrefix = 10_000_000;

/** A phone of its own for each purchase, so that a phone never holds more than one text message. */
export function phoneOf(purchaseNo: number): string {
  const prefix = prefixes[purchaseNo % prefixes.length];
  return `${prefix}${String(Math.floor(purchaseNo / prefixes.length) % numbersPerPrefix).padStart(7, '0')}`;
}

export function saleBody(
  paymentId: string,
  phone: string,
  amountMinor: number,
  secret: Secret,
  callbackUrl?: string,
): string {
  const own = callbackUrl === undefined ? {} : { merchant_callback_url: callbackUrl };
  return signed(
    {
      general: { project_id: sandboxProject.id, payment_id: paymentId, ...own },
      customer: {
        id: `customer_${phone}`,
        ip_address: '198.51.100.47',
        first_name: 'John',
        last_name: 'Doe',
        email: 'johndoe@example.com',
      },
      account: { number: phone },
      payment: { amount: amountMinor, currency: 'KZT', description: 'Benchmark' },
    },
    secret,
  );
}

export function codeBody(paymentId: string, code: string, secret: Secret): string {
  return signed(
    {
      general: { project_id: sandboxProject.id, payment_id: paymentId },
      additional_data: { additional_data: { approval_code: code } },
    },
    secret,
  );
}

export function resendBody(paymentId: string, secret: Secret): string {
  const general = { project_id: sandboxProject.id, payment_id: paymentId };
  return signed({ general, customer: { ip_address: '198.51.100.47' } }, secret);
}

function signed<Body extends { general: object }>(body: Body, secret: Secret): string {
  const signature = signMessage(body, secret);
  return JSON.stringify({ ...body, general: { ...body.general, signature } });
}
