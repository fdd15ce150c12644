import type { MobileOperator, PaymentState } from './calls.ts';
import { RocketpayError, untrusted } from './errors.ts';
import { readErrors, type GateAnswer } from './gate.ts';
import { readAccount, readClarification, readOperation, readPayment } from './payment.ts';
import { integerAt, isJsonObject, objectAt, objectsAt, textAt } from './reading.ts';
import { readSigned } from './signing.ts';

/** An answer that tells of money is believed only with its signature; one that says "not found" may come without. */
export function readState(answer: GateAnswer, projectId: number, secret: string): PaymentState {
  const unproven = isJsonObject(answer.value) ? answer.value : {};
  const [problem] = readErrors(unproven);
  if (problem !== undefined && objectAt(unproven, 'payment')?.['status'] === 'error') {
    // 3062 means that the platform could not look right now; it says nothing about the payment.
    const unclear = problem.code === '3062';
    throw new RocketpayError(problem.message, {
      outcome: unclear ? 'unknown' : 'refused',
      retryable: unclear,
      code: problem.code,
      httpStatus: answer.httpStatus,
      errors: [problem],
    });
  }
  const raw = readSigned(answer.text, secret);
  if (integerAt(raw, 'project_id') !== projectId) throw untrusted('The answer is for another project');
  const account = objectAt(raw, 'account');
  const clarification = readClarification(raw);
  return {
    projectId,
    payment: readPayment(objectAt(raw, 'payment') ?? {}),
    operations: objectsAt(raw, 'operations').map(readOperation),
    errors: readErrors(raw),
    ...(account && { account: readAccount(account) }),
    ...(clarification && { clarification }),
    raw,
  };
}

export function readOperators(answer: GateAnswer): MobileOperator[] {
  if (!Array.isArray(answer.value)) {
    throw new RocketpayError('The operator list is not a list', {
      outcome: 'unknown',
      retryable: true,
      httpStatus: answer.httpStatus,
    });
  }
  return answer.value.filter(isJsonObject).map((item) => {
    const currencies: unknown = item['currencies'];
    return {
      code: textAt(item, 'code') ?? '',
      name: textAt(item, 'name') ?? '',
      country: textAt(item, 'country') ?? '',
      currencies: Array.isArray(currencies) ? currencies.filter((one) => typeof one === 'string') : [],
    };
  });
}
