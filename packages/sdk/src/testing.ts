import { createSecretKey, randomUUID } from 'node:crypto';
import { renderClarificationFields } from '@rocketpay/contract/clarification-fields.ts';
import { signedText } from '@rocketpay/contract/signature.ts';
import { webhookHeaders } from '@rocketpay/contract/webhook.ts';
import { factsOf, isGateCode } from '@rocketpay/core/errors.ts';
import { assertDate, assertMinorUnits, assertObject, assertTexts } from './arguments.ts';
import { webhookKey } from './callbacks/webhook.ts';
import { given, type JsonObject } from './reading.ts';

export interface TestCallbacksOptions {
  readonly projectId: number;
  /** The secret of the root signature. */
  readonly secret: string;
  /** `whsec_…`; with it the callbacks carry the Standard Webhooks headers, with two a signature of each. */
  readonly callbackSecret?: string | readonly string[];
}

/** What a callback tells; all of it has values of its own. */
export interface TestPayment {
  readonly paymentId?: string;
  /** Minor units. */
  readonly amountMinor?: number;
  readonly currency?: string;
  readonly customerId?: string;
  readonly phone?: string;
  readonly operator?: string;
  /** That of the answer to the sale or refund. */
  readonly requestId?: string;
  /** Of the change that the callback tells. */
  readonly date?: Date;
  /** The same for each repeat of a callback; new for each callback unless told. */
  readonly webhookId?: string;
  /** When this try is sent: now, unless told. Set it back to try your replay window. */
  readonly sentAt?: Date;
}

export interface TestClarification extends TestPayment {
  readonly reason?: 'code_requested' | 'code_wrong' | 'code_expired' | 'code_resent' | 'resend_failed' | 'enter_again';
  readonly attemptsLeft?: number;
  readonly expiresAt?: Date;
  readonly resendAllowedAt?: Date;
  readonly resendsLeft?: number;
  /** The wanted fields as a list, or as a schema, as the project has it. */
  readonly form?: 'list' | 'schema';
}

export interface TestDecline extends TestPayment {
  /** Of the registry; 20105, not enough money, unless told. */
  readonly code?: string;
}

export interface TestRefund extends TestPayment {
  /** What was given back, all unless told; `amountMinor` is what was paid. */
  readonly refundedMinor?: number;
  /** What is left, if this was not the first refund. */
  readonly leftMinor?: number;
  readonly merchantRefundId?: string;
}

/** A callback as the platform would send it. */
export interface TestCallback {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Posts it to a running shop. @returns the status of the answer. */
  send(url: string | URL): Promise<number>;
}

/** Signed callbacks of every kind, for the tests of a merchant. */
export interface TestCallbacks {
  codeWanted(told?: TestClarification): TestCallback;
  awaitingCustomer(told?: TestDecline & { readonly attemptsTimeoutSeconds?: number }): TestCallback;
  succeeded(told?: TestPayment): TestCallback;
  declined(told?: TestDecline): TestCallback;
  refunded(told?: TestRefund): TestCallback;
  refundDeclined(told?: TestRefund & TestDecline): TestCallback;
  /** News that is of the kind `other`. */
  processing(told?: TestPayment): TestCallback;
  /** Any body, for what the others cannot say. */
  signed(body: object, delivery?: Pick<TestPayment, 'webhookId' | 'sentAt'>): TestCallback;
}

interface Story extends TestPayment {
  readonly status: string;
  readonly operation: { readonly type: string; readonly status: string; readonly amountMinor?: number };
  readonly code: string;
  readonly payment?: JsonObject;
  readonly root?: JsonObject;
}

