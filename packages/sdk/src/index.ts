export { Rocketpay, type RocketpayOptions } from './client.ts';
export { RocketpayError, type ErrorItem, type RocketpayOutcome } from './errors.ts';
export type {
  Accepted,
  CodeSubmission,
  Customer,
  ExtraMembers,
  Json,
  JsonMembers,
  MobileOperator,
  OperatorsRequest,
  PaymentState,
  RefundAccepted,
  RefundRequest,
  ResendRequest,
  SaleRequest,
  StatusRequest,
} from './calls.ts';
export type {
  CallbackEvent,
  Callbacks,
  CodeWanted,
  Declined,
  OtherCallback,
  RefundDeclined,
  Refunded,
  Succeeded,
} from './callbacks.ts';
export type {
  Account,
  Clarification,
  ClarificationReason,
  Operation,
  Payment,
  PaymentStatusWord,
  Sum,
} from './payment.ts';
