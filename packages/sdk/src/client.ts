import { randomUUID } from 'node:crypto';
import { signedText } from '@rocketpay/contract/signature.ts';
import type {
  Accepted,
  AvailableMethod,
  AvailableMethodsRequest,
  CodeSubmission,
  MethodAvailability,
  MethodQuestion,
  MobileOperator,
  OperatorsRequest,
  PaymentState,
  RefundAccepted,
  RefundRequest,
  RequestState,
  RequestStatusRequest,
  ResendRequest,
  SaleRequest,
  StatusRequest,
} from './calls.ts';
import {
  address,
  assertFunction,
  assertList,
  assertObject,
  assertText,
  assertTexts,
  milliseconds,
  texts,
  waits,
} from './arguments.ts';
import { readAvailability, readAvailableMethods, readOperators, readRequestState, readState } from './answers.ts';
import { callbacksOf, type Callbacks } from './callbacks/callbacks.ts';
import { ofRefund, RocketpayError } from './errors.ts';
import { callGate, type GateAnswer, type GateOptions, type RepeatedBy } from './gate.ts';
import { pageOf, type PaymentPage } from './page/page.ts';
import { isJsonObject, textAt } from './reading.ts';
import {
  availableMethodsBody,
  generalOf,
  methodsAvailabilityBody,
  operatorsBody,
  operatorsPath,
  refundBody,
  saleBody,
  type RequestBody,
} from './requests.ts';
import { signedBody } from './signing.ts';
import { strictCalls, type StrictCall } from './strict.ts';

export interface RocketpayOptions {
  readonly projectId: number;
  /**
   * The project's secret: it signs every call and proves every callback. It never leaves this object. While a project
   * rotates its secret give both, the new one first: the first signs, each of them proves.
   */
  readonly secret: string | readonly string[];
  /**
   * `whsec_…`, the secret of the callbacks' Standard Webhooks headers; two while it rotates. With it a callback must have
   * these headers, which guard against replays; without it the headers are not looked at.
   */
  readonly callbackSecret?: string | readonly string[];
  /** How far `webhook-timestamp` may be from this machine's clock, either way; 300 unless told. */
  readonly callbackToleranceSeconds?: number;
  /** Where Gate is, for example `https://gate.example.com`. */
  readonly baseUrl: string;
  /** Where the Payment Page is, when not at `baseUrl`. */
  readonly pageUrl?: string;
  /** The project's key for Payment Page links that hide their parameters, at most 32 bytes. */
  readonly pageEncryptionKey?: string;
  /** For one try, 10 000 unless told. */
  readonly timeoutMs?: number;
  /** Waits before the repeats of a call whose answer was lost; `[]` repeats nothing. */
  readonly retryDelaysMs?: readonly number[];
  readonly fetch?: typeof globalThis.fetch;
  /** Once aborted, calls under way end at once as `unknown`, and no repeat follows: for a process that stops. */
  readonly signal?: AbortSignal | null;
  /** The clock, in epoch milliseconds: for tests. */
  readonly now?: () => number;
}

/** A merchant's view of Rocketpay: one object per project, shared by the whole process. */
export class Rocketpay {
  readonly callbacks: Callbacks;
  readonly page: PaymentPage;
  readonly #projectId: number;
  readonly #secrets: readonly [string, ...string[]];
  readonly #gate: GateOptions;
  readonly #strict: (path: string, body: string, isRead: boolean) => StrictCall;

