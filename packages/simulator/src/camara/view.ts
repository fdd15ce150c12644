import { stamp } from '../clock.ts';
import { CURRENCY, majorFromMinor } from '../money.ts';
import type { Profile } from '../profiles.ts';
import type { PaymentRow, RefundRow } from '../rows.ts';

function time(atMs: number | null): string | undefined {
  return atMs === null ? undefined : stamp(atMs);
}

/** What a code is asked with; undefined while, or once, none is awaited. */
export function validationInfo(payment: PaymentRow, profile: Profile): object | undefined {
  if (payment.authorization_id === null) return undefined;
  const action = { action: 'validate', authorizationId: payment.authorization_id };
  if (payment.status === 'processing' && payment.due === 'prepared') return action;
  if (payment.status !== 'pending_validation') return undefined;
  return {
    ...action,
    expiresAt: time(payment.code_expires_at),
    codeLength: profile.codeLength,
    attemptsLeft: payment.attempts_left,
    wrongAttempts: payment.wrong_attempts,
    resendsLeft: payment.resends_left,
    nextResendAt: payment.resends_left === 0 ? undefined : time(payment.next_resend_at),
  };
}

/** CAMARA's Payment with our extensions; undefined members vanish in JSON. */
export function paymentView(payment: PaymentRow, profile: Profile): object {
  return {
    paymentId: payment.id,
    paymentStatus: payment.status,
    paymentCreationDate: stamp(payment.created_at),
    paymentDate: time(payment.paid_at),
    amountTransaction: {
      phoneNumber: `+${payment.phone}`,
      clientCorrelator: payment.correlator ?? undefined,
      referenceCode: payment.reference,
      serverReferenceCode: payment.id,
      paymentAmount: {
        chargingInformation: {
          amount: majorFromMinor(payment.charged_minor ?? payment.amount_minor),
          currency: payment.currency,
          description: payment.description,
        },
      },
    },
    sink: payment.sink ?? undefined,
    validationInfo: validationInfo(payment, profile),
    operator: payment.operator,
    reservationExpiresAt: payment.status === 'reserved' ? time(payment.reservation_expires_at) : undefined,
    commission: commissionOf(payment, profile),
    denialCode: payment.denial_code ?? undefined,
    denialReason: payment.denial_reason ?? undefined,
  };
}

/** What the operator keeps of a charge, where it takes anything. */
function commissionOf({ charged_minor: charged }: PaymentRow, { commissionBps }: Profile): unknown {
  if (charged === null || commissionBps === 0) return undefined;
  return majorFromMinor(Math.round((charged * commissionBps) / 10_000));
}

export function refundView(refund: RefundRow): object {
  const partial = refund.type === 'partial';
  return {
    refundId: refund.id,
    refundStatus: refund.status,
    type: refund.type,
    refundCreationDate: stamp(refund.created_at),
    refundDate: time(refund.refunded_at),
    reason: refund.reason ?? undefined,
    sink: refund.sink ?? undefined,
    amountTransaction: {
      clientCorrelator: refund.correlator ?? undefined,
      referenceCode: refund.reference,
      refundAmount: partial
        ? {
            chargingInformation: {
              amount: majorFromMinor(refund.amount_minor),
              currency: CURRENCY,
              description: refund.description,
            },
          }
        : {},
    },
    denialCode: refund.denial_code ?? undefined,
    denialReason: refund.denial_reason ?? undefined,
  };
}
