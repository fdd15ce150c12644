import { dateAt, flagAt, integerAt, isJsonObject, objectAt, objectsAt, textAt, type JsonObject } from './reading.ts';

/** The platform's word for where a payment stands; new words may appear. */
export type PaymentStatusWord =
  | 'processing'
  | 'awaiting clarification'
  | 'awaiting customer'
  | 'success'
  | 'decline'
  | 'partially refunded'
  | 'refunded'
  | 'error'
  | (string & {});

/** Why a code is asked for; new words may appear. */
export type ClarificationReason =
  | 'code_requested'
  | 'code_wrong'
  | 'code_expired'
  | 'code_resent'
  | 'resend_failed'
  | 'enter_again'
  | (string & {});

export interface Sum {
  /** Minor units: 1000.00 KZT is 100000. */
  readonly amountMinor: number;
  readonly currency: string;
}

export interface Payment {
  readonly id: string;
  readonly type: string;
  readonly status: PaymentStatusWord;
  readonly method: string;
  readonly description: string;
  /** What was asked for, less what was refunded. */
  readonly sum?: Sum;
  /** Time of the last change of status. */
  readonly date?: Date;
  readonly merchantRefundId?: string;
  /** What the Payment Page's link had in `merchant_data`. */
  readonly merchantData?: string;
  /** On the Payment Page: whether the payer may try again after a decline, and for how long that stays so. */
  readonly isNewAttemptAvailable?: boolean;
  readonly attemptsTimeoutSeconds?: number;
}

export interface Operation {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  /** `0` is success, `9999` is still in work; the rest say why not. */
  readonly code: string;
  readonly message: string;
  /** The `requestId` of the answer to the call that began this operation. */
  readonly requestId: string;
  readonly sum?: Sum;
  readonly date?: Date;
  readonly createdDate?: Date;
  /** The operator's own reference; empty until the operator answered. */
  readonly providerPaymentId: string;
}

export interface ClarificationFault {
  /** A path as in `fields`. */
  readonly field: string;
  readonly message: string;
  readonly constraint?: string;
}

/** What the payer is asked for, and what may be done about it. A member that is not known is absent. */
export interface Clarification {
  /** The fields wanted, as paths: `additional_data.approval_code`. */
  readonly fields: readonly string[];
  /** What was wrong with the last answer, where the project gets the fields in schema form. */
  readonly faults: readonly ClarificationFault[];
  readonly reason?: ClarificationReason;
  readonly attemptsLeft?: number;
  readonly expiresAt?: Date;
  readonly resendAllowedAt?: Date;
  readonly resendsLeft?: number;
}

export interface Account {
  /** The payer's number, digits only. */
  readonly number: string;
  /** The operator that serves it; empty while unknown. */
  readonly operator: string;
}

export function readSum(from: JsonObject | undefined): Sum | undefined {
  if (from === undefined) return undefined;
  const amountMinor = integerAt(from, 'amount');
  const currency = textAt(from, 'currency');
  return amountMinor === undefined || currency === undefined ? undefined : { amountMinor, currency };
}

export function readPayment(from: JsonObject): Payment {
  const sum = readSum(objectAt(from, 'sum'));
  const date = dateAt(from, 'date');
  const merchantRefundId = textAt(from, 'merchant_refund_id');
  const merchantData = textAt(from, 'merchant_data');
  const isNewAttemptAvailable = flagAt(from, 'is_new_attempts_available');
  const attemptsTimeoutSeconds = integerAt(from, 'attempts_timeout');
  return {
    id: textAt(from, 'id') ?? '',
    type: textAt(from, 'type') ?? '',
    status: textAt(from, 'status') ?? '',
    method: textAt(from, 'method') ?? '',
    description: textAt(from, 'description') ?? '',
    ...(sum && { sum }),
    ...(date && { date }),
    ...(merchantRefundId !== undefined && { merchantRefundId }),
    ...(merchantData !== undefined && { merchantData }),
    ...(isNewAttemptAvailable !== undefined && { isNewAttemptAvailable }),
    ...(attemptsTimeoutSeconds !== undefined && { attemptsTimeoutSeconds }),
  };
}

export function readOperation(from: JsonObject): Operation {
  const sum = readSum(objectAt(from, 'sum_initial'));
  const date = dateAt(from, 'date');
  const createdDate = dateAt(from, 'created_date');
  return {
    id: textAt(from, 'id') ?? '',
    type: textAt(from, 'type') ?? '',
    status: textAt(from, 'status') ?? '',
    code: textAt(from, 'code') ?? '',
    message: textAt(from, 'message') ?? '',
    requestId: textAt(from, 'request_id') ?? '',
    providerPaymentId: textAt(objectAt(from, 'provider') ?? {}, 'payment_id') ?? '',
    ...(sum && { sum }),
    ...(date && { date }),
    ...(createdDate && { createdDate }),
  };
}

export function readAccount(from: JsonObject): Account {
  return { number: textAt(from, 'number') ?? '', operator: textAt(from, 'type') ?? '' };
}

/** The clarification asked for by a callback or a status answer, or undefined when none is. */
export function readClarification(root: JsonObject): Clarification | undefined {
  const info = objectAt(root, 'clarification_info');
  const wanted = objectAt(root, 'clarification_fields');
  if (info === undefined && wanted === undefined) return undefined;
  const reason = textAt(info ?? {}, 'reason');
  const attemptsLeft = integerAt(info ?? {}, 'attempts_left');
  const expiresAt = dateAt(info ?? {}, 'expires_at');
  const resendAllowedAt = dateAt(info ?? {}, 'resend_allowed_at');
  const resendsLeft = integerAt(info ?? {}, 'resends_left');
  return {
    fields: readFields(wanted ?? {}),
    faults: readFaults(wanted ?? {}),
    ...(reason !== undefined && { reason }),
    ...(attemptsLeft !== undefined && { attemptsLeft }),
    ...(expiresAt && { expiresAt }),
    ...(resendAllowedAt && { resendAllowedAt }),
    ...(resendsLeft !== undefined && { resendsLeft }),
  };
}

/** Both forms the family knows: a list of names, or a JSON-Schema-like node with `properties`. */
function readFields(wanted: JsonObject): string[] {
  return Object.entries(wanted).flatMap(([group, node]) => {
    if (Array.isArray(node)) return node.filter((name) => typeof name === 'string').map((name) => `${group}.${name}`);
    return isJsonObject(node) ? schemaFields(node, group) : [];
  });
}

/** The leaves of a schema; names that start with `$` are not asked for. */
function schemaFields(node: JsonObject, path: string): string[] {
  const properties = objectAt(node, 'properties');
  if (properties === undefined) return [path];
  return Object.entries(properties).flatMap(([name, property]) =>
    name.startsWith('$') || !isJsonObject(property) ? [] : schemaFields(property, `${path}.${name}`),
  );
}

function readFaults(wanted: JsonObject): ClarificationFault[] {
  return Object.values(wanted)
    .filter(isJsonObject)
    .flatMap((node) => objectsAt(node, 'errors'))
    .map((fault) => {
      const constraint = textAt(fault, 'constraint');
      return {
        field: textAt(fault, 'property') ?? textAt(fault, 'field') ?? '',
        message: textAt(fault, 'message') ?? '',
        ...(constraint !== undefined && { constraint }),
      };
    });
}
