import { isOperatorId } from '@rocketpay/core/operators/operator.ts';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { CodeFacts, Finding } from '@rocketpay/core/payment/sale-events.ts';
import type { RefundFinding } from '@rocketpay/core/refund/refund-events.ts';
import type { Fields } from './fields.ts';

/** Results that say no for good, and what they mean for the payer. */
const reasons: Readonly<Record<number, DeclineReason>> = {
  40: 'insufficient_balance',
  41: 'limit_day',
  42: 'service_barred',
  43: 'unknown_number',
  44: 'another_payment_open',
  45: 'charge_failed',
  60: 'refund_not_allowed',
  61: 'over_refund',
};

/** The reason behind a result of Saiga's; undefined for one that is no plain no. */
export const reasonOf = (result: number): DeclineReason | undefined => reasons[result];

/** ISO 4217's number, which Saiga uses for the currency. */
export const KZT = '398';

/** A moment in Unix seconds, as epoch milliseconds. */
function momentOf(text: string | undefined): number | undefined {
  return /^\d{9,11}$/.test(text ?? '') ? Number(text) * 1_000 : undefined;
}

function known<Shape extends object>(facts: { readonly [Name in keyof Shape]: Shape[Name] | undefined }): Shape {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Shape;
}

export function codeFactsOf(fields: Fields): CodeFacts {
  const left = fields['resends'];
  return known<CodeFacts>({
    authorizationId: fields['session'] || undefined,
    codeExpiresAt: momentOf(fields['code_until']),
    resendAllowedAt: momentOf(fields['resend_at']),
    resendsLeft: /^\d{1,2}$/.test(left ?? '') ? Number(left) : undefined,
  });
}

function sumOf({ amount = '', cur }: Fields): Finding['sum'] {
  return /^[1-9]\d{0,14}$/.test(amount) && cur === KZT ? { amountMinor: Number(amount), currency: 'KZT' } : undefined;
}

/** What a payment's fields say; `unclear` for what no document knows, so that it is asked after. */
export function findingOf(fields: Fields): Finding {
  const { pay_id: id, net = '', reason } = fields;
  const facts = {
    ...known<Pick<Finding, 'providerPaymentId' | 'operator'>>({
      providerPaymentId: id || undefined,
      operator: isOperatorId(net) ? net : undefined,
    }),
    ...codeFactsOf(fields),
  };
  switch (fields['state']) {
    case 'NEW':
      return { status: 'in_work', ...facts };
    case 'WAIT_CODE':
      return { status: 'pending_code', ...facts };
    case 'HELD':
      return { status: 'reserved', ...facts };
    case 'DONE': {
      const sum = sumOf(fields);
      return sum ? { status: 'charged', ...facts, sum } : { status: 'unclear', ...facts };
    }
    case 'FAIL':
      return { status: 'denied', ...facts, reason: reasonOf(Number(reason)) ?? 'unknown_reason' };
    case 'VOID':
      return { status: 'cancelled', ...facts };
    default:
      return { status: 'unclear', ...facts };
  }
}

export function refundFindingOf(fields: Fields): RefundFinding {
  const facts = known<Pick<RefundFinding, 'providerRefundId'>>({ providerRefundId: fields['return_id'] || undefined });
  switch (fields['state']) {
    case 'RETURNING':
      return { status: 'in_work', ...facts };
    case 'RETURNED':
      return { status: 'succeeded', ...facts };
    case 'RETURN_FAIL':
      return { status: 'denied', ...facts, reason: 'refund_failed' };
    default:
      return { status: 'unclear', ...facts };
  }
}
