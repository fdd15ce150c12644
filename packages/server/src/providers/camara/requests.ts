import type { NoticeAddress, PaymentCall, PrepareCall, RefundCall, ValidateCall } from '../port.ts';
import { majorAmount } from './amounts.ts';
import { phoneNumber } from './phone.ts';
import { instantText } from './times.ts';

const CHARGING = '/carrier-billing/v0.5/payments';
const REFUNDS = '/carrier-billing-refund/v0.3/payments';
/** Notices are tried again for a day; their bearer outlives that. */
const BEARER_LIFE_MS = 2 * 86_400_000;
const MAX_DESCRIPTION = 100;

const segment = encodeURIComponent;

/** The paths of the operator link, below the provider's base address. */
export const paths = {
  prepare: `${CHARGING}/prepare`,
  payment: (id: string) => `${CHARGING}/${segment(id)}`,
  paymentsBy: (correlator: string) => `${CHARGING}?clientCorrelator=${segment(correlator)}`,
  validate: (id: string) => `${CHARGING}/${segment(id)}/validate`,
  resend: (id: string) => `${CHARGING}/${segment(id)}/resend-code`,
  confirm: (id: string) => `${CHARGING}/${segment(id)}/confirm`,
  cancel: (id: string) => `${CHARGING}/${segment(id)}/cancel`,
  refunds: (id: string) => `${REFUNDS}/${segment(id)}/refunds`,
} as const;

/** The body of prepare; null where the link cannot express the amount. */
export function prepareBody(call: PrepareCall, now: number): string | null {
  const amount = majorAmount(call.sum);
  if (amount === null) return null;
  const description = call.description || cut(`Order ${call.reference}`);
  return JSON.stringify({
    amountTransaction: {
      phoneNumber: phoneNumber(call.number),
      clientCorrelator: call.correlator,
      referenceCode: call.reference,
      paymentAmount: { chargingInformation: { amount, currency: call.sum.currency, description } },
    },
    ...sinkOf(call.notices, now),
  });
}

export function validateBody({ authorizationId, code }: ValidateCall): string {
  return JSON.stringify({ authorizationId, code });
}

export function confirmBody({ number, correlator }: PaymentCall): string {
  return JSON.stringify({ phoneNumber: phoneNumber(number), clientCorrelator: correlator });
}

export function cancelBody({ number }: PaymentCall): string {
  return JSON.stringify({ phoneNumber: phoneNumber(number) });
}

/** The body of a refund; null where the link cannot express the amount. */
export function refundBody(call: RefundCall, now: number): string | null {
  const amount = majorAmount(call.sum);
  if (amount === null) return null;
  const description = call.reason || cut(`Refund of order ${call.reference}`);
  return JSON.stringify({
    type: 'partial',
    reason: description,
    ...sinkOf(call.notices, now),
    amountTransaction: {
      clientCorrelator: call.correlator,
      referenceCode: call.reference,
      refundAmount: { chargingInformation: { amount, currency: call.sum.currency, description } },
    },
  });
}

function sinkOf({ url, bearer }: NoticeAddress, now: number) {
  return {
    sink: url,
    sinkCredential: {
      credentialType: 'ACCESSTOKEN',
      accessToken: bearer,
      accessTokenExpiresUtc: instantText(now + BEARER_LIFE_MS),
      accessTokenType: 'bearer',
    },
  };
}

/** By whole characters: half of a surrogate pair is no text. */
function cut(text: string): string {
  return text.length <= MAX_DESCRIPTION ? text : [...text].slice(0, MAX_DESCRIPTION).join('');
}
