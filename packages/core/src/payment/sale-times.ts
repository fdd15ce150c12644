import type { DeclineReason } from './decline-reasons.ts';
import type { Payment, RefundOperation, SaleOperation } from './payment.ts';
import { callTimeoutMs, LEASE_SLACK_MS, OPEN_TOO_LONG_MS, type LifecycleSettings } from './rules.ts';

/** The earliest of a wished time and the payment's own ends (`best_before`, threshold). */
export function boundedDeadline(payment: Payment, wishedAt: number, settings: LifecycleSettings): number {
  const ends = [wishedAt, payment.createdAt + settings.thresholdMs];
  if (payment.bestBeforeAt !== null) ends.push(payment.bestBeforeAt);
  return Math.min(...ends);
}

/** True once `best_before` or the threshold has passed. */
export function endedByTheClock(payment: Payment, now: number, settings: LifecycleSettings): boolean {
  return boundedDeadline(payment, Infinity, settings) <= now;
}

/** Which of the payment's ends has come, for a sale whose deadline passed. */
export function deadlineReason(
  payment: Payment,
  sale: SaleOperation,
  now: number,
  settings: LifecycleSettings,
): DeclineReason {
  if (payment.bestBeforeAt !== null && payment.bestBeforeAt <= now) return 'best_before';
  if (payment.createdAt + settings.thresholdMs <= now) return 'threshold';
  return sale.state === 'preparing' ? 'first_call_unanswered' : 'no_code_in_time';
}

/** When the running call's lease ends; null when none is running. */
export function leaseUntil(operation: SaleOperation | RefundOperation): number | null {
  const call = operation.pendingCall;
  if (!call || call.inDoubt) return null;
  return call.startedAt + callTimeoutMs[call.kind] + LEASE_SLACK_MS;
}

/** When a day of waiting for the provider's last word is over. */
function dayEndsAt(operation: SaleOperation | RefundOperation): number | null {
  if (operation.openSince === null || operation.overdueTold) return null;
  return operation.openSince + OPEN_TOO_LONG_MS;
}

/** What the passing of time brings an operation, the most urgent first; `look_up` asks the provider and changes nothing. */
export type Wake =
  | 'lease_expired'
  | 'deadline_unanswered'
  | 'deadline_passed'
  | 'tries_over'
  | 'open_for_a_day'
  | 'retry_due'
  | 'look_up';

function times(operation: SaleOperation | RefundOperation): readonly (readonly [Wake, number | null])[] {
  const deadlines: readonly (readonly [Wake, number | null])[] =
    'wrongCodes' in operation
      ? [
          ['deadline_unanswered', operation.graceUntil],
          ['deadline_passed', operation.graceUntil === null ? operation.deadlineAt : null],
          ['tries_over', operation.tryAgainUntil],
        ]
      : [];
  return [
    ['lease_expired', leaseUntil(operation)],
    ...deadlines,
    ['open_for_a_day', dayEndsAt(operation)],
    ['retry_due', operation.retryAt],
    ['look_up', operation.lookUpAt],
  ];
}

/** True when this wake's time has come; a sweeper may bring one that a newer change has made void. */
export function isDue(operation: SaleOperation | RefundOperation, what: Wake, now: number): boolean {
  return times(operation).some(([name, at]) => name === what && at !== null && at <= now);
}

/** The earliest time by which somebody must look at the operation again; null when nothing is to come. */
export function dueAt(operation: SaleOperation | RefundOperation): number | null {
  let earliest: number | null = null;
  for (const [, at] of times(operation)) if (at !== null && (earliest === null || at < earliest)) earliest = at;
  return earliest;
}

/** What is due by `now`; null when nothing is. */
export function wake(operation: SaleOperation | RefundOperation, now: number): Wake | null {
  return times(operation).find(([, at]) => at !== null && at <= now)?.[0] ?? null;
}
