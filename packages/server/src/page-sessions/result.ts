import { formatMoment } from '@rocketpay/contract/moment.ts';
import { gateCodes, type GateCode } from '@rocketpay/core/errors.ts';
import { declineCodes } from '@rocketpay/core/payment/decline-reasons.ts';
import { currentSale, isCodeAccepted, type Payment, type SaleOperation } from '@rocketpay/core/payment/payment.ts';
import { tryAgainOffer } from '@rocketpay/core/payment/try-again.ts';
import { payerReason } from '@rocketpay/payment-page/payer-reason.ts';
import type { PageRequest } from '@rocketpay/contract/page-parameters.ts';

/**
 * What the widget's `onPaymentSuccess` and `onPaymentFail` tell the shop's page, in the family's members. It holds no
 * signature: one that covered these members would sign whatever the payer's browser makes of them. The number is masked, and
 * a reason that only the subscriber may know is told as a general decline: who reads this need not be the payer.
 */
export function resultOf(payment: Payment, request: PageRequest, providerId: number, now: number) {
  const sale = currentSale(payment);
  const succeeded = sale.state === 'succeeded';
  const status = succeeded ? 'success' : 'decline';
  const offer = tryAgainOffer(payment);
  const sum = { amount: payment.sum.amountMinor, currency: payment.sum.currency };
  const code = toldCode(sale);
  return {
    status,
    request_id: sale.requestId,
    general: { project_id: payment.projectId, payment_id: payment.paymentId },
    project_id: payment.projectId,
    payment: {
      id: payment.paymentId,
      method: 'mobile',
      date: formatMoment(payment.changedAt),
      status,
      result_code: code,
      result_message: gateCodes[code].message,
      provider_id: providerId,
      is_new_attempts_available: offer !== null,
      ...(offer && { attempts_timeout: Math.max(0, Math.floor((offer.until - now) / 1_000)) }),
    },
    transaction: { id: sale.operationId, date: formatMoment(sale.changedAt), type: 'purchase' },
    sum_request: sum,
    sum_real: { ...sum, amount: succeeded ? sum.amount : 0 },
    customer: { id: payment.customerId },
    account: { number: starredNumber(sale.accountNumber), type: sale.operator ?? '' },
    description: payment.description ?? '',
    operations: payment.sales.map((each) => operationOf(each, sum)),
    return_url: (succeeded ? request.buttons.success.url : request.buttons.fail.url) ?? '',
  };
}

function operationOf(sale: SaleOperation, sum: { readonly amount: number; readonly currency: string }) {
  const code = toldCode(sale);
  return {
    id: sale.operationId,
    type: 'sale',
    status: sale.state === 'succeeded' ? 'success' : sale.state === 'declined' ? 'decline' : 'processing',
    date: formatMoment(sale.changedAt),
    processing_time: Math.max(0, Math.round((sale.changedAt - sale.createdAt) / 1_000)),
    sum,
    code,
    message: gateCodes[code].message,
  };
}

function toldCode(sale: SaleOperation): GateCode {
  if (sale.state === 'succeeded') return '0';
  if (sale.declineReason === null) return '9999';
  const isPrivate = payerReason(sale.declineReason, isCodeAccepted(sale)) !== payerReason(sale.declineReason, true);
  return isPrivate ? '20000' : declineCodes[sale.declineReason];
}

/** `77071234567` → `77*******67`. */
const starredNumber = (digits: string): string => `${digits.slice(0, 2)}*******${digits.slice(-2)}`;

/** `77071234567` → `+7 7•• ••• •• 67`. */
export const maskedNumber = (digits: string): string =>
  `+${digits.slice(0, 1)} ${digits.slice(1, 2)}•• ••• •• ${digits.slice(-2)}`;
