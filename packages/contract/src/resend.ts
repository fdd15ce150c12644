import { Type } from 'typebox';
import { customerMembers } from './customer.ts';
import type { Parsed } from './fault.ts';
import { ipAddress } from './fields.ts';
import type { JsonValue } from './json.ts';
import { closed, documentedRoot } from './objects.ts';
import { compileBody } from './shape.ts';

export type ResendRequest = {
  readonly projectId: number;
  readonly paymentId: string;
  readonly signature: string;
};

export const resendBody = Type.Object(
  { ...documentedRoot, customer: Type.Object({ ...customerMembers, ip_address: ipAddress }) },
  closed,
);

const checkResend = compileBody(resendBody);

/** Reads the wish for a new code. */
export function parseResend(body: JsonValue): Parsed<ResendRequest> {
  const checked = checkResend(body);
  if (!checked.ok) return checked;
  const { general } = checked.value;
  return {
    ok: true,
    value: {
      projectId: general.project_id,
      paymentId: general.payment_id,
      signature: general.signature,
    },
  };
}
