import { randomUUID } from 'node:crypto';
import { renderError, renderFaults } from '@rocketpay/contract/answers.ts';
import fastify, { type FastifyInstance } from 'fastify';
import type { Log } from '../log.ts';
import { ApiError } from './api-error.ts';
import { createRefusalLog } from './refusal-log.ts';

const BODY_LIMIT_BYTES = 1_048_576;

/** What the HTTP layer says before a route is reached. */
const early: Readonly<Record<string, { status: number; code: '702' | '2003'; message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: '702', message: 'The body is larger than 1 MB' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: '702',
    message: 'The body is not as long as Content-Length says',
  },
};

const unreadable = renderFaults([
  { code: '702', message: 'The HTTP request cannot be read', field: '', constraint: 'http' },
]);

const answerHeaders = (requestId: string) => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
});

/** The platform's HTTP server without its routes: limits, request ids, and one shape for every error. */
export function createServer(log: Log): FastifyInstance {
  const logRefusal = createRefusalLog(log, () => performance.now());
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 2_000 },
    // An address that cannot be read reaches neither hooks nor the error handler below.
    frameworkErrors: (_error, { id }, { raw }) => {
      const headers = { ...answerHeaders(id), 'content-type': 'application/json; charset=utf-8' };
      raw.writeHead(400, headers).end(JSON.stringify(unreadable));
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

  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send(renderError({ code: '702', message: 'There is no such endpoint' })),
  );

  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    if (error instanceof ApiError) {
      const { identity } = error;
      if (identity)
        logRefusal({ ...identity, requestId: request.id, path: request.routeOptions.url }, 'identity refused');
      return reply.status(error.httpStatus).send(error.body);
    }
    const known = early[error.code ?? ''];
    if (known) return reply.status(known.status).send(renderError(known));
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.status(error.statusCode).send(renderError({ code: '702' }));
    }
    log.error({ err: error, requestId: request.id, path: request.routeOptions.url }, 'a request failed');
    return reply.status(500).send(renderError({ code: '501' }));
  });
  return app;
}
