import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { renderError, renderFaults } from '@rocketpay/contract/answers.ts';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { ApiError } from './api-error.ts';
import { createRefusalLog } from './refusal-log.ts';

const BODY_LIMIT_BYTES = 1_048_576;
/** How much of a body too large is still read, so that a sender who reads only after writing gets the answer. */
const DISCARDED_BYTES = 16 * BODY_LIMIT_BYTES;

/** Of the route that was asked; each may take less than the server. */
const sizeOf = (bytes: number): string => (bytes < BODY_LIMIT_BYTES ? `${Math.floor(bytes / 1_024)} KB` : '1 MB');

/** What the HTTP layer says before a route is reached. */
const early: Readonly<Record<string, { status: number; says: (request: FastifyRequest) => string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    says: ({ routeOptions }) => `The body is larger than ${sizeOf(routeOptions.bodyLimit)}`,
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, says: () => 'The body is not as long as Content-Length says' },
};

const UNREADABLE = 'The HTTP request cannot be read';
const unreadable = renderFaults([{ code: '702', message: UNREADABLE, field: '', constraint: 'http' }]);
const noEndpoint = { status: 404, code: '702', message: 'There is no such endpoint' } as const;

/** Shows a page to a person who asked what no route could answer; null for who reads JSON. */
export type RefuseWithPage = (
  request: FastifyRequest,
  reply: FastifyReply,
  problem: { readonly status: number; readonly message: string },
) => Promise<FastifyReply> | null;

const answerHeaders = (requestId: string) => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
});

/**
 * Reads what is still coming of a request and forgets it: when the connection is closed while its sender still writes,
 * the answer is often lost to a broken pipe. Ends with the body, the connection or {@link DISCARDED_BYTES}; the
 * server's `requestTimeout` bounds the time.
 */
function discardRest(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (incoming.readableEnded || incoming.destroyed) return resolve();
    let bytes = 0;
    incoming.once('end', resolve).once('close', resolve);
    incoming.on('data', (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes > DISCARDED_BYTES) resolve();
    });
  });
}

/** The platform's HTTP server without its routes: limits, request ids, and one shape for every error. */
export function createServer(log: Log, refuseWithPage: RefuseWithPage = () => null): FastifyInstance {
  const logRefusal = createRefusalLog(log, () => performance.now());
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 2_000 },
    // An address that cannot be read reaches neither hooks nor the error handler below.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(answerHeaders(request.id));
      if (refuseWithPage(request, reply, { status: 400, message: UNREADABLE })) return;
      const headers = { ...answerHeaders(request.id), 'content-type': 'application/json; charset=utf-8' };
      reply.raw.writeHead(400, headers).end(JSON.stringify(unreadable));
    },
    clientErrorHandler: (_error, socket) => {
      if (!socket.writable) return;
      const body = JSON.stringify(unreadable);
      const headers = {
        ...answerHeaders(randomUUID()),
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}\r\n${body}`);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(answerHeaders(request.id));
    // No Content-Type is asked for, so none may be in the way, however malformed.
    delete request.headers['content-type'];
  });

  app.setNotFoundHandler(
    (request, reply) =>
      refuseWithPage(request, reply, noEndpoint) ?? reply.status(noEndpoint.status).send(renderError(noEndpoint)),
  );

  app.setErrorHandler(async (error: Error & { code?: string; statusCode?: number }, request, reply) => {
    if (error instanceof ApiError) {
      const { identity } = error;
      if (identity)
        logRefusal({ ...identity, requestId: request.id, path: request.routeOptions.url }, 'identity refused');
      return reply.status(error.httpStatus).send(error.body);
    }
    const known = early[error.code ?? ''];
    if (known) {
      if (known.status === 413) await discardRest(request.raw);
      const told = { status: known.status, code: '702', message: known.says(request) } as const;
      return refuseWithPage(request, reply, told) ?? reply.status(told.status).send(renderError(told));
    }
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.status(error.statusCode).send(renderError({ code: '702' }));
    }
    log.error({ err: error, requestId: request.id, path: request.routeOptions.url }, 'a request failed');
    return reply.status(500).send(renderError({ code: '501' }));
  });
  return app;
}
