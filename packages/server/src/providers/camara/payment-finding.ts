import { isOperatorId, type OperatorId } from '@rocketpay/core/operators/operator.ts';
import { denialReason, type DeclineReason } from '@rocketpay/core/payment/decline-reasons.ts';
import type { CodeFacts, Finding } from '@rocketpay/core/payment/sale-events.ts';
import { sumOf } from './amounts.ts';
import { countOf, idOf, knownOnly, membersOf, textOf } from './members.ts';
import { instantOf } from './times.ts';

/** The facts about a code that `validationInfo` gives. */
export function codeFacts(validationInfo: unknown): CodeFacts {
  const info = membersOf(validationInfo);
  return knownOnly<CodeFacts>({
    authorizationId: idOf(info['authorizationId']) ?? undefined,
    codeExpiresAt: instantOf(info['expiresAt']),
    resendAllowedAt: instantOf(info['nextResendAt']),
    resendsLeft: countOf(info['resendsLeft']),
  });
}

export function operatorOf(value: unknown): OperatorId | undefined {
  return typeof value === 'string' && isOperatorId(value) ? value : undefined;
}

/** The reason behind a `denialCode`; a code that is no text counts as none. */
export function reasonOf(denialCode: unknown): DeclineReason {
  return denialReason(textOf(denialCode));
}

/** The correlator a payment or refund echoes; null when it does not. */
export function correlatorOf(resource: unknown): string | null {
  return textOf(membersOf(membersOf(resource)['amountTransaction'])['clientCorrelator']);
}

/** A CAMARA payment as a finding; null when it has no usable id. */
export function paymentFinding(resource: unknown): Finding | null {
  const payment = membersOf(resource);
  const providerPaymentId = idOf(payment['paymentId']);
  if (providerPaymentId === null) return null;
  const info = membersOf(payment['validationInfo']);
  const facts = {
    providerPaymentId,
    ...codeFacts(info),
    ...knownOnly<Pick<Finding, 'wrongCodes' | 'operator'>>({
      wrongCodes: countOf(info['wrongAttempts']),
      operator: operatorOf(payment['operator']),
    }),
  };
  switch (payment['paymentStatus']) {
    case 'processing':
      return { status: 'in_work', ...facts };
    case 'pending_validation':
      // A page of the operator's to be opened instead of a code: nothing we can ask a payer for.
      return { status: info['action'] === 'open' ? 'unclear' : 'pending_code', ...facts };
    case 'reserved':
      return { status: 'reserved', ...facts };
    case 'succeeded': {
      const sum = chargedSum(payment['amountTransaction']);
      return sum ? { status: 'charged', ...facts, sum } : { status: 'unclear', ...facts };
    }
    case 'denied':
      return { status: 'denied', ...facts, reason: reasonOf(payment['denialCode']) };
    case 'cancelled':
      return { status: 'cancelled', ...facts, ...cancelReason(payment['denialCode']) };
    default:
      return { status: 'unclear', ...facts };
  }
}

/** Why a payment was cancelled, where the operator says so. */
export function cancelReason(denialCode: unknown): Pick<Finding, 'reason'> {
  return textOf(denialCode) ? { reason: reasonOf(denialCode) } : {};
}

function chargedSum(amountTransaction: unknown) {
  const { chargingInformation } = membersOf(membersOf(amountTransaction)['paymentAmount']);
  const { amount, currency } = membersOf(chargingInformation);
  return sumOf(amount, currency);
}
