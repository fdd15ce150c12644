import {
  readAccount,
  readClarification,
  readOperation,
  readPayment,
  type Account,
  type Clarification,
  type Operation,
  type Payment,
} from '../payment.ts';
import { objectAt, textAt, type JsonObject } from '../reading.ts';

/** What proves and names one callback. */
export interface CallbackProof {
  /** The same whenever this callback is sent again: its `webhook-id` where that is proven, else made of its signature. */
  readonly id: string;
  readonly projectId: number;
  /** When this try was sent; present with `callbackSecret`. */
  readonly sentAt?: Date;
}

interface CallbackFacts extends CallbackProof {
  readonly payment: Payment;
  readonly customerId: string;
  readonly account?: Account;
  /** The whole callback as it came, for members this client has no name for. */
  readonly raw: JsonObject;
}

interface WithOperation extends CallbackFacts {
  /** The operation this callback is about; a payment has one per sale and one per refund. */
  readonly operation: Operation;
}

/** The payer has to give a code, for the first time or again: `clarification.reason` says why. */
export interface CodeWanted extends WithOperation {
  readonly kind: 'code_wanted';
  readonly clarification: Clarification;
}

/**
 * An attempt on the Payment Page was declined and the payer may make another: `payment.isNewAttemptAvailable`, for
 * `payment.attemptsTimeoutSeconds`. Not the end: `succeeded` or `declined` follows.
 */
export interface AwaitingCustomer extends WithOperation {
  readonly kind: 'awaiting_customer';
}

/** The purchase is paid. */
export interface Succeeded extends WithOperation {
  readonly kind: 'succeeded';
}

/** The purchase ended without money; `operation.code` and `.message` say why. */
export interface Declined extends WithOperation {
  readonly kind: 'declined';
}

/** A refund is done; `operation.sum` is what was returned, `payment.sum` what is left. */
export interface Refunded extends WithOperation {
  readonly kind: 'refunded';
}

/** A refund was refused; the payment is as it was before. */
export interface RefundDeclined extends WithOperation {
  readonly kind: 'refund_declined';
}

/** Anything else, such as work in progress: answer it with 200 and go on. */
export interface OtherCallback extends CallbackFacts {
  readonly kind: 'other';
  readonly operation?: Operation;
}

export type CallbackEvent =
  | CodeWanted
  | AwaitingCustomer
  | Succeeded
  | Declined
  | Refunded
  | RefundDeclined
  | OtherCallback;

/** The event in a callback whose signature holds. */
export function readEvent(raw: JsonObject, proof: CallbackProof): CallbackEvent {
  const operationObject = objectAt(raw, 'operation');
  const operation = operationObject && readOperation(operationObject);
  const account = objectAt(raw, 'account');
  const facts: CallbackFacts = {
    ...proof,
    payment: readPayment(objectAt(raw, 'payment') ?? {}),
    customerId: textAt(objectAt(raw, 'customer') ?? {}, 'id') ?? '',
    ...(account && { account: readAccount(account) }),
    raw,
  };
  if (operation === undefined) return { ...facts, kind: 'other' };
  const kind = kindOf(facts.payment, operation);
  if (kind === 'code_wanted') {
    return { ...facts, kind, operation, clarification: readClarification(raw) ?? { fields: [], faults: [] } };
  }
  return { ...facts, kind, operation };
}

/** The operation speaks first: a refused refund leaves the payment at `success`. */
function kindOf(payment: Payment, operation: Operation): CallbackEvent['kind'] {
  if (operation.type === 'refund' || operation.type === 'reversal') {
    if (operation.status === 'success') return 'refunded';
    return operation.status === 'decline' ? 'refund_declined' : 'other';
  }
  if (payment.status === 'awaiting clarification') return 'code_wanted';
  if (payment.status === 'awaiting customer') return 'awaiting_customer';
  if (payment.status === 'success') return 'succeeded';
  return payment.status === 'decline' ? 'declined' : 'other';
}
