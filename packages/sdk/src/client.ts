import { randomUUID } from 'node:crypto';
import type {
  Accepted,
  CodeSubmission,
  MobileOperator,
  OperatorsRequest,
  PaymentState,
  RefundAccepted,
  RefundRequest,
  ResendRequest,
  SaleRequest,
  StatusRequest,
} from './calls.ts';
import { callbacksOf, type Callbacks } from './callbacks.ts';
import { RocketpayError } from './errors.ts';
import { callGate, type GateAnswer, type GateOptions, type Repeat } from './gate.ts';
import { isJsonObject, textAt } from './reading.ts';
import { generalOf, operatorsBody, refundBody, saleBody, type RequestBody } from './requests.ts';
import { signedBody } from './signing.ts';
import { readOperators, readState } from './answers.ts';

export interface RocketpayOptions {
  readonly projectId: number;
  /** The project's secret: it signs every call and proves every callback. It never leaves this object. */
  readonly secret: string;
  /** Where Gate is, for example `https://gate.example.com`. */
  readonly baseUrl: string;
  /** For one try, 10 000 unless told. */
  readonly timeoutMs?: number;
  /** Waits before the repeats of a sale, refund, status or operator list whose answer was lost; `[]` repeats nothing. */
  readonly retryDelaysMs?: readonly number[];
  readonly fetch?: typeof globalThis.fetch;
  /** Once aborted, calls under way end at once as `unknown`, and no repeat follows: for a process that stops. */
  readonly signal?: AbortSignal;
}

/** A merchant's view of Rocketpay: one object per project, shared by the whole process. */
export class Rocketpay {
  readonly callbacks: Callbacks;
  readonly #projectId: number;
  readonly #secret: string;
  readonly #gate: GateOptions;

  /** @throws TypeError when an option cannot work, before anything is sent. */
  constructor(options: RocketpayOptions) {
    if (!Number.isSafeInteger(options.projectId) || options.projectId < 1)
      throw new TypeError('projectId must be a positive integer');
    if (options.secret === '') throw new TypeError('secret must not be empty');
    const baseUrl = new URL(options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`);
    if (baseUrl.protocol !== 'https:' && baseUrl.protocol !== 'http:')
      throw new TypeError('baseUrl must be http or https');
    this.#projectId = options.projectId;
    this.#secret = options.secret;
    this.#gate = {
      baseUrl,
      timeoutMs: options.timeoutMs ?? 10_000,
      retryDelaysMs: options.retryDelaysMs ?? [250, 1_000],
      fetch: options.fetch ?? globalThis.fetch,
      signal: options.signal,
    };
    this.callbacks = callbacksOf(options.projectId, options.secret);
  }

  /**
   * Starts a purchase. Repeating it with the same contents within 24 h answers the same and starts nothing.
   *
   * @throws RocketpayError
   */
  async sale(request: SaleRequest): Promise<Accepted> {
    return this.#accepted('v2/payment/mobile/sale', 'repeatable', saleBody(this.#projectId, request));
  }

  /**
   * Hands over the code the payer typed. Never repeated by itself: a second wrong code would cost the payer an attempt.
   *
   * @throws RocketpayError code 3060 when no code is awaited.
   */
  async submitCode(submission: CodeSubmission): Promise<Accepted> {
    return this.#accepted('v2/payment/clarification', 'once', {
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
    return this.#accepted('v2/customer/action/resend', 'once', {
      general: generalOf(this.#projectId, request.paymentId),
      customer: { ip_address: request.ipAddress },
    });
  }

  /**
   * Returns all that is left of a purchase, or a part. Keep the `merchantRefundId` you give: with it the call may be
   * repeated at any time and never refunds twice.
   *
   * @throws RocketpayError code 3283 when more is asked than is left.
   */
  async refund(request: RefundRequest): Promise<RefundAccepted> {
    const merchantRefundId = request.merchantRefundId ?? randomUUID();
    const body = refundBody(this.#projectId, request, merchantRefundId);
    const accepted = await this.#accepted('v2/payment/mobile/refund', 'repeatable', body);
    return { ...accepted, merchantRefundId };
  }

  /**
   * What the platform knows of a payment now. Meant for payments whose callback is overdue: ask 10 s after a request, not before.
   *
   * @throws RocketpayError code 3061 for a payment the platform does not have.
   */
  async status(request: StatusRequest): Promise<PaymentState> {
    const answer = await this.#send('v2/payment/status', 'repeatable', {
      general: generalOf(this.#projectId, request.paymentId),
    });
    return readState(answer, this.#projectId, this.#secret);
  }

  /**
   * The operators whose subscribers can pay.
   *
   * @throws RocketpayError
   */
  async operators(request: OperatorsRequest = {}): Promise<MobileOperator[]> {
    const path = `v2/info/mobile/${request.operationType ?? 'sale'}/list`;
    return readOperators(await this.#send(path, 'repeatable', operatorsBody(this.#projectId, request)));
  }

  #send(path: string, repeat: Repeat, body: RequestBody): Promise<GateAnswer> {
    return callGate(this.#gate, path, signedBody(body, this.#secret), repeat);
  }

  async #accepted(path: string, repeat: Repeat, body: RequestBody): Promise<Accepted> {
    const { value, httpStatus } = await this.#send(path, repeat, body);
    const requestId = isJsonObject(value) && value['status'] === 'success' ? textAt(value, 'request_id') : undefined;
    if (!isJsonObject(value) || requestId === undefined) {
      throw new RocketpayError(`The platform's answer to ${path} says neither yes nor no`, {
        outcome: 'unknown',
        retryable: repeat === 'repeatable',
        httpStatus,
      });
    }
    return { requestId, projectId: this.#projectId, paymentId: textAt(value, 'payment_id') ?? '' };
  }
}
