import { keyText, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Incident, LoggedEvent } from '@rocketpay/core/payment/decision.ts';
import type { Payment } from '@rocketpay/core/payment/payment.ts';
import type { CallbackRow } from '@rocketpay/core/callback/callback.ts';
import { paymentFromRow, paymentToRow, type PaymentRow } from '@rocketpay/server/payments/payment-row.ts';
import { refundToRow, type RefundRow } from '@rocketpay/server/payments/refund-row.ts';
import { saleToRow, type SaleRow } from '@rocketpay/server/payments/sale-row.ts';
import type { CommitResult, DueOperation, PaymentChange, PaymentStore } from '@rocketpay/server/payments/store.ts';

/** The rows of one payment, as the database's tables hold them. */
interface Stored {
  payment: Omit<PaymentRow, 'sales' | 'refunds'>;
  readonly sales: Map<number, SaleRow>;
  readonly refunds: Map<number, RefundRow>;
  readonly events: LoggedEvent[];
  readonly incidents: Incident[];
}

export interface MemoryPaymentStore extends PaymentStore {
  /** Everything stored, for the checks. */
  all(): readonly Payment[];
  peek(key: PaymentKey): Payment | null;
  /** The earliest time by which somebody must look at an operation; null when none waits. */
  nextDueAt(): number | null;
}

/**
 * The payments' store without a database: the same rows, the same constraints, written whole or not at all. `enqueue`
 * takes the callbacks in within the commit and says which may be sent at once; `committed` hears of each commit.
 */
export function createMemoryPaymentStore(
  enqueue: (rows: readonly CallbackRow[]) => readonly CallbackRow[],
  committed: (payment: Payment) => void = () => undefined,
): MemoryPaymentStore {
  const payments = new Map<string, Stored>();
  let nextDue: number | null | undefined;

  function commit(change: PaymentChange): CommitResult {
    const { payment } = change;
    const stored = payments.get(keyText(payment));
    const isNew = payment.version === 1;
    if (isNew ? stored !== undefined : stored?.payment.version !== payment.version - 1) return { kind: 'conflict' };

    const next = applied(stored, change);
    keepsConstraints(next, stored, change);
    payments.set(keyText(payment), next);
    nextDue = undefined;
    const ready = enqueue(change.callbacks);
    committed(payment);
    return { kind: 'committed', readyCallbacks: ready.map((row) => row.callbackNo) };
  }

  function read({ payment, sales, refunds }: Stored): Payment {
    const inOrder = <Row extends { operation_no: number }>(rows: Map<number, Row>): Row[] =>
      [...rows.values()].toSorted((a, b) => a.operation_no - b.operation_no);
    return paymentFromRow({ ...payment, sales: inOrder(sales), refunds: inOrder(refunds) });
  }

  function peek(key: PaymentKey): Payment | null {
    const stored = payments.get(keyText(key));
    return stored ? read(stored) : null;
  }

  function* operations(): Generator<{ key: PaymentKey; row: SaleRow | RefundRow; dueAt: number }> {
    for (const { payment, sales, refunds } of payments.values()) {
      const key = { projectId: payment.project_id, paymentKey: payment.payment_key };
      for (const rows of [sales, refunds]) {
        for (const row of rows.values()) {
          if (row.due_at !== null) yield { key, row, dueAt: timeOf(row.due_at) };
        }
      }
    }
  }

  return {
    peek,
    all: () => [...payments.values()].map(read),
    nextDueAt() {
      if (nextDue !== undefined) return nextDue;
      nextDue = null;
      for (const { dueAt } of operations()) if (nextDue === null || dueAt < nextDue) nextDue = dueAt;
      return nextDue;
    },
    commit: async (change) => commit(change),
    load: async (key) => peek(key),
    async findByRequest(projectId, requestId) {
      const begins = (row: SaleRow | RefundRow): boolean =>
        row.request_id === requestId && !('kind' in row && row.kind === 'reversal');
      const found = [...payments.values()].find(
        ({ payment, sales, refunds }) =>
          payment.project_id === projectId && [...sales.values(), ...refunds.values()].some(begins),
      );
      return found ? read(found) : null;
    },
    async claimDue(now, limit, leaseMs) {
      const due = [...operations()].filter(({ dueAt }) => dueAt <= now).toSorted((a, b) => a.dueAt - b.dueAt);
      const taken: DueOperation[] = [];
      for (const isSale of [true, false]) {
        for (const { key, row } of due.filter((one) => 'candidates' in one.row === isSale).slice(0, limit)) {
          row.due_at = now + leaseMs;
          taken.push({ ...key, operationNo: row.operation_no });
        }
      }
      nextDue = undefined;
      return taken;
    },
    events: async (key) => payments.get(keyText(key))?.events ?? [],
    incidents: async (key) => (payments.get(keyText(key))?.incidents ?? []).toSorted((a, b) => a.at - b.at),
  };
}

