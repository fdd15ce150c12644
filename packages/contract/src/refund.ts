import { Type } from 'typebox';
import { report } from './fault.ts';
import type { Fault, Parsed } from './fault.ts';
import type { JsonValue } from './json.ts';
import { closed, documentedRoot } from './objects.ts';
import { compileBody, isObject } from './shape.ts';

export type RefundRequest = {
  readonly projectId: number;
  readonly paymentId: string;
  readonly signature: string;
  /** Absent: all that is left. Never without a currency. */
  readonly amountMinor: number | undefined;
  readonly currency: string | undefined;
  readonly description: string | undefined;
  readonly merchantRefundId: string | undefined;
  readonly callbackDelaySeconds: number;
  readonly callbacksDisabled: boolean;
};

export const refundBody = Type.Object(documentedRoot, closed);

const checkRefund = compileBody(refundBody, demandCurrency);

/** An amount means nothing without its currency; a currency alone is only compared. */
function demandCurrency(body: JsonValue, faults: Fault[]): void {
  const payment = isObject(body) ? body['payment'] : undefined;
  if (isObject(payment) && payment['amount'] !== undefined && payment['currency'] === undefined)
    report(faults, '3287', 'payment.currency', 'required', 'is required together with payment.amount');
}

/** Reads a refund, full or partial. */
export function parseRefund(body: JsonValue): Parsed<RefundRequest> {
  const checked = checkRefund(body);
  if (!checked.ok) return checked;
  const { general, payment, callback } = checked.value;
  return {
    ok: true,
    value: {
      projectId: general.project_id,
      paymentId: general.payment_id,
      signature: general.signature,
      amountMinor: payment?.amount,
      currency: payment?.currency,
      description: payment?.description,
      merchantRefundId: payment?.merchant_refund_id,
      callbackDelaySeconds: callback?.delay ?? 0,
      callbacksDisabled: callback?.force_disable ?? false,
    },
  };
}
