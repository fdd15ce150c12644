import assert from 'node:assert/strict';
import ecommpay from 'ecommpay';
import { Documented } from './documented.ts';
import { readStatus, type StatusBody } from './envelope.ts';
import { hush } from './hush.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: AnswerBody;
}

/** Any answer of Gate but the status: an acceptance or an error. */
export interface AnswerBody {
  readonly status?: string;
  readonly request_id?: string;
  readonly project_id?: number;
  readonly payment_id?: string;
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly Fault[];
}

export interface Fault {
  readonly code: number;
  readonly message: string;
  readonly field: string;
  readonly constraint: string;
}

export type Body = Readonly<Record<string, unknown>> & { readonly general: Readonly<Record<string, unknown>> };

export interface Order {
  readonly paymentId: string;
  readonly phone?: string;
  readonly amount?: number;
  readonly callbackUrl?: string;
  readonly general?: object;
  readonly account?: object;
  readonly payment?: object;
  readonly callback?: object;
}

export const paths = {
  sale: '/v2/payment/mobile/sale',
  code: '/v2/payment/clarification',
  resend: '/v2/customer/action/resend',
  refund: '/v2/payment/mobile/refund',
  status: '/v2/payment/status',
  operators: '/v2/info/mobile/sale/list',
} as const;

/** A merchant's server: it signs with the public SDK's own signer and speaks plain HTTP. */
export class Merchant {
  readonly #gate: string;
  readonly #projectId: number;
  readonly #secret: string;

  constructor(gate: string, projectId = 1234, secret = 'test-secret') {
    this.#gate = gate;
    this.#projectId = projectId;
    this.#secret = secret;
  }

  /** The documented sample of a purchase with this order's particulars, unsigned. */
  saleBody(order: Order): Body {
    hush(order.phone ?? '71234567890');
    return {
      general: {
        project_id: this.#projectId,
        payment_id: order.paymentId,
        ...(order.callbackUrl !== undefined && { merchant_callback_url: order.callbackUrl }),
        ...order.general,
      },
      customer: {
        id: 'customer_123',
        ip_address: '198.51.100.47',
        first_name: 'John',
        last_name: 'Doe',
        email: 'johndoe@example.com',
      },
      account: { number: order.phone ?? '71234567890', ...order.account },
      payment: { currency: 'KZT', amount: order.amount ?? 100_000, ...order.payment },
      ...(order.callback !== undefined && { callback: order.callback }),
    };
  }

  sale(order: Order): Promise<Answer> {
    return this.send(paths.sale, this.saleBody(order));
  }

  code(paymentId: string, code: string): Promise<Answer> {
    return this.send(paths.code, this.codeBody(paymentId, code));
  }

  codeBody(paymentId: string, code: string): Body {
    return { ...this.general(paymentId), additional_data: { additional_data: { approval_code: code } } };
  }

  resend(paymentId: string): Promise<Answer> {
    return this.send(paths.resend, { ...this.general(paymentId), customer: { ip_address: '198.51.100.47' } });
  }

  refund(paymentId: string, payment?: object, rest?: object): Promise<Answer> {
    return this.send(paths.refund, { ...this.general(paymentId), ...(payment && { payment }), ...rest });
  }

  /** The verified status. */
  async status(paymentId: string): Promise<StatusBody> {
    const answer = await this.send(paths.status, this.general(paymentId));
    assert.equal(answer.status, 200, answer.text);
    return readStatus(answer.text, this.#secret);
  }

  general(paymentId: string): Body {
    return { general: { project_id: this.#projectId, payment_id: paymentId } };
  }

  /** The text of a body with its signature in `general`. */
  signed(body: Body): string {
    return JSON.stringify({ ...body, general: { ...body.general, signature: ecommpay.signer(body, this.#secret) } });
  }

  send(path: string, body: Body): Promise<Answer> {
    return this.post(path, this.signed(body));
  }

  /** Sends bytes as they are. */
  async post(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#gate}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.text();
    (await Documented.of(this.#gate)).assertAnswer(path, response.status, text);
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as AnswerBody };
  }
}

/** Fails unless the answer is the documented acceptance of the payment; resolves to its request id. */
export async function taken(answer: Answer | Promise<Answer>, paymentId: string, projectId = 1234): Promise<string> {
  const { status, json, text } = await answer;
  assert.equal(status, 200, text);
  const { request_id: requestId = '', ...rest } = json;
  assert.deepEqual(rest, { status: 'success', project_id: projectId, payment_id: paymentId });
  assert.match(requestId, /^[\w-]{1,100}$/);
  return requestId;
}

/** Fails unless the answer is a 400 with these faults, each written as `code field constraint`; resolves to its message. */
export async function refused(answer: Answer | Promise<Answer>, ...faults: string[]): Promise<string> {
  const { status, json, text } = await answer;
  assert.equal(status, 400, text);
  assert.deepEqual(Object.keys(json), ['status', 'code', 'message', 'errors']);
  assert.equal(json.status, 'error');
  const errors = json.errors ?? [];
  assert.deepEqual(
    errors.map((fault) => `${fault.code} ${fault.field} ${fault.constraint}`),
    faults,
  );
  assert.equal(json.code, String(errors[0]?.code));
  // 3060 tells at the root why or from when; of the other codes merchants match the fixed text.
  if (json.code === '3060') assert.equal(json.message, errors[0]?.message);
  assert.ok(json.message);
  return errors[0]?.message ?? '';
}
