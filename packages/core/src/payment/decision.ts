import type { RefundRow } from '../refund/refund-table.ts';
import type { CallKind, Payment } from './payment.ts';
import type { SaleRow } from './sale-table.ts';

/** A message to the merchant about one operation. A result is final unless the payer may try again. */
export interface Tell {
  readonly kind: 'clarification' | 'result';
  readonly operationNo: number;
}

/** A call to make at the provider after the commit. A look-up changes nothing there and is never pending. */
export interface CallOrder {
  readonly kind: CallKind | 'look_up';
  readonly operationNo: number;
  readonly attempt: number;
  /** True when an earlier call of this kind may have arrived. */
  readonly isRepeat: boolean;
}

export type EventName = SaleRow | RefundRow | 'sale_created' | 'refund_created' | 'reversal_created';

/** One line of a payment's story; never holds a code. */
export interface LoggedEvent {
  readonly eventNo: number;
  readonly operationNo: number;
  readonly at: number;
  readonly name: EventName;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** Something a person must see; one per operation and kind. */
export interface Incident {
  readonly operationNo: number;
  readonly kind: SaleRow | RefundRow;
  readonly at: number;
  readonly detail: string;
}

/** A person's decision on an operation with an open incident, which is closed by it. */
export interface Closing {
  readonly operationNo: number;
  readonly as: 'succeeded' | 'declined';
  readonly at: number;
  readonly by: string;
  readonly note: string;
}

export type Refusal =
  | {
      readonly why:
        | 'code_not_awaited'
        | 'resend_in_flight'
        | 'resend_not_possible'
        | 'no_resends_left'
        | 'not_possible'
        /** A call of this refund is on its way: nobody may end it by hand before its end. */
        | 'refund_in_flight';
    }
  /** No next sale: the payer's tries are over, or the operator has not answered the last sale's cancel yet. */
  | { readonly why: 'no_tries_left' | 'cancel_pending' }
  | { readonly why: 'resend_too_early'; readonly allowedAt: number }
  | { readonly why: 'refunds_off_for_project' | 'refunds_off_for_operator' }
  | { readonly why: 'not_refundable' | 'refund_currency' | 'refund_id_taken' }
  | { readonly why: 'refund_too_large'; readonly leftMinor: number }
  | { readonly why: 'refund_repeated'; readonly allowedAt: number };

export interface Changed {
  readonly kind: 'changed';
  readonly payment: Payment;
  readonly log: readonly LoggedEvent[];
  readonly tells: readonly Tell[];
  readonly orders: readonly CallOrder[];
  readonly incidents: readonly Incident[];
  /** Only with a person's decision. */
  readonly closing?: Closing;
}

/** What an event means for a payment: an expected no, nothing, the first answer again, or a change to commit. */
export type Decision =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'repeated'; readonly requestId: string }
  | Changed;

/** Identities of a new operation, made outside: core knows no randomness. */
export interface NewOperationIds {
  readonly operationId: number;
  readonly requestId: string;
  readonly correlator: string;
}
