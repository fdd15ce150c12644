import { gateCodes } from '@rocketpay/core/errors.ts';
import { Type } from 'typebox';
import { renderClarification, renderOperation, renderPayment } from './envelope.ts';
import type { AccountView, ClarificationView, OperationView, PaymentView } from './envelope.ts';
import type { Parsed } from './fault.ts';
import type { JsonValue } from './json.ts';
import { closed, documentedRoot } from './objects.ts';
import { compileBody } from './shape.ts';

export type StatusRequest = {
  readonly projectId: number;
  readonly paymentId: string;
  readonly signature: string;
};

export type StatusView = {
  readonly projectId: number;
  readonly payment: PaymentView;
  readonly customerId: string;
  /** Every operation of the payment, oldest first. */
  readonly operations: readonly OperationView[];
  readonly account: AccountView;
  readonly clarification?: ClarificationView | undefined;
};

/** Questions by the id of a terminal are not answered, and must not look as if they were. */
const destination = Type.Enum(['merchant'], { 'x-expected': '"merchant": nothing else is supported' });

export const statusBody = Type.Object({ ...documentedRoot, destination: Type.Optional(destination) }, closed);

const checkStatus = compileBody(statusBody);

/** Reads the question how a payment stands. */
export function parseStatus(body: JsonValue): Parsed<StatusRequest> {
  const checked = checkStatus(body);
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

/** The answer without its signature. */
export const renderStatus = (view: StatusView) => ({
  project_id: view.projectId,
  payment: renderPayment(view.payment),
  customer: { id: view.customerId },
  operations: view.operations.map(renderOperation),
  account: { number: view.account.number, type: view.account.type },
  ...(view.clarification && renderClarification(view.clarification)),
});

/** The answer for a payment that the project does not have, whoever else has it. HTTP 200, without its signature. */
export const renderUnknownPayment = (projectId: number) => ({
  project_id: projectId,
  payment: { status: 'error' },
  operations: [],
  errors: [{ code: '3061', message: gateCodes['3061'].message }],
});
