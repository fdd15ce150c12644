import type { RefundFinding } from '@rocketpay/core/refund/refund-events.ts';
import { idOf, membersOf } from './members.ts';
import { reasonOf } from './payment-finding.ts';

/** A CAMARA refund as a finding; null when it has no usable id. */
export function refundFinding(resource: unknown): RefundFinding | null {
  const refund = membersOf(resource);
  const providerRefundId = idOf(refund['refundId']);
  if (providerRefundId === null) return null;
  switch (refund['refundStatus']) {
    case 'processing':
      return { status: 'in_work', providerRefundId };
    case 'succeeded':
      return { status: 'succeeded', providerRefundId };
    case 'denied':
      return { status: 'denied', providerRefundId, reason: reasonOf(refund['denialCode']) };
    default:
      return { status: 'unclear', providerRefundId };
  }
}
