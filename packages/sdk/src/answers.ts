import type { AvailableMethod, MethodAvailability, MobileOperator, PaymentState, RequestState } from './calls.ts';
import { RocketpayError, untrusted } from './errors.ts';
import { readErrors, type GateAnswer } from './gate.ts';
import { readAccount, readClarification, readOperation, readPayment, readSum } from './payment.ts';
import { given, integerAt, isJsonObject, objectAt, objectsAt, textAt, type JsonObject } from './reading.ts';
import { readSigned } from './signing.ts';

/** An answer that tells of money is believed only with its signature; one that says "not found" may come without. */
export function readState(answer: GateAnswer, projectId: number, secrets: readonly string[]): PaymentState {
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
  const raw = readSigned(answer.text, secrets);
  assertProject(integerAt(raw, 'project_id'), projectId);
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

/** The family's older shape of a state, which is asked for by request. */
export function readRequestState(answer: GateAnswer, projectId: number, secrets: readonly string[]): RequestState {
  const raw = readSigned(answer.text, secrets);
  const general = objectAt(raw, 'general') ?? {};
  assertProject(integerAt(general, 'project_id'), projectId);
  const result = objectAt(raw, 'payment') ?? {};
  const sums = {
    sumRequested: readSum(objectAt(raw, 'sum_request')),
    sumCharged: readSum(objectAt(raw, 'sum_real')),
    sumRefunded: readSum(objectAt(raw, 'sum_refund')),
  };
  return {
    projectId,
    paymentId: textAt(general, 'payment_id') ?? '',
    requestId: textAt(raw, 'request_id') ?? '',
    status: textAt(raw, 'status') ?? '',
    operationType: textAt(objectAt(raw, 'transaction') ?? {}, 'type') ?? '',
    code: textAt(result, 'result_code') ?? '',
    message: textAt(result, 'result_message') ?? '',
    ...given(sums),
    errors: readErrors(raw),
    raw,
  };
}

/** Methods by currency; each under its code, or in a list with its code inside. */
export function readAvailableMethods({ value }: GateAnswer): AvailableMethod[] {
  if (!isJsonObject(value)) return [];
  return Object.keys(value).flatMap((currency) => {
    const byCode = Object.entries(objectAt(value, currency) ?? {}).flatMap(([method, item]) =>
      isJsonObject(item) ? [readMethod(currency, method, item)] : [],
    );
    const listed = objectsAt(value, currency).map((item) =>
      readMethod(currency, textAt(item, 'payment_method') ?? textAt(item, 'code') ?? '', item),
    );
    return [...byCode, ...listed];
  });
}

function readMethod(currency: string, method: string, raw: JsonObject): AvailableMethod {
  const limits = objectAt(raw, 'limits') ?? {};
  // The family's own spelling.
  const operators = raw['mobile_operatiors'];
  return {
    currency,
    method,
    title: textAt(raw, 'title') ?? '',
    direction: textAt(raw, 'direction') ?? '',
    ...given({ minAmountMinor: integerAt(limits, 'min amount'), maxAmountMinor: integerAt(limits, 'max amount') }),
    operators: Array.isArray(operators) ? operators.flatMap((one) => operatorCode(one)) : [],
    raw,
  };
}

const operatorCode = (one: unknown): string[] => {
  const code = isJsonObject(one) ? textAt(one, 'code') : one;
  return typeof code === 'string' ? [code] : [];
};

export function readAvailability(
  answer: GateAnswer,
  projectId: number,
  secrets: readonly string[],
): MethodAvailability[] {
  const raw = readSigned(answer.text, secrets);
  assertProject(integerAt(raw, 'project_id'), projectId);
  return objectsAt(raw, 'available_methods').map((item) => ({
    method: textAt(item, 'payment_method') ?? '',
    isAvailable: item['is_available'] === true,
  }));
}

function assertProject(told: number | undefined, projectId: number): void {
  if (told !== projectId) throw untrusted('other_project', 'The answer is for another project');
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
