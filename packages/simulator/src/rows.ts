import type { Operator } from './operators.ts';

export type PaymentStatus = 'processing' | 'pending_validation' | 'denied' | 'reserved' | 'succeeded' | 'cancelled';

/** What happens to a payment at its `due_at`. */
export type Due = 'prepared' | 'charge' | 'lapse' | 'payer_refuses';

/** Where notices of a payment or refund go. */
export interface SinkColumns {
  sink: string | null;
  sink_token: string | null;
  sink_token_expires_at: number | null;
}

export interface PaymentRow extends SinkColumns {
  id: string;
  correlator: string | null;
  reference: string;
  phone: string;
  operator: Operator;
  amount_minor: number;
  /** What was taken, once it was. */
  charged_minor: number | null;
  currency: string;
  description: string;
  status: PaymentStatus;
  created_at: number;
  paid_at: number | null;
  denial_code: string | null;
  denial_reason: string | null;
  authorization_id: string | null;
  code_digest: Uint8Array | null;
  code_expires_at: number | null;
  next_resend_at: number | null;
  attempts_left: number;
  wrong_attempts: number;
  resends_left: number;
  reservation_expires_at: number | null;
  due: Due | null;
  due_at: number | null;
}

export interface RefundRow extends SinkColumns {
  id: string;
  payment_id: string;
  correlator: string | null;
  reference: string;
  type: 'total' | 'partial';
  amount_minor: number;
  description: string | null;
  reason: string | null;
  status: 'processing' | 'denied' | 'succeeded';
  created_at: number;
  refunded_at: number | null;
  denial_code: string | null;
  denial_reason: string | null;
  due_at: number | null;
}

export interface LedgerRow {
  seq: number;
  kind: 'charge' | 'refund';
  entry_id: string;
  reference: string;
  correlator: string | null;
  amount_minor: number;
  currency: string;
  at: number;
}

export interface MessageRow {
  phone: string;
  operator: Operator;
  text: string;
  code: string;
  sent_at: number;
}

export interface NoticeRow {
  seq: number;
  sink: string;
  token: string | null;
  token_expires_at: number | null;
  body: string;
  tries: number;
  created_at: number;
  next_at: number;
}