  /** @throws TypeError when an option cannot work, before anything is sent. */
  constructor(options: RocketpayOptions) {
    assertObject('The argument of new Rocketpay', options);
    const { projectId, now = Date.now } = options;
    if (!Number.isSafeInteger(projectId) || projectId < 1) throw new TypeError('projectId must be a positive integer');
    const [secret, ...older] = texts('secret', options.secret);
    if (secret === undefined || [secret, ...older].includes('')) throw new TypeError('secret must not be empty');
    const callbackSecrets = options.callbackSecret === undefined ? [] : texts('callbackSecret', options.callbackSecret);
    if (options.callbackSecret !== undefined && callbackSecrets.length === 0)
      throw new TypeError('callbackSecret must not be empty; leave it out to do without the webhook headers');
    const { fetch = globalThis.fetch } = options;
    const signal = options.signal ?? undefined;
    assertFunction('fetch', fetch);
    assertFunction('now', now);
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError('signal must be an AbortSignal');
    const baseUrl = address('baseUrl', options.baseUrl);
    this.#projectId = projectId;
    this.#secrets = [secret, ...older];
    this.#strict = strictCalls(secret, now);
    this.#gate = {
      baseUrl,
      timeoutMs: milliseconds('timeoutMs', options.timeoutMs ?? 10_000, 1),
      retryDelaysMs: waits('retryDelaysMs', options.retryDelaysMs ?? [250, 1_000]),
      fetch,
      signal,
      now,
    };
    this.callbacks = callbacksOf({
      projectId,
      secrets: this.#secrets,
      callbackSecrets,
      toleranceSeconds: options.callbackToleranceSeconds ?? 300,
      now,
    });
    this.page = pageOf({
      projectId,
      secret,
      pageUrl: options.pageUrl === undefined ? baseUrl : address('pageUrl', options.pageUrl),
      encryptionKey: options.pageEncryptionKey,
    });
  }

  /**
   * Starts a purchase. Repeating it with the same contents within 24 h answers the same and starts nothing.
   *
   * @throws RocketpayError
   */
  async sale(request: SaleRequest): Promise<Accepted> {
    return this.#accepted('v2/payment/mobile/sale', 'id', saleBody(this.#projectId, request));
  }

  /**
   * Hands over the code the payer typed. After a lost answer the very same request is repeated, which the platform knows by
   * its nonce and counts once. A call of yours with the same code is another one: a wrong code would cost a second attempt.
   *
   * @throws RocketpayError code 3060 when no code is awaited.
   */
  async submitCode(submission: CodeSubmission): Promise<Accepted> {
    assertTexts('The argument of submitCode', submission, ['paymentId', 'code']);
    return this.#accepted('v2/payment/clarification', 'nonce', {
      general: generalOf(this.#projectId, submission.paymentId),
      additional_data: { additional_data: { approval_code: submission.code } },
    });
  }

  /**
   * Has the operator send the payer a new code.
   *
   * @throws RocketpayError code 3060 when it is too early or none is left.
   */
  async resendCode(request: ResendRequest): Promise<Accepted> {
    assertTexts('The argument of resendCode', request, ['paymentId', 'ipAddress']);
    return this.#accepted('v2/customer/action/resend', 'nonce', {
      general: generalOf(this.#projectId, request.paymentId),
      customer: { ip_address: request.ipAddress },
    });
  }

  /**
   * Returns all that is left of a purchase, or a part. Keep the `merchantRefundId` you give: with it the call may be
   * repeated at any time and never refunds twice. A call without one is a new refund each time; where its answer was lost,
   * repeat it with the error's `merchantRefundId`.
   *
   * @throws RocketpayError code 3283 when more is asked than is left.
   */
  async refund(request: RefundRequest): Promise<RefundAccepted> {
    assertTexts('The argument of refund', request, ['paymentId']);
    if (request.merchantRefundId !== undefined) assertText('merchantRefundId', request.merchantRefundId);
    const merchantRefundId = request.merchantRefundId ?? randomUUID();
    const body = refundBody(this.#projectId, request, merchantRefundId);
    try {
      const accepted = await this.#accepted('v2/payment/mobile/refund', 'id', body);
      return { ...accepted, merchantRefundId };
    } catch (error) {
      if (!(error instanceof RocketpayError)) throw error;
      throw ofRefund(error, merchantRefundId, request.merchantRefundId !== undefined);
    }
  }

  /**
   * What the platform knows of a payment now. Meant for payments whose callback is overdue: ask 10 s after a request, not before.
   *
   * @throws RocketpayError code 3061 for a payment the platform does not have.
   */
  async status(request: StatusRequest): Promise<PaymentState> {
    assertTexts('The argument of status', request, ['paymentId']);
    const body = { general: generalOf(this.#projectId, request.paymentId) };
    return readState(await this.#send('v2/payment/status', 'reading', body), this.#projectId, this.#secrets);
  }

  /**
   * What became of the request that was answered with this `requestId`.
   *
   * @throws RocketpayError code 3061 for a request the platform does not have.
   */
  async statusByRequest(request: RequestStatusRequest): Promise<RequestState> {
    assertTexts('The argument of statusByRequest', request, ['requestId']);
    const body = { project_id: this.#projectId, request_id: request.requestId };
    const answer = await this.#sendRootSigned('v2/payment/status/request', body);
    return readRequestState(answer, this.#projectId, this.#secrets);
  }

  /**
   * The ways to pay that the project has, with their limits and operators.
   *
   * @throws RocketpayError
   */
  async availableMethods(request: AvailableMethodsRequest = {}): Promise<AvailableMethod[]> {
    const body = availableMethodsBody(this.#projectId, request);
    return readAvailableMethods(await this.#sendRootSigned('v2/info/available_methods_for_merchant/list', body));
  }

  /**
   * Whether each of some ways to pay can be offered for an amount now.
   *
   * @throws RocketpayError
   */
  async checkMethods(questions: readonly MethodQuestion[]): Promise<MethodAvailability[]> {
    assertList('The argument of checkMethods', questions);
    const body = methodsAvailabilityBody(this.#projectId, questions);
    const answer = await this.#send('v2/info/available-methods/purchase/list', 'reading', body);
    return readAvailability(answer, this.#projectId, this.#secrets);
  }

  /**
   * The operators whose subscribers can pay.
   *
   * @throws RocketpayError
   */
  async operators(request: OperatorsRequest = {}): Promise<MobileOperator[]> {
    const path = operatorsPath(request);
    return readOperators(await this.#send(path, 'reading', operatorsBody(this.#projectId, request)));
  }

  #send(path: string, repeatedBy: RepeatedBy, request: RequestBody): Promise<GateAnswer> {
    return this.#call(path, repeatedBy, signedBody(request, this.#secrets[0]));
  }

  /** For the endpoints that only ask, whose project and signature stand at the root. */
  #sendRootSigned(path: string, request: object): Promise<GateAnswer> {
    return this.#call(path, 'reading', signedText(request, this.#secrets[0]));
  }

  #call(path: string, repeatedBy: RepeatedBy, body: string): Promise<GateAnswer> {
    const strict = this.#strict(`/${path}`, body, repeatedBy === 'reading');
    return callGate(this.#gate, { path, body, repeatedBy, strict });
  }

  async #accepted(path: string, repeatedBy: RepeatedBy, body: RequestBody): Promise<Accepted> {
    const { value, httpStatus } = await this.#send(path, repeatedBy, body);
    const requestId = isJsonObject(value) && value['status'] === 'success' ? textAt(value, 'request_id') : undefined;
    if (!isJsonObject(value) || requestId === undefined) {
      throw new RocketpayError(`The platform's answer to ${path} says neither yes nor no`, {
        outcome: 'unknown',
        retryable: repeatedBy !== 'nonce',
        httpStatus,
      });
    }
    return { requestId, projectId: this.#projectId, paymentId: textAt(value, 'payment_id') ?? '' };
  }
}
