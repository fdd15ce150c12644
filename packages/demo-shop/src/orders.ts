import type { Account, CallbackEvent, Clarification, Operation, Payment, PaymentState } from '@rocketpay/sdk';
import type { PageWay, Way } from './ways.ts';

/**
 * `sending` until the platform's answer is known, `not_taken` when it said no. `opened` until the platform tells of a payer
 * who paid on the Payment Page.
 */
export type Stage = 'sending' | 'opened' | 'taken' | 'not_taken';

export interface Refund {
  /** Absent when the refund was started elsewhere. */
  readonly merchantRefundId?: string;
  readonly requestId?: string;
  /** Absent when all that is left was asked back and no answer told the sum yet. */
  readonly amountMinor?: number;
  readonly state: 'sending' | 'taken' | 'done' | 'declined' | 'not_taken';
  readonly code?: string;
  readonly message?: string;
}

export interface Order {
  readonly paymentId: string;
  readonly startedHere: boolean;
  /** Absent when the payment was started elsewhere. */
  readonly way?: Way;
  readonly createdAt: number;
  /** As it was given at the purchase. */
  readonly phone: string;
  /** The number that pays, told by the platform: a payer may change it on the Payment Page. */
  readonly payingPhone?: string;
  readonly operator: string;
  readonly goods: string;
  readonly amountMinor: number;
  /** What was paid and not refunded. */
  readonly leftMinor: number;
  readonly currency: string;
  readonly stage: Stage;
  /** The platform's word; empty before its first news. */
  readonly status: string;
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  readonly clarification?: Clarification;
  /** Why the last thing tried here did not work. */
  readonly problem?: string;
  readonly refunds: readonly Refund[];
  /** When to ask for the status if nothing is heard; absent when nothing is awaited. */
  readonly checkAt?: number;
  readonly checkWaitMs: number;
}

export const FIRST_CHECK_MS = 30_000;
const LONGEST_CHECK_MS = 300_000;

const PAID = ['success', 'partially refunded', 'refunded', 'partially reversed', 'reversed'];
const FINISHED = [...PAID, 'decline', 'error'];

/** The number whose phone the code is sent to. */
export const phoneOf = (order: Order): string => order.payingPhone ?? order.phone;

export function isPaid(order: Order): boolean {
  return PAID.includes(order.status);
}

/** The way to the Payment Page of an order that can still be paid there. */
export function openWay({ way, status, stage }: Order): PageWay | undefined {
  const isOver = FINISHED.includes(status) || stage === 'not_taken';
  return isOver || way === undefined || way === 'gate' ? undefined : way;
}

export function isOpenRefund(refund: Refund): boolean {
  return refund.state === 'sending' || refund.state === 'taken';
}

/** What can still be asked back: paid, not returned, and not already on its way. */
export function refundableMinor(order: Order): number {
  if (!isPaid(order)) return 0;
  const open = order.refunds.filter(isOpenRefund);
  if (open.some((refund) => refund.amountMinor === undefined)) return 0;
  return Math.max(0, order.leftMinor - open.reduce((sum, refund) => sum + (refund.amountMinor ?? 0), 0));
}

/** Not random, so that a refund form sent twice, or from two windows, asks for one refund. */
export function nextRefundId(order: Order): string {
  const used = order.refunds.map((refund) =>
    Number(/^shop-refund-(\d+)$/.exec(refund.merchantRefundId ?? '')?.[1] ?? 0),
  );
  return `shop-refund-${Math.max(0, ...used) + 1}`;
}

export function newOrder(
  known: Pick<Order, 'paymentId' | 'startedHere' | 'way' | 'phone' | 'goods' | 'amountMinor' | 'currency' | 'stage'>,
  now: number,
): Order {
  return {
    ...known,
    createdAt: now,
    operator: '',
    leftMinor: known.amountMinor,
    status: '',
    code: '',
    message: '',
    refunds: [],
    checkAt: now + FIRST_CHECK_MS,
    checkWaitMs: FIRST_CHECK_MS,
  };
}

/** The order of a payment that this shop did not start. */
export function foreignOrder(event: CallbackEvent, now: number): Order {
  const sum = event.operation?.type === 'sale' ? event.operation.sum : event.payment.sum;
  return newOrder(
    {
      paymentId: event.payment.id,
      startedHere: false,
      phone: event.account?.number ?? '',
      goods: event.payment.description,
      amountMinor: sum?.amountMinor ?? 0,
      currency: sum?.currency ?? 'KZT',
      stage: 'taken',
    },
    now,
  );
}

