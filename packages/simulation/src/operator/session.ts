import type { Sum } from '@rocketpay/core/money.ts';
import type { DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { CodeFacts, Finding } from '@rocketpay/core/payment/sale-events.ts';
import type { RefundFinding } from '@rocketpay/core/refund/refund-events.ts';
import type { NoticeAddress } from '@rocketpay/server/providers/port.ts';
import type { Habits } from './habits.ts';

export type SessionStatus = 'processing' | 'pending' | 'reserved' | 'charging' | 'succeeded' | 'denied' | 'cancelled';

/** One payment as the operator knows it. */
export interface Session {
  readonly id: string;
  readonly correlator: string;
  readonly number: string;
  readonly sum: Sum;
  chargedSum: Sum;
  readonly reference: string;
  readonly notices: NoticeAddress;
  readonly habits: Habits;
  readonly visibleAt: number;
  status: SessionStatus;
  reason: DeclineReason | null;
  authorizationId: string;
  code: string;
  codeExpiresAt: number;
  nextResendAt: number;
  resendsLeft: number;
  wrongCodes: number;
  readonly confirmedUnder: Set<string>;
  readonly refunds: Refund[];
}

export interface Refund {
  readonly id: string;
  readonly correlator: string;
  readonly sum: Sum;
  readonly notices: NoticeAddress;
  status: 'processing' | 'succeeded' | 'denied';
  reason: DeclineReason | null;
}

/** Money that moved: the truth the platform is held to. */
export interface LedgerEntry {
  readonly kind: 'charge' | 'refund';
  readonly reference: string;
  readonly correlator: string;
  readonly sum: Sum;
}

export function codeFacts(session: Session): CodeFacts {
  return {
    authorizationId: session.authorizationId,
    codeExpiresAt: session.codeExpiresAt,
    resendAllowedAt: session.nextResendAt,
    resendsLeft: session.resendsLeft,
  };
}

/** What a look-up or an answer says of a session. */
export function findingOf(session: Session): Finding {
  const facts = { providerPaymentId: session.id, operator: session.habits.brand };
  switch (session.status) {
    case 'processing':
    case 'charging':
      return { status: 'in_work', ...facts };
    case 'pending':
      return { status: 'pending_code', ...facts, ...codeFacts(session), wrongCodes: session.wrongCodes };
    case 'reserved':
      return { status: 'reserved', ...facts };
    case 'succeeded':
      return { status: 'charged', ...facts, sum: session.chargedSum };
    case 'denied':
      return { status: 'denied', ...facts, reason: session.reason ?? 'no_reason' };
    case 'cancelled':
      return { status: 'cancelled', ...facts };
  }
}

export function refundFindingOf(refund: Refund): RefundFinding {
  const facts = { providerRefundId: refund.id };
  if (refund.status === 'denied') return { status: 'denied', ...facts, reason: refund.reason ?? 'no_reason' };
  return { status: refund.status === 'succeeded' ? 'succeeded' : 'in_work', ...facts };
}
