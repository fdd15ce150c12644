import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Something that stays the same while the process runs. */
export interface Asset {
  readonly type: string;
  readonly body: string | Buffer;
  readonly etag: string;
}

export function createAsset(type: string, body: string | Buffer): Asset {
  return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

/** May be kept for five minutes; after that one question, mostly answered with 304, keeps it fresh. */
const caching = 'public, max-age=300';

/** Sends the asset, or 304 to somebody who has it. */
export function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ 'cache-control': caching, etag: asset.etag });
  const known = request.headers['if-none-match'];
  if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === asset.etag)) return reply.status(304).send();
  return reply.type(asset.type).send(asset.body);
}

/** Registers the asset under a path; `find` may make it at the first request. */
export function serveAsset(app: FastifyInstance, path: string, find: () => Asset | Promise<Asset>): void {
  app.get(path, async (request, reply) => sendAsset(await find(), request, reply));
}
