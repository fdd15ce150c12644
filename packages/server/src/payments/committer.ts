import { renderCallback } from '@rocketpay/contract/callback.ts';
import { signedText } from '@rocketpay/contract/signature.ts';
import type { Changed, Tell } from '@rocketpay/core/payment/decision.ts';
import { paymentStatus, type Payment } from '@rocketpay/core/payment/payment.ts';
import type { CallbackRow, Callbacks } from '../callbacks/callbacks.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Project } from '../projects/projects.ts';
import type { Provider } from '../providers/port.ts';
import { sendBefore, type CommittedOrder } from './calls.ts';
import type { RecentPayments } from './recent.ts';
import type { PaymentStore } from './store.ts';
import { callbackView } from './view.ts';

export interface CommitterParts {
  readonly store: PaymentStore;
  readonly callbacks: Pick<Callbacks, 'prepareRow' | 'deliverNow'>;
  readonly provider: Provider;
  readonly clock: Clock;
  readonly log: Log;
  readonly recent: RecentPayments;
}

export interface Committed {
  readonly payment: Payment;
  readonly orders: readonly CommittedOrder[];
}

/** Writes a decided change with everything that must be written together with it, and only then lets go of its messages. */
export class Committer {
  readonly #parts: CommitterParts;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  /** Null when somebody else was first; nothing was written then. */
  async commit(
    before: Payment | null,
    decision: Changed,
    project: Project,
    request: Readonly<Record<string, unknown>> | null,
  ): Promise<Committed | null> {
    const { store, clock, recent, log, callbacks } = this.#parts;
    const decidedAt = clock.monotonicMs();
    const { payment, rows } = this.#addCallbacks(decision, before, project);
    const result = await store.commit({
      payment,
      changedOperations: changedOperations(before, payment),
      log: decision.log,
      incidents: decision.incidents,
      ...(decision.closing && { closing: decision.closing }),
      callbacks: rows,
      request,
    });
    if (result.kind === 'conflict') {
      recent.forget(payment);
      return null;
    }
    recent.put(payment);
    for (const { kind, operationNo } of decision.incidents) {
      log.error(
        { projectId: payment.projectId, paymentKey: payment.paymentKey, operationNo, incident: kind },
        'incident',
      );
    }
    callbacks.deliverNow(rows.filter((row) => result.readyCallbacks.includes(row.callbackNo)));
    const sendBeforeMonotonicMs = sendBefore(decidedAt);
    return { payment, orders: decision.orders.map((order) => ({ ...order, sendBeforeMonotonicMs })) };
  }

  #addCallbacks(
    decision: Changed,
    before: Payment | null,
    project: Project,
  ): { payment: Payment; rows: readonly CallbackRow[] } {
    const payment = { ...decision.payment, version: (before?.version ?? 0) + 1 };
    const rows: CallbackRow[] = [];
    for (const tell of decision.tells) {
      const final = isFinal(payment, tell);
      const url = callbackUrl(payment, tell, final, project);
      if (url === null || callbacksOff(payment, tell)) continue;
      payment.callbackCount += 1;
      rows.push(this.#row(payment, tell, url, final, project));
    }
    return { payment, rows };
  }

  #row(payment: Payment, tell: Tell, url: string, final: boolean, project: Project): CallbackRow {
    const now = this.#parts.clock.now();
    const view = callbackView(payment, tell.operationNo, {
      providerId: this.#parts.provider.id,
      now,
      form: project.clarificationForm,
    });
    return this.#parts.callbacks.prepareRow({
      key: payment,
      callbackNo: payment.callbackCount,
      url,
      body: signedText(renderCallback(view), project.secret),
      kind: tell.kind,
      final,
      operationId: view.operation.id,
      now,
      // A code, or another try, is wanted now; only the end may wait.
      delayMs: final ? delayOf(payment, tell) : 0,
    });
  }
}

/** The decline of an attempt after which the payer may try again is not the payment's end. */
function isFinal(payment: Payment, tell: Tell): boolean {
  return tell.kind === 'result' && paymentStatus(payment) !== 'awaiting_payer';
}

/** A final result has addresses of its own; else what the first request named; else the project's. */
function callbackUrl(payment: Payment, tell: Tell, final: boolean, project: Project): string | null {
  const { url, successUrl, declineUrl } = payment.callbacks;
  if (!final) return url ?? project.callbackUrl;
  const sale = payment.sales.find((other) => other.operationNo === tell.operationNo);
  const own = sale?.state === 'succeeded' ? successUrl : sale?.state === 'declined' ? declineUrl : null;
  return own ?? url ?? project.callbackUrl;
}

function callbacksOff(payment: Payment, tell: Tell): boolean {
  const refund = payment.refunds.find((other) => other.operationNo === tell.operationNo);
  return payment.callbacks.disabled || (refund?.callbacksDisabled ?? false);
}

function delayOf(payment: Payment, tell: Tell): number {
  const refund = payment.refunds.find((other) => other.operationNo === tell.operationNo);
  return refund ? refund.callbackDelayMs : payment.callbacks.delayMs;
}

/** Operations that are not the very objects they were before. */
function changedOperations(before: Payment | null, after: Payment): ReadonlySet<number> {
  const known = new Set<unknown>([...(before?.sales ?? []), ...(before?.refunds ?? [])]);
  return new Set(
    [...after.sales, ...after.refunds]
      .filter((operation) => !known.has(operation))
      .map((operation) => operation.operationNo),
  );
}
