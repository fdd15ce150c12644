import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** A client's notice sink; answers the given statuses in turn, then 204. */
export class Sink {
  readonly received: Received[] = [];
  readonly answers: number[] = [];
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(this.answers.shift() ?? 204).end(() => {
          this.received.push({
            authorization: request.headers.authorization,
            contentType: request.headers['content-type'],
            event: JSON.parse(Buffer.concat(chunks).toString()) as Received['event'],
          });
          const waiting = this.#waiting;
          this.#waiting = [];
          for (const wake of waiting) wake();
        });
      });
    });
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/notices/a?b=c`;
  }

  /** Resolves once `count` notices have come; the test's own time limit ends a wait in vain. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  types(): string[] {
    return this.received.map(({ event }) => event.type.replace(/^org\.camaraproject\./, ''));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
