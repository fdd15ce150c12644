import { bodyParsed, readBytes } from './body.ts';
import type { Receive } from './handling.ts';
import type { HeadersLike } from './webhook.ts';

interface Request {
  readonly body: unknown;
  readonly headers: HeadersLike;
}

interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
  type(contentType: string): Reply;
  send(payload: string): Reply;
}

/** As much of Fastify as the plugin uses, so that the SDK depends on none. */
interface Instance {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(
    contentType: string,
    options: object,
    parser: (request: never, payload: AsyncIterable<Uint8Array>) => Promise<unknown>,
  ): unknown;
  post(path: string, handler: (request: Request, reply: Reply) => Promise<unknown>): unknown;
}

/** A Fastify plugin: `app.register(plugin, { prefix: '/callbacks' })`. The parsers of the rest of the app stay as they are. */
export type FastifyPlugin = (instance: Instance) => Promise<void>;

export function fastifyPlugin(receive: Receive): FastifyPlugin {
  return async (instance) => {
    instance.removeAllContentTypeParsers();
    // Fastify's own reader closes the connection on a sender that may still be writing.
    instance.addContentTypeParser('*', {}, (_request, payload) => readBytes(payload).catch((error: unknown) => error));
    instance.post('/', async (request, reply) => {
      const { status, message } = await receive(() => ({ body: bytesOf(request.body), headers: request.headers }));
      if (status === 413) reply.header('connection', 'close');
      return reply.code(status).type('text/plain; charset=utf-8').send(message);
    });
  };
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (body instanceof Error) throw body;
  throw bodyParsed('a hook or parser of the app changed it; keep it as a Buffer');
}
