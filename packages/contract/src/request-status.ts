import { Type } from 'typebox';
import type { AccountView, OperationView, PaymentView, SumView } from './envelope.ts';
import { filledText } from './fields.ts';
import type { Parsed } from './fault.ts';
import type { JsonValue } from './json.ts';
import { formatMoment } from './moment.ts';
import { closed, rootIdentity } from './objects.ts';
import { compileBody } from './shape.ts';
import { signMessage, type Secret } from './signature.ts';

export type RequestStatusRequest = {
  readonly projectId: number;
  readonly requestId: string;
  readonly signature: string;
};

export const requestStatusBody = Type.Object({ ...rootIdentity, request_id: filledText(100) }, closed);

const checkRequestStatus = compileBody(requestStatusBody);

/** Reads the question what became of a request, by the id that its answer gave. It is signed at the root. */
export function parseRequestStatus(body: JsonValue): Parsed<RequestStatusRequest> {
  const checked = checkRequestStatus(body);
  if (!checked.ok) return checked;
  const { project_id: projectId, request_id: requestId, signature } = checked.value;
  return { ok: true, value: { projectId, requestId, signature } };
}

export type RequestStatusView = {
  readonly projectId: number;
  readonly payment: PaymentView;
  /** The operation that the request began. */
  readonly operation: OperationView;
  readonly operations: readonly OperationView[];
  readonly account: AccountView;
  /** What the payment was made for. */
  readonly asked: SumView;
  /** What the payer was charged; 0 while nothing was. */
  readonly chargedMinor: number;
  readonly refundedMinor: number;
};

const sum = (amountMinor: number, currency: string) => ({ amount: amountMinor, currency });

const renderOldOperation = (operation: OperationView) => ({
  id: operation.id,
  type: operation.type,
  status: operation.status,
  date: formatMoment(operation.changedAt),
  sum: sum(operation.initial.amountMinor, operation.initial.currency),
});

/** The answer in the family's older shape, signed in `general`, as that shape is. `status` is the payment's. */
export function signedRequestStatus(view: RequestStatusView, secret: Secret) {
  const { payment, operation, asked } = view;
  const general = { project_id: view.projectId, payment_id: payment.id };
  const body = {
    general,
    request_id: operation.requestId,
    status: payment.status,
    payment: {
      id: operation.provider.paymentId,
      payment_system_id: operation.provider.id,
      method: 'mobile',
      result_code: operation.code,
      result_message: operation.message,
      date: formatMoment(payment.changedAt),
    },
    transaction: { id: operation.id, type: operation.type, date: formatMoment(operation.changedAt) },
    sum_request: sum(operation.initial.amountMinor, operation.initial.currency),
    sum_real: sum(view.chargedMinor, asked.currency),
    sum_refund: sum(view.refundedMinor, asked.currency),
    operations: view.operations.map(renderOldOperation),
    account: { number: view.account.number, type: view.account.type },
    description: payment.description ?? '',
  };
  return { ...body, general: { ...general, signature: signMessage(body, secret) } };
}
