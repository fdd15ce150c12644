import { gateCodes, isGateCode } from '@rocketpay/core/errors.ts';
import type { GateCode } from '@rocketpay/core/errors.ts';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { CallbackView } from './callback.ts';
import type { ClarificationView, NewAttemptsView } from './envelope.ts';
import * as wire from './envelope-schema.ts';
import type { Parsed } from './fault.ts';
import type { JsonValue } from './json.ts';
import { parseMoment } from './moment.ts';
import { compileBody } from './shape.ts';

export const callbackBody = Type.Object({
  project_id: Type.Integer({ minimum: 1 }),
  payment: Type.Object({ ...wire.payment.properties, merchant_refund_id: Type.Optional(Type.String()) }),
  customer: wire.payer,
  operation: Type.Object({ ...wire.operationMembers, code: Type.Enum(Object.keys(gateCodes).filter(isGateCode)) }),
  account: wire.account,
  clarification_fields: Type.Optional(wire.clarificationFields),
  clarification_info: Type.Optional(wire.clarificationInfo),
  signature: Type.Optional(wire.answerSignature),
});

const checkCallback = compileBody(callbackBody);

/** Reads one of our own callbacks back into what it was made of. Its signature is for `verifyMessage` to check first. */
export function parseCallback(body: JsonValue): Parsed<CallbackView> {
  const checked = checkCallback(body);
  if (!checked.ok) return checked;
  const { project_id: projectId, payment, customer, operation, account, clarification_info: info } = checked.value;
  const form = Array.isArray(checked.value.clarification_fields?.additional_data) ? 'list' : 'schema';
  return {
    ok: true,
    value: {
      projectId,
      payment: {
        id: payment.id,
        status: payment.status,
        changedAt: momentOf(payment.date),
        ...readSum(payment.sum),
        description: payment.description,
        ...(payment.merchant_data !== undefined && { merchantData: payment.merchant_data }),
        ...readNewAttempts(payment.is_new_attempts_available, payment.attempts_timeout),
      },
      customerId: customer.id,
      operation: {
        id: operation.id,
        type: operation.type,
        status: operation.status,
        changedAt: momentOf(operation.date),
        createdAt: momentOf(operation.created_date),
        requestId: operation.request_id,
        initial: readSum(operation.sum_initial),
        converted: readSum(operation.sum_converted),
        code: operation.code as GateCode,
        message: operation.message,
        provider: { id: operation.provider.id, paymentId: operation.provider.payment_id },
      },
      account: { number: account.number, type: account.type },
      ...(info && { clarification: readClarification(info, form) }),
      ...(payment.merchant_refund_id !== undefined && { merchantRefundId: payment.merchant_refund_id }),
    },
  };
}

const readSum = (from: Static<typeof wire.sum>) => ({ amountMinor: from.amount, currency: from.currency });

function readNewAttempts(available?: boolean, seconds = 0): { newAttempts?: NewAttemptsView } {
  if (available === undefined) return {};
  return { newAttempts: available ? { available, timeoutMs: seconds * 1_000 } : { available } };
}

const readClarification = (
  info: Static<typeof wire.clarificationInfo>,
  form: ClarificationView['form'],
): ClarificationView => ({
  reason: info.reason,
  form,
  ...(info.attempts_left !== undefined && { attemptsLeft: info.attempts_left }),
  ...(info.expires_at !== undefined && { expiresAt: momentOf(info.expires_at) }),
  ...(info.resend_allowed_at !== undefined && { resendAllowedAt: momentOf(info.resend_allowed_at) }),
  ...(info.resends_left !== undefined && { resendsLeft: info.resends_left }),
});

/** The schema has made sure that the text is a time. */
const momentOf = (text: string): number => parseMoment(text) ?? Number.NaN;
