import type { CallKind, Payment, RefundOperation, SaleOperation } from '@rocketpay/core/payment/payment.ts';
import type { Violations } from '../world/violation.ts';

/** A call that changes something at the operator. */
export interface ChangingCall {
  readonly kind: CallKind;
  readonly correlator: string;
}

interface Known {
  payment: Payment;
  operation: SaleOperation | RefundOperation;
  /** Of the newest call ordered; one payment's commit carries the pending calls of all its operations. */
  attempt: number;
  /** Calls whose commit is done and whose end nobody knows yet. */
  readonly open: Map<CallKind, { readonly resendsUsed: number }>;
}

/** A payment that is asked about for days is written some hundred times. */
const RESTLESS_VERSION = 2_000;

/**
 * Holds every call against what is stored: none leaves before its commit, and none is made again before the operator was
 * asked what became of it.
 */
export class CallWatch {
  /** Set once a payment goes on and on: the run would take for ever. */
  sawRestless = false;
  readonly #violations: Violations;
  readonly #known = new Map<string, Known>();

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  /** The stored payment that an operation's correlator belongs to. */
  paymentOf(correlator: string): Payment | undefined {
    return this.#known.get(correlator)?.payment;
  }

  committed(payment: Payment): void {
    if (payment.version === RESTLESS_VERSION) {
      this.sawRestless = true;
      this.#violations.add(
        `The payment was written ${RESTLESS_VERSION} times and comes to no rest.`,
        payment.paymentId,
      );
    }
    this.#holdBack(payment);
    for (const operation of [...payment.sales, ...payment.refunds]) {
      const known: Known = this.#known.get(operation.correlator) ?? { payment, operation, attempt: 0, open: new Map() };
      this.#known.set(operation.correlator, known);
      known.payment = payment;
      known.operation = operation;
      const call = operation.pendingCall;
      if (call && !call.inDoubt) this.#ordered(known, call.kind, call.attempt);
    }
  }

  /** A sale that appears begins only where nothing is on its way to the operator for an older one. */
  #holdBack(payment: Payment): void {
    const fresh = payment.sales.some((sale) => !this.#known.has(sale.correlator));
    const older = payment.sales.slice(0, -1);
    if (
      fresh &&
      older.some((sale) => sale.pendingCall !== null || sale.retryAt !== null || sale.state !== 'declined')
    ) {
      this.#violations.add('A sale began before the last one was let go of.', payment.paymentId);
    }
  }

  /** Written to the socket. */
  sent({ kind, correlator }: ChangingCall): void {
    const known = this.#known.get(correlator);
    if (!known) {
      if (kind === 'prepare' || kind === 'refund')
        this.#violations.add(`A ${kind} left before the commit that orders it.`, null);
      return;
    }
    if (!hasOrdered(known.operation, kind)) {
      this.#violations.add(`A ${kind} left before the commit that orders it.`, known.payment.paymentId);
    }
  }

  answered({ kind, correlator }: ChangingCall, how: 'answered' | 'not_sent' | 'in_doubt'): void {
    if (how !== 'in_doubt') this.#known.get(correlator)?.open.delete(kind);
  }

  /** The operator has answered a look-up. */
  asked(correlator: string): void {
    this.#known.get(correlator)?.open.clear();
  }

  #ordered(known: Known, kind: CallKind, attempt: number): void {
    const resendsUsed = 'resendsUsed' in known.operation ? known.operation.resendsUsed : 0;
    if (attempt <= known.attempt) return;
    known.attempt = attempt;
    const earlier = known.open.get(kind);
    // A merchant may ask for another code while nobody knows what became of the last one.
    const isNewResend = kind === 'resend' && earlier?.resendsUsed !== resendsUsed;
    if (earlier && !isNewResend) {
      this.#violations.add(
        `A ${kind} was made again before anybody had asked what became of it.`,
        known.payment.paymentId,
      );
    }
    known.open.set(kind, { resendsUsed });
  }
}

function hasOrdered(operation: SaleOperation | RefundOperation, kind: CallKind): boolean {
  if (!('codeSubmitted' in operation)) return kind === 'refund';
  if (kind === 'validate') return operation.codeSubmitted;
  if (kind === 'confirm') return ['confirming', 'succeeded', 'declined'].includes(operation.state);
  return true;
}
