import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyParsed, readBytes } from './body.ts';
import type { Receive } from './handling.ts';

/** A listener of `node:http`, which is a handler of Express as well. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What middlewares and hosts of functions leave on a request. */
type ReadRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown };

export function nodeListener(receive: Receive): NodeListener {
  return async (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    const { status, message } = await receive(async () => ({ body: await bodyOf(request), headers: request.headers }));
    if (response.destroyed) return;
    // Not all of a body that is too large is waited for.
    if (status === 413) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(message);
  };
}

async function bodyOf(request: ReadRequest): Promise<string | Uint8Array> {
  for (const read of [request.rawBody, request.body]) {
    if (typeof read === 'string' || read instanceof Uint8Array) return read;
  }
  if (request.body !== undefined || request.readableDidRead) {
    throw bodyParsed("put the callback route above express.json(), or give it express.raw({ type: '*/*' }) alone");
  }
  return readBytes(request);
}
