import { createHash } from 'node:crypto';

export interface DemoCustomer {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

/** The shop knows nobody by name; one number is one customer. */
export function demoCustomer(phone: string): DemoCustomer {
  const id = `demo-${createHash('sha256').update(phone).digest('hex').slice(0, 12)}`;
  return { id, firstName: 'Demo', lastName: 'Customer', email: `${id}@example.com` };
}
