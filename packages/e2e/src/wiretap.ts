import { once } from 'node:events';
import { createServer, request, Agent } from 'node:http';
import type { AddressInfo } from 'node:net';

const KEEP_MS = 120_000;

export interface OperatorCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A call with its answer. */
export interface Exchange extends OperatorCall {
  readonly status: number;
  readonly answer: string;
}

/** Stands between the platform and the operator, passes everything on and keeps every call, refused ones too, and every answer. */
export class Wiretap implements AsyncDisposable {
  readonly #calls: OperatorCall[] = [];
  readonly exchanges: Exchange[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server;

  private constructor(operatorPort: number) {
    // It passes on the operator's promise of how long a connection is kept, and has to keep it.
    this.#server = createServer({ keepAliveTimeout: KEEP_MS }, async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const { method = '', url: path = '', headers } = incoming;
      this.#calls.push({ method, path, body: body.toString('utf8') });
      const onward = { host: '127.0.0.1', port: operatorPort, method, path, headers, agent: this.#agent };
      const call = request(onward, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        const said: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => said.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(said).toString('utf8');
          this.exchanges.push({
            method,
            path,
            body: body.toString('utf8'),
            status: answer.statusCode ?? 0,
            answer: text,
          });
        });
        answer.pipe(outgoing);
      });
      // An operator that breaks off is seen by the platform as one that breaks off.
      call.on('error', () => incoming.socket.destroy());
      call.end(body);
    });
  }

  static async open(operatorPort: number): Promise<Wiretap> {
    const tap = new Wiretap(operatorPort);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often the operator was asked to prepare this payment. */
  prepares(paymentId: string): number {
    const mark = `"referenceCode":${JSON.stringify(paymentId)}`;
    return this.#calls.filter(
      ({ method, path, body }) => method === 'POST' && path.endsWith('/payments/prepare') && body.includes(mark),
    ).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
