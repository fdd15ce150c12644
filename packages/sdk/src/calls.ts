import type { Account, Clarification, Operation, Payment } from './payment.ts';
import type { ErrorItem } from './errors.ts';
import type { JsonObject } from './reading.ts';

export interface SaleRequest {
  /** Unique within the project, whatever its letter case; the idempotency key of the sale. */
  readonly paymentId: string;
  /** Minor units: 1000.00 KZT is 100000. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly description?: string;
  /** After this moment the platform declines the payment by itself. */
  readonly bestBefore?: Date;
  /** The payer's number with the country code, digits only: `77011234567`. */
  readonly phone: string;
  /** The payer's operator, where the merchant knows it. */
  readonly operator?: string;
  readonly customer: {
    readonly id: string;
    readonly ipAddress: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly email: string;
  };
  /** Where this payment's callbacks go, instead of the project's own address. */
  readonly callbackUrl?: string;
  readonly successCallbackUrl?: string;
  readonly declineCallbackUrl?: string;
  /** 0 to 600. */
  readonly callbackDelaySeconds?: number;
  readonly callbacksOff?: boolean;
}

export interface CodeSubmission {
  readonly paymentId: string;
  /** The code the payer received by text message. */
  readonly code: string;
}

export interface ResendRequest {
  readonly paymentId: string;
  readonly ipAddress: string;
}

export interface RefundRequest {
  readonly paymentId: string;
  /** Minor units; absent means all that is left. */
  readonly amountMinor?: number;
  /** Required with `amountMinor`, and equal to the purchase's. */
  readonly currency?: string;
  readonly description?: string;
  /** The idempotency key of the refund; made by the client when absent. */
  readonly merchantRefundId?: string;
}

export interface StatusRequest {
  readonly paymentId: string;
}

export interface OperatorsRequest {
  readonly operationType?: 'sale' | 'payout';
}

/** The request was taken and will not be lost; how it ends arrives by callback. */
export interface Accepted {
  readonly requestId: string;
  readonly projectId: number;
  readonly paymentId: string;
}

export interface RefundAccepted extends Accepted {
  readonly merchantRefundId: string;
}

export interface PaymentState {
  readonly projectId: number;
  readonly payment: Payment;
  /** The sale and every refund, oldest first. */
  readonly operations: readonly Operation[];
  readonly account?: Account;
  /** Present while a code is awaited. */
  readonly clarification?: Clarification;
  readonly errors: readonly ErrorItem[];
  readonly raw: JsonObject;
}

export interface MobileOperator {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly currencies: readonly string[];
}
