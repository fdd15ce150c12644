import { bodyParsed, readBytes } from './body.ts';
import type { Receive } from './handling.ts';

/** From a web `Request` to a `Response`: a route handler of Next (`export const POST = …`), Bun, Deno or a worker. */
export type WebHandler = (request: Request) => Promise<Response>;

/** A handler of Hono, which keeps the web request in its context. */
export type HonoHandler = (context: { readonly req: { readonly raw: Request } }) => Promise<Response>;

export function webHandler(receive: Receive): WebHandler {
  return async (request) => {
    const { status, message } = await receive(async () => ({ body: await bodyOf(request), headers: request.headers }));
    const headers = new Headers({ 'content-type': 'text/plain; charset=utf-8' });
    // Not all of a body that is too large is waited for: the client must not send its next request there.
    if (status === 413) headers.set('connection', 'close');
    return new Response(message, { status, headers });
  };
}

export function honoHandler(receive: Receive): HonoHandler {
  const answer = webHandler(receive);
  return ({ req }) => answer(req.raw);
}

async function bodyOf(request: Request): Promise<Uint8Array> {
  if (request.bodyUsed) throw bodyParsed('hand the request on before anything calls json() or text() on it');
  return request.body === null ? new Uint8Array() : readBytes(chunksOf(request.body));
}

/** Not every runtime's stream can be iterated. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
