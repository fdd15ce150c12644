import type { Finding } from '@rocketpay/core/payment/sale-events.ts';
import type { RefundFinding } from '@rocketpay/core/refund/refund-events.ts';
import type { Notice } from '../port.ts';
import { sumOf } from './amounts.ts';
import { idOf, knownOnly, membersOf, textOf, type Members } from './members.ts';
import { cancelReason, operatorOf, reasonOf } from './payment-finding.ts';

const SALE = 'org.camaraproject.carrier-billing.v0.';
const REFUND = 'org.camaraproject.carrier-billing-refund.v0.';

/** Reads a CloudEvent of the operator link; null when it is none. What it does not say plainly is `unclear`: look it up. */
export function readNotice(body: unknown): Notice | null {
  const event = membersOf(body);
  const { specversion, type, data } = event;
  if (specversion !== '1.0' || typeof type !== 'string') return null;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  const members = membersOf(data);
  if (!type.startsWith(REFUND)) {
    return { about: 'sale', finding: saleFinding(type.startsWith(SALE) ? type.slice(SALE.length) : '', members) };
  }
  const correlator = textOf(members['clientCorrelator']);
  return { about: 'refund', correlator, finding: refundFinding(type.slice(REFUND.length), members) };
}

function saleFinding(event: string, data: Members): Finding {
  const facts = knownOnly<Pick<Finding, 'providerPaymentId' | 'operator'>>({
    providerPaymentId: idOf(data['paymentId']) ?? undefined,
    operator: operatorOf(data['operator']),
  });
  // `status` tells how the step went: a denial is a failed payment, anything else that failed did not happen.
  if (event === 'payment-denied') return { status: 'denied', ...facts, reason: reasonOf(data['denialCode']) };
  if (data['status'] !== 'succeeded') return { status: 'unclear', ...facts };
  switch (event) {
    case 'payment-pending-validation':
      return { status: 'pending_code', ...facts };
    case 'payment-reserved':
      return { status: 'reserved', ...facts };
    case 'payment-completed': {
      const sum = sumOf(data['amount'], data['currency']);
      return sum ? { status: 'charged', ...facts, sum } : { status: 'unclear', ...facts };
    }
    case 'payment-cancelled':
      return { status: 'cancelled', ...facts, ...cancelReason(data['denialCode']) };
    default:
      return { status: 'unclear', ...facts };
  }
}

function refundFinding(event: string, data: Members): RefundFinding {
  const facts = knownOnly<Pick<RefundFinding, 'providerRefundId'>>({
    providerRefundId: idOf(data['refundId']) ?? undefined,
  });
  if (event === 'refund-denied') return { status: 'denied', ...facts, reason: reasonOf(data['denialCode']) };
  const completed = event === 'refund-completed' && data['status'] === 'succeeded';
  return { status: completed ? 'succeeded' : 'unclear', ...facts };
}
