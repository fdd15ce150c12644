import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { type CallbackBody, readCallback } from './envelope.ts';
import { eventually } from './eventually.ts';

/** Of the sandbox's project, as the platform prints it at its start. */
const CALLBACK_SECRET = 'whsec_cm9ja2V0cGF5LXNhbmRib3gtY2FsbGJhY2sta2V5LTE=';

export interface Received {
  readonly at: number;
  readonly raw: string;
  readonly body: CallbackBody;
  readonly headers: IncomingHttpHeaders;
  /** 0: the connection was dropped. */
  readonly answered: number;
}

/** What an inbox does with a callback after it has read it. */
export interface Behaviour {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
  readonly drop?: boolean;
}

/** What a project's callbacks are signed with: in their body, and by their headers. */
export interface Secrets {
  readonly secret: string;
  readonly callbackSecret: string;
}

const sandboxSecrets: Secrets = { secret: 'test-secret', callbackSecret: CALLBACK_SECRET };

/** One callback address of the test's own merchant: it keeps every attempt, in the order of arrival. */
export class Inbox {
  readonly url: string;
  readonly #received: Received[] = [];
  readonly #faults: unknown[] = [];
  #behaviour: Behaviour = {};

  readonly #secrets: Secrets;

  constructor(url: string, secrets: Secrets) {
    this.url = url;
    this.#secrets = secrets;
  }

  /** Every attempt so far. Throws when one of them was not what a callback must be. */
  get received(): readonly Received[] {
    if (this.#faults.length > 0) throw new AggregateError(this.#faults, `a faulty callback came to ${this.url}`);
    return this.#received;
  }

  /** What has arrived, repeats left out, as `payment status, operation type, operation code, reason`. */
  get story(): string[] {
    return distinct(this.received).map(({ payment, operation, clarification_info: info }) =>
      [payment.status, operation.type, operation.code, info?.reason].filter((one) => one !== undefined).join(' '),
    );
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  /** The newest callback of this kind, as soon as there are `count` different ones in all. */
  async take(count: number, status: string, withinMs?: number): Promise<CallbackBody> {
    await eventually(
      `callback ${count} at ${this.url}, so far: ${this.#received.map((one) => one.body.payment.status).join(', ')}`,
      () => distinct(this.received).length >= count,
      withinMs,
    );
    const body = distinct(this.received)[count - 1];
    if (body?.payment.status !== status) throw new Error(`callback ${count} is ${body?.payment.status}, not ${status}`);
    return body;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString('utf8');
    const { status = 200, headers = {}, delayMs = 0, drop = false } = this.#behaviour;
    try {
      if (request.method !== 'POST') throw new Error(`a callback came by ${request.method}`);
      assertStandard(raw, request.headers, this.#secrets.callbackSecret);
      this.#received.push({
        at: performance.now(),
        raw,
        body: readCallback(raw, this.#secrets.secret),
        headers: request.headers,
        answered: drop ? 0 : status,
      });
    } catch (error) {
      this.#faults.push(error);
    }
    const answer = (): void => {
      if (drop) request.socket.destroy();
      else response.writeHead(status, headers).end();
    };
    if (delayMs > 0) setTimeout(answer, delayMs).unref();
    else answer();
  }
}

/** Beside the signature at the root, which `readCallback` checks, every attempt verifies by Standard Webhooks' own library. */
function assertStandard(raw: string, headers: IncomingHttpHeaders, secret: string): void {
  new Webhook(secret).verify(raw, headers as Record<string, string>);
}

function distinct(received: readonly Received[]): CallbackBody[] {
  const seen = new Map(received.map(({ raw, body }) => [raw, body]));
  return [...seen.values()];
}

/** An HTTP server of the test's own with any number of inboxes. */
export class MerchantEndpoint implements AsyncDisposable {
  readonly #inboxes = new Map<string, Inbox>();
  readonly #server = createServer((request, response) => {
    const inbox = this.#inboxes.get(request.url ?? '');
    if (inbox) void inbox.handle(request, response);
    else response.writeHead(404).end();
  });

  static async open(port = 0): Promise<MerchantEndpoint> {
    const endpoint = new MerchantEndpoint();
    endpoint.#server.listen(port, '127.0.0.1');
    await once(endpoint.#server, 'listening');
    return endpoint;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** An address that keeps what comes to it; asked for again by name it is the same. */
  inbox(name: string, secrets: Secrets = sandboxSecrets): Inbox {
    const path = `/${encodeURIComponent(name)}`;
    const inbox = this.#inboxes.get(path) ?? new Inbox(`http://127.0.0.1:${this.port}${path}`, secrets);
    this.#inboxes.set(path, inbox);
    return inbox;
  }

  /** Throws when any callback at any inbox was faulty, or is not what `assertRaw` wants. */
  assertAllVerified(assertRaw: (raw: string) => void): void {
    for (const inbox of this.#inboxes.values()) for (const { raw } of inbox.received) assertRaw(raw);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