const timeOf = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at));

/** Columns that never change once an operation is written, whatever a later change says. */
const fixedColumns =
  `operation_id kind sale_operation_no request_id correlator created_at account_number candidates amount_minor currency
  merchant_refund_id request_digest description callback_delay_ms callbacks_disabled`.split(/\s+/);

function keepFixed<Row extends object>(known: Row | undefined, row: Row): Row {
  if (!known) return row;
  return { ...row, ...Object.fromEntries(Object.entries(known).filter(([column]) => fixedColumns.includes(column))) };
}

/** The rows as they are after a change; only what the statement writes is taken from it. */
function applied(stored: Stored | undefined, change: PaymentChange): Stored {
  const { payment, changedOperations } = change;
  const whole = paymentToRow(payment, change.request);
  const { version, changed_at, refunded_minor, held_minor, operation_count, event_count, callback_count } = whole;
  const updated = { version, changed_at, refunded_minor, held_minor, operation_count, event_count, callback_count };
  const sales = new Map(stored?.sales);
  const refunds = new Map(stored?.refunds);
  for (const sale of payment.sales) {
    if (changedOperations.has(sale.operationNo))
      sales.set(sale.operationNo, keepFixed(sales.get(sale.operationNo), saleToRow(sale)));
  }
  for (const refund of payment.refunds) {
    if (!changedOperations.has(refund.operationNo)) continue;
    refunds.set(refund.operationNo, keepFixed(refunds.get(refund.operationNo), refundToRow(refund)));
  }
  const raised = change.incidents.filter(
    (incident) =>
      !stored?.incidents.some((known) => known.operationNo === incident.operationNo && known.kind === incident.kind),
  );
  return {
    payment: stored ? { ...stored.payment, ...updated } : whole,
    sales,
    refunds,
    events: [...(stored?.events ?? []), ...change.log],
    incidents: [...(stored?.incidents ?? []), ...raised],
  };
}

/** What the database's constraints refuse. */
function keepsConstraints(next: Stored, before: Stored | undefined, change: PaymentChange): void {
  const { amount_minor: amount, refunded_minor: refunded, held_minor: held } = next.payment;
  demand(amount >= 1 && amount <= 10_000_000_000_000, 'payments_amount');
  demand(refunded >= 0 && held >= 0 && refunded + held <= amount, 'payments_never_returns_more_than_paid');
  const numbers = new Set(before?.events.map((event) => event.eventNo));
  for (const { eventNo } of change.log) {
    demand(!numbers.has(eventNo), 'payment_events_pkey');
    numbers.add(eventNo);
  }
  for (const sale of next.sales.values()) {
    demand((sale.state === 'declined') === (sale.decline_reason !== null), 'sale_operations_decline_reason');
    demand(sale.resends_used >= 0 && sale.resends_used <= 3, 'sale_operations_resends');
  }
  const refunds = [...next.refunds.values()];
  demand(
    refunds.every((refund) => refund.amount_minor > 0),
    'refund_operations_amount',
  );
  demand(
    isUnique(refunds.flatMap((refund) => refund.merchant_refund_id ?? [])),
    'refund_operations_merchant_refund_id',
  );
  const reversals = refunds.filter((refund) => refund.kind === 'reversal');
  demand(isUnique(reversals.map((reversal) => reversal.sale_operation_no)), 'refund_operations_one_reversal');
  const written = JSON.stringify([next.payment, [...next.sales.values()], refunds, change.log, change.incidents]);
  demand(!written.includes(String.raw`\u0000`), 'text without U+0000');
}

function demand(holds: boolean, constraint: string): void {
  if (!holds) throw new Error(`violates constraint ${constraint}`);
}

const isUnique = (values: readonly (string | number)[]): boolean => new Set(values).size === values.length;
