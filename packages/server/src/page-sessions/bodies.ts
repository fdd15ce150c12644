import type { FastifyRequest } from 'fastify';

/** The text of a form's body. */
export const bodyOf = (request: FastifyRequest): string =>
  request.body instanceof Uint8Array ? Buffer.from(request.body).toString('utf8') : '';
