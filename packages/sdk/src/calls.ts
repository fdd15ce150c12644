import type { Account, Clarification, Operation, Payment, PaymentStatusWord, Sum } from './payment.ts';
import type { ErrorItem } from './errors.ts';
import type { JsonObject } from './reading.ts';

/** JSON as the platform takes it: `null` is no value there. */
export type Json = string | number | boolean | readonly Json[] | JsonMembers;

export interface JsonMembers {
  readonly [member: string]: Json;
}

/**
 * Documented members that have no name in this client, in the words of the wire. They are added to what the client
 * sends and never replace it: a member that the request already has is a TypeError.
 */
export interface ExtraMembers {
  readonly general?: JsonMembers;
  readonly customer?: JsonMembers;
  readonly account?: JsonMembers;
  readonly payment?: JsonMembers;
  readonly return_url?: JsonMembers;
  readonly callback?: JsonMembers;
  readonly interface_type?: JsonMembers;
  readonly receipt_data?: JsonMembers;
  readonly additional_data?: JsonMembers;
  readonly service_provider?: JsonMembers;
  readonly destination?: 'merchant' | 'terminal';
}

/** How the callbacks that this request brings about are sent. */
interface CallbackWishes {
  /** 0 to 600. */
  readonly callbackDelaySeconds?: number;
  readonly callbacksOff?: boolean;
}

export interface Customer {
  readonly id: string;
  readonly ipAddress: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly middleName?: string;
  /** Digits only, as the two that follow. */
  readonly phone?: string;
  readonly homePhone?: string;
  readonly workPhone?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly state?: string;
  readonly city?: string;
  readonly district?: string;
  readonly street?: string;
  readonly building?: string;
  readonly address?: string;
  readonly zip?: string;
  /** `DD-MM-YYYY`. */
  readonly dayOfBirth?: string;
  readonly gender?: 'male' | 'female';
  /** The Kazakhstan individual identification number. */
  readonly iin?: string;
  readonly language?: string;
}

export interface SaleRequest extends CallbackWishes {
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
  readonly customer: Customer;
  /** Where this payment's callbacks go, instead of the project's own address. */
  readonly callbackUrl?: string;
  readonly successCallbackUrl?: string;
  readonly declineCallbackUrl?: string;
  /** Where the payer's browser goes afterwards. */
  readonly returnUrl?: { readonly success?: string; readonly decline?: string; readonly return?: string };
  /** A note of the merchant's own. */
  readonly extraParam?: string;
  readonly extra?: ExtraMembers;
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

export interface RefundRequest extends CallbackWishes {
  readonly paymentId: string;
  /** Minor units; absent means all that is left. */
  readonly amountMinor?: number;
  /** Required with `amountMinor`, and equal to the purchase's. */
  readonly currency?: string;
  readonly description?: string;
  /** The idempotency key of the refund. When absent the client makes one: each call is then a refund of its own. */
  readonly merchantRefundId?: string;
  readonly extra?: ExtraMembers;
}

export interface StatusRequest {
  readonly paymentId: string;
}

export interface RequestStatusRequest {
  /** The `requestId` of the answer that took the request. */
  readonly requestId: string;
}

export interface AvailableMethodsRequest {
  /** `payin` unless told. */
  readonly directions?: readonly ('payin' | 'payout')[];
  /** Minor units: only methods whose limits allow it. */
  readonly amountMinor?: number;
  readonly currency?: string;
  /** Only this method, by its code: `mobile`. */
  readonly method?: string;
  readonly customerId?: string;
  /** Also the methods that the project's rules switch off. */
  readonly withUnavailable?: boolean;
}

export interface MethodQuestion {
  /** The method's code: `mobile`. */
  readonly method: string;
  /** Minor units. */
  readonly amountMinor?: number;
  readonly currency?: string;
}

export interface OperatorsRequest {
  readonly operationType?: 'sale' | 'payout';
  /** Only this operator. */
  readonly code?: string;
  /** Only operators of this country, ISO 3166-1 alpha-2. */
  readonly country?: string;
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

/** What became of one request, sale or refund, found by the id of its answer. */
export interface RequestState {
  readonly projectId: number;
  readonly paymentId: string;
  readonly requestId: string;
  /** Where the payment stands. */
  readonly status: PaymentStatusWord;
  /** Of the operation that the request began: `sale`, `refund`. */
  readonly operationType: string;
  /** `0` is success, `9999` is still in work; the rest say why not. */
  readonly code: string;
  readonly message: string;
  readonly sumRequested?: Sum;
  /** What was charged. */
  readonly sumCharged?: Sum;
  readonly sumRefunded?: Sum;
  readonly errors: readonly ErrorItem[];
  readonly raw: JsonObject;
}

/** A way to pay that the project has, in one currency. */
export interface AvailableMethod {
  readonly currency: string;
  /** Its code: `mobile`. */
  readonly method: string;
  readonly title: string;
  readonly direction: 'payin' | 'payout' | (string & {});
  /** Minor units; absent where there is no limit. */
  readonly minAmountMinor?: number;
  readonly maxAmountMinor?: number;
  /** Codes of the mobile operators that can be charged now. */
  readonly operators: readonly string[];
  readonly raw: JsonObject;
}

export interface MethodAvailability {
  readonly method: string;
  readonly isAvailable: boolean;
}

export interface MobileOperator {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly currencies: readonly string[];
}
