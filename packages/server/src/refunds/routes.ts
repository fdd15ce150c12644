import { renderAccepted } from '@rocketpay/contract/answers.ts';
import { formatMomentFrom } from '@rocketpay/contract/moment.ts';
import { parseRefund } from '@rocketpay/contract/refund.ts';
import type { Refusal } from '@rocketpay/core/payment/decision.ts';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '../http/api-error.ts';
import { gateRoute, type Door } from '../http/gate.ts';
import { digestOf, keyFor, unknownPayment, type Payments } from '../payments/payments.ts';

function refusal(why: Refusal): ApiError {
  switch (why.why) {
    case 'refunds_off_for_project':
      return ApiError.refusal('310', 'general.project_id', 'allowed');
    case 'refunds_off_for_operator':
      return ApiError.refusal('3610', 'general.payment_id', 'refundable');
    case 'refund_currency':
      return ApiError.refusal('3284', 'payment.currency', 'equal');
    case 'refund_id_taken':
      return ApiError.refusal('3230', 'payment.merchant_refund_id', 'unique');
    case 'refund_too_large':
      return ApiError.refusal(
        '3283',
        'payment.amount',
        'maximum',
        `Refund amount more than init amount: ${why.leftMinor} is left`,
      );
    case 'refund_repeated':
      return ApiError.refusal(
        '3285',
        'payment.amount',
        'interval',
        `Cannot make refund because of timeout block for repeat refund: an equal one may be made from ${formatMomentFrom(why.allowedAt)} on`,
      );
    default:
      return ApiError.refusal(
        '3060',
        'general.payment_id',
        'status',
        'The payment has nothing that can be refunded now',
      );
  }
}

/** Gate's refund, under the method's own path, the family's neutral one, and the one that some shop plugins have for all methods. */
export function refundRoutes(app: FastifyInstance, { payments, door }: { payments: Payments; door: Door }): void {
  for (const path of ['/v2/payment/mobile/refund', '/v2/payment/refund', '/v2/payment/card/refund']) {
    gateRoute(app, door, path, parseRefund, async ({ value, body, project, firstAskedAt }) => {
      const key = keyFor(project, value.paymentId);
      const result = await payments.requestRefund(key, {
        amountMinor: value.amountMinor ?? null,
        currency: value.currency ?? null,
        merchantRefundId: value.merchantRefundId ?? null,
        requestDigest: digestOf(body),
        description: value.description ?? null,
        callbackDelayMs: value.callbackDelaySeconds * 1_000,
        callbacksDisabled: value.callbacksDisabled,
        ...(firstAskedAt !== null && { firstAskedAt }),
      });
      if (result.kind === 'missing') throw unknownPayment();
      if (result.kind === 'refused') throw refusal(result.refusal);
      if (result.kind === 'unchanged') throw new Error('a refund request changed nothing');
      const requestId = result.kind === 'repeated' ? result.requestId : result.payment.refunds.at(-1)?.requestId;
      if (requestId === undefined) throw new Error('an accepted refund is not in its payment');
      return renderAccepted({ requestId, projectId: project.projectId, paymentId: value.paymentId });
    });
  }
}
