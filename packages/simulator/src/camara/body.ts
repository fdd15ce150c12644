import { CURRENCY, minorFromDigits } from '../money.ts';
import type { SinkColumns } from '../rows.ts';
import { CamaraError, invalidArgument } from './error.ts';
import { membersOf, optionalText, requiredText, SourceNumber } from './json.ts';
import type { Members } from './json.ts';

export interface Price {
  readonly amountMinor: number;
  readonly description: string;
}

export interface PrepareOrder {
  /** As sent, with `+`. */
  readonly phoneNumber: string;
  readonly correlator: string | null;
  readonly reference: string;
  readonly price: Price;
  readonly sink: SinkColumns;
}

export interface RefundOrder {
  readonly type: 'total' | 'partial';
  /** Absent for a total refund. */
  readonly price: Price | undefined;
  readonly correlator: string | null;
  readonly reference: string;
  readonly reason: string | null;
  readonly sink: SinkColumns;
}

/** Our token is two-legged, so the number has to be in the body. */
export function phoneNumberOf(members: Members): string {
  const phoneNumber = optionalText(members, 'phoneNumber');
  if (phoneNumber === undefined) {
    throw new CamaraError(422, 'MISSING_IDENTIFIER', 'The phone number cannot be identified.');
  }
  if (!/^\+[1-9]\d{4,14}$/.test(phoneNumber)) {
    throw invalidArgument('phoneNumber is no number of E.164 with a plus.');
  }
  return phoneNumber;
}

function priceOf(charging: Members): Price {
  const amount = charging['amount'];
  if (amount === undefined) throw invalidArgument('Expected property is missing: amount.');
  const amountMinor = amount instanceof SourceNumber ? minorFromDigits(amount.digits) : undefined;
  if (amountMinor === undefined) {
    throw invalidArgument(`amount is no positive number of ${CURRENCY} with at most 2 decimals.`);
  }
  if (requiredText(charging, 'currency') !== CURRENCY) {
    throw invalidArgument('Currency is unknown or not authorized.');
  }
  return { amountMinor, description: requiredText(charging, 'description') };
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

function sinkUrl(sink: string): string {
  const url = URL.parse(sink);
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (!allowed) {
    throw new CamaraError(400, 'INVALID_SINK', 'sink not valid for the specified protocol');
  }
  return sink;
}

function sinkOf(body: Members): SinkColumns {
  const sink = optionalText(body, 'sink');
  const columns = {
    sink: sink === undefined ? null : sinkUrl(sink),
    sink_token: null,
    sink_token_expires_at: null,
  };
  if (body['sinkCredential'] === undefined) return columns;
  const credential = membersOf(body['sinkCredential'], 'sinkCredential');
  if (requiredText(credential, 'credentialType') !== 'ACCESSTOKEN') {
    throw new CamaraError(400, 'INVALID_CREDENTIAL', 'Only Access token is supported');
  }
  if (requiredText(credential, 'accessTokenType') !== 'bearer') {
    throw new CamaraError(400, 'INVALID_TOKEN', 'Only bearer token is supported');
  }
  const token = requiredText(credential, 'accessToken');
  // A token is a header's value: anything else would end up as a broken request to the sink.
  if (!/^[\x21-\x7e]+$/.test(token)) throw invalidArgument('accessToken is no token.');
  const expiresAt = Date.parse(requiredText(credential, 'accessTokenExpiresUtc'));
  if (Number.isNaN(expiresAt)) throw invalidArgument('accessTokenExpiresUtc is no time.');
  return { ...columns, sink_token: token, sink_token_expires_at: expiresAt };
}

export function prepareOrder(body: unknown): PrepareOrder {
  const root = membersOf(body, 'body');
  const transaction = membersOf(root['amountTransaction'], 'amountTransaction');
  const payment = membersOf(transaction['paymentAmount'], 'paymentAmount');
  return {
    price: priceOf(membersOf(payment['chargingInformation'], 'chargingInformation')),
    reference: requiredText(transaction, 'referenceCode'),
    correlator: optionalText(transaction, 'clientCorrelator') ?? null,
    sink: sinkOf(root),
    phoneNumber: phoneNumberOf(transaction),
  };
}

export function refundOrder(body: unknown): RefundOrder {
  const root = membersOf(body, 'body');
  const type = requiredText(root, 'type');
  if (type !== 'total' && type !== 'partial') throw invalidArgument('type is unknown.');
  const transaction = membersOf(root['amountTransaction'], 'amountTransaction');
  const refund = membersOf(transaction['refundAmount'], 'refundAmount');
  const partial = type === 'partial';
  return {
    type,
    price: partial ? priceOf(membersOf(refund['chargingInformation'], 'chargingInformation')) : undefined,
    reference: requiredText(transaction, 'referenceCode'),
    correlator: optionalText(transaction, 'clientCorrelator') ?? null,
    reason: optionalText(root, 'reason') ?? null,
    sink: sinkOf(root),
  };
}
