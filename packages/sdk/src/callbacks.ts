import { untrusted } from './errors.ts';
import {
  readAccount,
  readClarification,
  readOperation,
  readPayment,
  type Account,
  type Clarification,
  type Operation,
  type Payment,
} from './payment.ts';
import { integerAt, objectAt, textAt, type JsonObject } from './reading.ts';
import { readSigned } from './signing.ts';

interface CallbackFacts {
  readonly projectId: number;
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

export type CallbackEvent = CodeWanted | Succeeded | Declined | Refunded | RefundDeclined | OtherCallback;

export interface Callbacks {
  /**
   * The event in a callback's raw body, exactly as it arrived. Nothing in it is looked at before its signature holds.
   *
   * @throws RocketpayError with `outcome: 'untrusted'` when the signature or the project is not ours; answer it with 400.
   */
  parse(rawBody: string | Uint8Array): CallbackEvent;
}

/** The callback reader of one project. */
export function callbacksOf(projectId: number, secret: string): Callbacks {
  return {
    parse(rawBody) {
      const raw = readSigned(rawBody, secret);
      if (integerAt(raw, 'project_id') !== projectId) throw untrusted('The callback is for another project');
      return readEvent(raw, projectId);
    },
  };
}

function readEvent(raw: JsonObject, projectId: number): CallbackEvent {
  const operationObject = objectAt(raw, 'operation');
  const operation = operationObject && readOperation(operationObject);
  const account = objectAt(raw, 'account');
  const facts: CallbackFacts = {
    projectId,
    payment: readPayment(objectAt(raw, 'payment') ?? {}),
    customerId: textAt(objectAt(raw, 'customer') ?? {}, 'id') ?? '',
    ...(account && { account: readAccount(account) }),
    raw,
  };
  if (operation === undefined) return { ...facts, kind: 'other' };
  const kind = kindOf(facts.payment, operation);
  if (kind === 'code_wanted') {
    return { ...facts, kind, operation, clarification: readClarification(raw) ?? { fields: [] } };
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
  if (payment.status === 'success') return 'succeeded';
  return payment.status === 'decline' ? 'declined' : 'other';
}
