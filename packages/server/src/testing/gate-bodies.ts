import { signMessage } from '@rocketpay/contract/signature.ts';

export type Body = Readonly<Record<string, unknown>>;

/** Whose request it is: the sandbox's project unless a test says otherwise. */
export interface Signer {
  readonly projectId: number;
  readonly secret: string;
}

export const sandbox: Signer = { projectId: 1234, secret: 'test-secret' };

/** A body with the project, the payment and a good signature in its `general`. */
export function signed(paymentId: string | undefined, body: Body = {}, { projectId, secret }: Signer = sandbox): Body {
  const named = paymentId === undefined ? {} : { payment_id: paymentId };
  const general = { project_id: projectId, ...named, ...(body['general'] as Body | undefined) };
  const signature = signMessage({ ...body, general }, secret);
  return { ...body, general: { ...general, signature } };
}

/** A purchase of 1,000 tenge by a subscriber of TELE2; `change` replaces whole members of the root. */
export function saleBody(change: Body = {}): Body {
  return {
    customer: {
      id: 'customer-1',
      ip_address: '198.51.100.47',
      first_name: 'Aigerim',
      last_name: 'Saparova',
      email: 'aigerim@example.com',
    },
    account: { number: '77071234567' },
    payment: { amount: 100_000, currency: 'KZT' },
    ...change,
  };
}

export const codeBody = (code: string): Body => ({ additional_data: { additional_data: { approval_code: code } } });
export const resendBody: Body = { customer: { ip_address: '198.51.100.47' } };

export const paths = {
  sale: '/v2/payment/mobile/sale',
  code: '/v2/payment/clarification',
  resend: '/v2/customer/action/resend',
  refund: '/v2/payment/mobile/refund',
  status: '/v2/payment/status',
} as const;
