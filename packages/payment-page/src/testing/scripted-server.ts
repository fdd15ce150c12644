import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageAssets } from '../build-assets.ts';
import { TRUSTED_TYPES_POLICY } from '../trusted-types.ts';

const NONCE = 'bm9uY2U';
const POLICY = [
  "default-src 'none'",
  `script-src 'nonce-${NONCE}'`,
  `style-src 'nonce-${NONCE}'`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  `trusted-types ${TRUSTED_TYPES_POLICY}`,
].join('; ');

/** What a test answers with: a whole page gets the Content-Security-Policy a page has. */
export interface Answer {
  readonly status?: number;
  readonly page?: string;
  readonly fragment?: string;
  readonly location?: string;
  readonly html?: string;
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: URLSearchParams;
  readonly isScript: boolean;
}

type Script = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>;

/** An HTTP server that serves the assets, streams what a test pushes, and leaves every other answer to the test's script. */
export class ScriptedServer implements AsyncDisposable {
  readonly origin: string;
  readonly asked: Asked[] = [];
  script: Script = () => undefined;
  /** What a page that begins to listen is sent at once, by the version it shows: the platform lets no news be missed. */
  greet: (version: string) => string | undefined = () => undefined;
  /** While false, every connection is cut as it comes. */
  isReachable = true;
  /** While false, nothing is pushed: the stream is not found. */
  hasStreams = true;
  readonly nonce = NONCE;
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();

  private constructor(server: Server) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.origin = `http://127.0.0.1:${port}`;
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async open(): Promise<ScriptedServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  /** Forgets one test before the next. */
  reset(): void {
    this.asked.length = 0;
    this.script = () => undefined;
    this.greet = () => undefined;
    this.isReachable = true;
    this.hasStreams = true;
  }

  /** Sends a screen to every page that listens. */
  push(fragment: string): void {
    for (const stream of this.#streams) stream.write(eventOf(fragment));
  }

  /** How many pages listen now. */
  get streams(): number {
    return this.#streams.size;
  }

  /** Resolves when a page begins or ceases to listen. */
  async streamChange(): Promise<void> {
    await once(this.#server, 'streams', { signal: AbortSignal.timeout(10_000) });
  }

  /** The actions of the payer, in order: `POST number`. */
  posts(): string[] {
    return this.asked.filter(({ method }) => method === 'POST').map(({ url }) => url.pathname.split('/').at(-1) ?? '');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isReachable) {
      request.socket.destroy();
      return;
    }
    const url = new URL(request.url ?? '/', this.origin);
    const { all } = await pageAssets();
    const asset = all.find(({ path }) => path === url.pathname);
    if (asset) {
      response
        .writeHead(200, { 'content-type': asset.contentType, 'access-control-allow-origin': '*' })
        .end(asset.body);
      return;
    }
    if (this.hasStreams && url.pathname.endsWith('/events')) {
      this.#stream(response, url.searchParams.get('version') ?? '');
      return;
    }
    const body = new URLSearchParams((await request.toArray()).map(String).join(''));
    const asked = { method: request.method ?? '', url, body, isScript: request.headers['rocketpay-fragment'] === '1' };
    this.asked.push(asked);
    answer(response, await this.script(asked));
  }

  #stream(response: ServerResponse, version: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const news = this.greet(version);
    response.write(news === undefined ? ': hello\n\n' : eventOf(news));
    this.#streams.add(response);
    this.#server.emit('streams');
    response.on('close', () => {
      this.#streams.delete(response);
      this.#server.emit('streams');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const eventOf = (fragment: string): string => `event: screen\ndata: ${JSON.stringify(fragment)}\n\n`;

function answer(response: ServerResponse, given: Answer | undefined): void {
  if (!given) {
    response.writeHead(404).end();
  } else if (given.location !== undefined) {
    response.writeHead(303, { location: given.location }).end();
  } else if (given.page !== undefined) {
    response.writeHead(given.status ?? 200, { 'content-type': 'text/html', 'content-security-policy': POLICY });
    response.end(given.page);
  } else if (given.fragment !== undefined || given.html !== undefined) {
    response.writeHead(given.status ?? 200, { 'content-type': 'text/html' }).end(given.fragment ?? given.html);
  } else {
    response.writeHead(given.status ?? 204).end();
  }
}
