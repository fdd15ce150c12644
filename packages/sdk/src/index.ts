export { Rocketpay, type RocketpayOptions } from './client.ts';
export {
  RocketpayError,
  retryAdvice,
  type ErrorItem,
  type RetryAdvice,
  type RocketpayOutcome,
  type UntrustedReason,
} from './errors.ts';
export type {
  Accepted,
  AvailableMethod,
  AvailableMethodsRequest,
  CodeSubmission,
  Customer,
  ExtraMembers,
  Json,
  JsonMembers,
  MethodAvailability,
  MethodQuestion,
  MobileOperator,
  OperatorsRequest,
  PaymentState,
  RefundAccepted,
  RefundRequest,
  RequestState,
  RequestStatusRequest,
  ResendRequest,
  SaleRequest,
  StatusRequest,
} from './calls.ts';
export type { Callbacks } from './callbacks/callbacks.ts';
export type {
  AwaitingCustomer,
  CallbackEvent,
  CodeWanted,
  Declined,
  OtherCallback,
  RefundDeclined,
  Refunded,
  Succeeded,
} from './callbacks/events.ts';
export type {
  CallbackAnswer,
  CallbackHandler,
  HandlerMaker,
  HandlingOptions,
  ReceivedCallback,
  StoredHandlingOptions,
} from './callbacks/handling.ts';
export { MemoryOnceStore, type OnceStore } from './callbacks/once.ts';
export type { PageParameters } from './page/parameters.ts';
export type { PaymentPage, SignedParameters } from './page/page.ts';
export type {
  Account,
  Clarification,
  ClarificationFault,
  ClarificationReason,
  Operation,
  Payment,
  PaymentStatusWord,
  Sum,
} from './payment.ts';