export function withEvent(order: Order, event: CallbackEvent, now: number): Order {
  const clarification = event.kind === 'code_wanted' ? event.clarification : undefined;
  const operations = event.operation === undefined ? [] : [event.operation];
  return scheduled(withNews(order, event.payment, operations, event.account, clarification), now, FIRST_CHECK_MS);
}

export function withState(order: Order, state: PaymentState, now: number): Order {
  const next = withNews(order, state.payment, state.operations, state.account, state.clarification);
  return postponed(next, now);
}

/** The next check, later each time: a status that does not move is not asked for every half minute for ever. */
export function postponed(order: Order, now: number): Order {
  return scheduled(order, now, Math.min(order.checkWaitMs * 2, LONGEST_CHECK_MS));
}

export function withRefund(order: Order, refund: Refund, now: number): Order {
  const { problem: _solved, ...rest } = order;
  return scheduled({ ...rest, refunds: [...order.refunds, refund] }, now, FIRST_CHECK_MS);
}

export function changeRefund(order: Order, merchantRefundId: string, change: Partial<Refund>): Order {
  const refunds = order.refunds.map((refund) =>
    refund.merchantRefundId === merchantRefundId ? { ...refund, ...change } : refund,
  );
  return { ...order, refunds };
}

/** Its callback may have come before the answer to the call, and then lies here as a refund of unknown origin. */
export function refundTaken(order: Order, merchantRefundId: string, requestId: string): Order {
  const early = order.refunds.find((refund) => refund.requestId === requestId && refund.merchantRefundId === undefined);
  const refunds = order.refunds.filter((refund) => refund !== early);
  return changeRefund({ ...order, refunds }, merchantRefundId, { state: 'taken', ...early, requestId });
}

export function withProblem(order: Order, problem: string | undefined): Order {
  const { problem: _old, ...rest } = order;
  return problem === undefined ? rest : { ...rest, problem };
}

function withNews(
  order: Order,
  payment: Payment,
  operations: readonly Operation[],
  account: Account | undefined,
  clarification: Clarification | undefined,
): Order {
  // The platform sends a payment's callbacks in order; a status answer may still cross one of them on its way.
  const late = FINISHED.includes(order.status) && !FINISHED.includes(payment.status);
  const { clarification: _asked, problem, ...rest } = order;
  const sale = operations.findLast((operation) => operation.type !== 'refund' && operation.type !== 'reversal');
  const next: Order = late
    ? { ...rest, ...(problem !== undefined && { problem }) }
    : {
        ...rest,
        stage: 'taken',
        status: payment.status,
        operator: account?.operator || order.operator,
        ...(account && account.number !== '' && { payingPhone: account.number }),
        ...(sale && { code: sale.code, message: sale.message }),
        ...(clarification && { clarification }),
        leftMinor: leftAfter(order, payment),
      };
  return operations.filter((operation) => operation.type === 'refund').reduce(withRefundNews, next);
}

/** What is left only ever shrinks, so that two refund callbacks that cross do not show money that is gone. */
function leftAfter(order: Order, payment: Payment): number {
  const told = payment.sum?.amountMinor ?? order.leftMinor;
  return isPaid(order) ? Math.min(order.leftMinor, told) : told;
}

function withRefundNews(order: Order, operation: Operation): Order {
  const state = operation.status === 'success' ? 'done' : operation.status === 'decline' ? 'declined' : 'taken';
  const known = order.refunds.findIndex((refund) => refund.requestId === operation.requestId);
  const news: Refund = {
    ...order.refunds[known],
    requestId: operation.requestId,
    ...(operation.sum && { amountMinor: operation.sum.amountMinor }),
    state,
    code: operation.code,
    message: operation.message,
  };
  const settled = order.refunds[known]?.state;
  if (state === 'taken' && (settled === 'done' || settled === 'declined')) return order;
  return { ...order, refunds: known < 0 ? [...order.refunds, news] : order.refunds.with(known, news) };
}

function scheduled(order: Order, now: number, waitMs: number): Order {
  const { checkAt: _old, ...rest } = order;
  const awaited = !FINISHED.includes(order.status) || order.refunds.some(isOpenRefund);
  return awaited && order.stage !== 'not_taken' ? { ...rest, checkAt: now + waitMs, checkWaitMs: waitMs } : rest;
}
