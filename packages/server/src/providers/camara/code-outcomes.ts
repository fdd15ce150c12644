import type { ResendOutcome, ValidateOutcome } from '../port.ts';
import { countOf, knownOnly, membersOf } from './members.ts';
import { codeFacts, reasonOf } from './payment-finding.ts';
import { oddSuccess, refusedInDoubt, type ReadAnswer, type Refusal } from './refusal.ts';
import { instantOf } from './times.ts';

/** What an answer to validate means. */
export function validateOutcome(answer: ReadAnswer): ValidateOutcome {
  if (answer.kind === 'refusal') return codeRefused(answer);
  if (answer.kind !== 'good') return answer;
  return answer.status === 204 ? { kind: 'accepted' } : oddSuccess(answer.status);
}

function codeRefused(refusal: Refusal): ValidateOutcome {
  if (refusal.status !== 400) return refusedInDoubt(refusal, refusal.status === 404);
  switch (refusal.code) {
    // A code of a shape the operator does not take was typed wrong as well.
    case 'INVALID_ARGUMENT':
    case 'CARRIER_BILLING.INVALID_CODE':
      return { kind: 'code_rejected', reason: 'wrong' };
    case 'CARRIER_BILLING.CODE_EXPIRED':
    case 'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED':
      return { kind: 'code_rejected', reason: 'expired' };
    case 'CARRIER_BILLING.INVALID_AUTHORIZATION_ID':
      return { kind: 'authorization_changed' };
    case 'CARRIER_BILLING.VALIDATION_FAILED':
      return {
        kind: 'denied',
        reason: refusal.denialCode === null ? 'otp_attempts_exceeded' : reasonOf(refusal.denialCode),
      };
    default:
      return refusedInDoubt(refusal);
  }
}

/** What an answer to resend-code means. A refused resend leaves the payment as it was, whatever the reason. */
export function resendOutcome(answer: ReadAnswer): ResendOutcome {
  if (answer.kind === 'refusal') return { kind: 'resend_refused', ...refusedFacts(answer) };
  if (answer.kind !== 'good') return answer;
  const readable = answer.status === 200 && Object.keys(membersOf(answer.body)).length > 0;
  return readable ? { kind: 'resent', facts: codeFacts(answer.body) } : oddSuccess(answer.status);
}

type RefusedFacts = Omit<Extract<ResendOutcome, { kind: 'resend_refused' }>, 'kind'>;

function refusedFacts({ code, body }: Refusal): RefusedFacts {
  const spent = code === 'CARRIER_BILLING.MAX_OTP_CODES_EXCEEDED' ? 0 : undefined;
  return knownOnly<RefusedFacts>({
    resendAllowedAt: instantOf(body['nextResendAt']),
    resendsLeft: countOf(body['resendsLeft']) ?? spent,
  });
}
