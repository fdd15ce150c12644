import { Type } from 'typebox';
import type { Parsed } from './fault.ts';
import type { JsonValue } from './json.ts';
import { closed, documentedRoot } from './objects.ts';
import { compileBody } from './shape.ts';

export type ClarificationRequest = {
  readonly projectId: number;
  readonly paymentId: string;
  readonly signature: string;
  /** The code that the payer received. Never log or store it. */
  readonly approvalCode: string;
};

export const clarificationBody = Type.Object(
  {
    ...documentedRoot,
    additional_data: Type.Object({
      additional_data: Type.Object({
        approval_code: Type.String({ minLength: 1, maxLength: 20, 'x-empty-code': '2004' }),
      }),
    }),
  },
  closed,
);

const checkClarification = compileBody(clarificationBody);

/** Reads the submission of a payer's code. */
export function parseClarification(body: JsonValue): Parsed<ClarificationRequest> {
  const checked = checkClarification(body);
  if (!checked.ok) return checked;
  const { general, additional_data: outer } = checked.value;
  return {
    ok: true,
    value: {
      projectId: general.project_id,
      paymentId: general.payment_id,
      signature: general.signature,
      approvalCode: outer.additional_data.approval_code,
    },
  };
}
