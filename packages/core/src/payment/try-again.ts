import type { DeclineReason } from './decline-reasons.ts';
import { currentSale, type Payment, type SaleOperation } from './payment.ts';
import type { LifecycleSettings } from './rules.ts';
import { boundedDeadline } from './sale-times.ts';

/** Declines after which nobody is there to try again, or nothing is left to try. */
const lastDeclines: ReadonlySet<DeclineReason> = new Set([
  'no_code_in_time',
  'threshold',
  'best_before',
  'settled_by_person',
]);

/**
 * Until when a payer may try again after this sale's decline; null when not at all. `best_before`, where given, governs
 * instead of the window; the threshold ends both.
 */
export function tryAgainUntil(
  payment: Payment,
  operationNo: number,
  reason: DeclineReason,
  now: number,
  settings: LifecycleSettings,
): number | null {
  const { retries } = payment;
  const earlier = payment.sales.filter((sale) => sale.operationNo < operationNo);
  if (!retries || earlier.length >= retries.allowed || lastDeclines.has(reason)) return null;
  const firstDeclinedAt = earlier[0]?.changedAt ?? now;
  const wishedAt = payment.bestBeforeAt === null ? firstDeclinedAt + retries.windowMs : Infinity;
  const until = boundedDeadline(payment, wishedAt, settings);
  return until > now ? until : null;
}

export interface TryAgainOffer {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly attemptsLeft: number;
  /** True while the operator has not said what became of an earlier sale: a next one must wait for that. */
  readonly mustWait: boolean;
}

/** What a payer whose sale was declined may still do; null when that decline is the payment's end. */
export function tryAgainOffer(payment: Payment): TryAgainOffer | null {
  const until = currentSale(payment).tryAgainUntil;
  if (!payment.retries || until === null) return null;
  return {
    until,
    attemptsLeft: payment.retries.allowed + 1 - payment.sales.length,
    mustWait: payment.sales.some(isOpenAtOperator),
  };
}

/** A cancel on its way, to be sent again, or asked after. */
function isOpenAtOperator({ pendingCall, retryAt, lookUpAt }: SaleOperation): boolean {
  return pendingCall !== null || retryAt !== null || lookUpAt !== null;
}