/** @throws TypeError when an option cannot work. */
export function testCallbacks(options: TestCallbacksOptions): TestCallbacks {
  assertTexts('The argument of testCallbacks', options, ['secret']);
  const { projectId, secret, callbackSecret } = options;
  if (!Number.isSafeInteger(projectId) || projectId < 1) throw new TypeError('projectId must be a positive integer');
  const secrets = typeof callbackSecret === 'string' ? [callbackSecret] : (callbackSecret ?? []);
  const keys = secrets.map((one) => createSecretKey(webhookKey(one)));
  const signed: TestCallbacks['signed'] = (unsigned, delivery = {}) => {
    assertObject('The body of signed', unsigned);
    const { webhookId = `msg_${randomUUID()}`, sentAt = new Date() } = checked('signed', delivery);
    const body = signedText(unsigned, secret);
    const headers = {
      'content-type': 'application/json',
      ...(keys.length > 0 && webhookHeaders(webhookId, body, sentAt.getTime(), keys)),
    };
    return {
      body,
      headers,
      send: async (url) => (await fetch(url, { method: 'POST', body, headers, redirect: 'manual' })).status,
    };
  };
  const tell = (story: Story): TestCallback => signed(bodyOf(projectId, story), given(story));
  return {
    codeWanted: (told = {}) => tell(codeStory(checked('codeWanted', told))),
    awaitingCustomer(facts = {}) {
      const { code = '20105', attemptsTimeoutSeconds = 600, ...told } = checked('awaitingCustomer', facts);
      return tell({
        ...told,
        status: 'awaiting customer',
        operation: { type: 'sale', status: 'decline' },
        code,
        payment: { is_new_attempts_available: true, attempts_timeout: attemptsTimeoutSeconds },
      });
    },
    succeeded: (told = {}) =>
      tell({
        ...checked('succeeded', told),
        status: 'success',
        operation: { type: 'sale', status: 'success' },
        code: '0',
      }),
    declined(facts = {}) {
      const { code = '20105', ...told } = checked('declined', facts);
      return tell({ ...told, status: 'decline', operation: { type: 'sale', status: 'decline' }, code });
    },
    refunded: (told = {}) => tell(refundStory(checked('refunded', told))),
    refundDeclined(facts = {}) {
      const { code = '20000', ...told } = checked('refundDeclined', facts);
      const { operation } = refundStory(told);
      return tell({ ...told, status: 'success', operation: { ...operation, status: 'decline' }, code });
    },
    processing: (told = {}) =>
      tell({
        ...checked('processing', told),
        status: 'processing',
        operation: { type: 'sale', status: 'processing' },
        code: '9999',
      }),
    signed,
  };
}

const AMOUNT_MINOR = 100_000;

const dates: readonly string[] = ['date', 'sentAt', 'expiresAt', 'resendAllowedAt'];
const sums: readonly string[] = ['amountMinor', 'refundedMinor', 'leftMinor'];

/** @throws TypeError for what is no object, and for a date or a sum in it that is none. */
function checked<Told extends object>(kind: string, told: Told): Told {
  assertObject(`What ${kind} is told`, told);
  for (const [name, value] of Object.entries(told)) {
    if (value !== undefined && dates.includes(name)) assertDate(name, value);
    if (value !== undefined && sums.includes(name)) assertMinorUnits(name, value);
  }
  return told;
}

function refundStory(told: TestRefund): Story {
  const { amountMinor = AMOUNT_MINOR, refundedMinor = amountMinor, merchantRefundId } = told;
  const leftMinor = told.leftMinor ?? amountMinor - refundedMinor;
  return {
    ...told,
    amountMinor: leftMinor,
    status: leftMinor === 0 ? 'refunded' : 'partially refunded',
    operation: { type: 'refund', status: 'success', amountMinor: refundedMinor },
    code: '0',
    payment: given({ merchant_refund_id: merchantRefundId }),
  };
}

function codeStory({ form = 'list', reason = 'code_requested', ...told }: TestClarification): Story {
  return {
    ...told,
    status: 'awaiting clarification',
    operation: { type: 'sale', status: 'awaiting clarification' },
    code: '9999',
    root: {
      clarification_fields: renderClarificationFields(form, reason),
      clarification_info: given({
        reason,
        attempts_left: told.attemptsLeft ?? 5,
        expires_at: told.expiresAt && wireDate(told.expiresAt),
        resend_allowed_at: told.resendAllowedAt && wireDate(told.resendAllowedAt),
        resends_left: told.resendsLeft ?? 3,
      }),
    },
  };
}

function bodyOf(projectId: number, story: Story): object {
  const { amountMinor = AMOUNT_MINOR, currency = 'KZT', date = new Date(), operation, code } = story;
  const sum = { amount: operation.amountMinor ?? amountMinor, currency };
  return {
    project_id: projectId,
    payment: {
      id: story.paymentId ?? 'payment_47',
      type: 'purchase',
      status: story.status,
      date: wireDate(date),
      method: 'mobile',
      sum: { amount: amountMinor, currency },
      description: '',
      ...story.payment,
    },
    customer: { id: story.customerId ?? 'customer_123' },
    operation: {
      id: 47,
      type: operation.type,
      status: operation.status,
      date: wireDate(date),
      created_date: wireDate(date),
      request_id: story.requestId ?? randomUUID(),
      sum_initial: sum,
      sum_converted: sum,
      code,
      message: isGateCode(code) ? factsOf(code).message : '',
      provider: { id: 1, payment_id: randomUUID(), auth_code: '' },
    },
    account: { number: story.phone ?? '77011234567', type: story.operator ?? 'KCELL' },
    ...story.root,
  };
}

const wireDate = (date: Date): string => `${date.toISOString().slice(0, 19)}+0000`;
