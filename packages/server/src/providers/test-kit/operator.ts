import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one request of the script; the answer may be left out, broken or late. */
export type Step = (response: ServerResponse, request: Received) => void;

export interface ScriptedOperator {
  readonly url: string;
  /** All that was asked for, tokens excepted. */
  readonly received: Received[];
  readonly tokensGiven: number;
  /** What the next requests are answered with, in order. */
  next(...steps: Step[]): void;
  /** Replaces the answers to token requests. */
  tokens(step: Step): void;
  close(): Promise<void>;
}

/** A JSON answer. */
export function json(status: number, body: unknown): Step {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function empty(status: number): Step {
  return (response) => response.writeHead(status).end();
}

export function raw(status: number, text: string): Step {
  return (response) => response.writeHead(status).end(text);
}

/** Reads the request and never answers. */
export const hang: Step = () => undefined;
/** Reads the request and drops the connection. */
export const reset: Step = (response) => response.socket?.resetAndDestroy();

export function givenToken(number: number, expiresIn = 3600): object {
  return { access_token: `token-${number}`, token_type: 'bearer', expires_in: expiresIn, scope: '' };
}

/** An operator that follows a script, on a free port of the loopback. An unscripted request is answered 599. */
export async function startOperator(): Promise<ScriptedOperator> {
  const received: Received[] = [];
  const script: Step[] = [];
  let tokensGiven = 0;
  let tokenStep: Step = (response, request) => json(200, givenToken(tokensGiven))(response, request);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const got = { method, path, headers, body: Buffer.concat(chunks).toString() };
      if (path.endsWith('/oauth2/token')) {
        tokensGiven += 1;
        return tokenStep(response, got);
      }
      received.push(got);
      (script.shift() ?? empty(599))(response, got);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    get tokensGiven() {
      return tokensGiven;
    },
    next: (...steps) => void script.push(...steps),
    tokens(step) {
      tokenStep = step;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
