import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Something that stays the same while the process runs. */
export interface Asset {
  readonly type: string;
  readonly body: string | Buffer;
  readonly etag: string;
  /** The body in gzip, for those who take it. */
  readonly zipped?: Buffer;
}

export function createAsset(type: string, body: string | Buffer): Asset {
  return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

/** An asset large enough to be worth its zipping, once. */
export async function createZippedAsset(type: string, body: string | Buffer): Promise<Asset> {
  return { ...createAsset(type, body), zipped: await promisify(gzip)(body) };
}

/** May be kept for five minutes; after that one question, mostly answered with 304, keeps it fresh. */
const caching = 'public, max-age=300';

/** Sends the asset, or 304 to somebody who has it. */
export function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ 'cache-control': caching, etag: asset.etag, ...(asset.zipped && { vary: 'accept-encoding' }) });
  const known = request.headers['if-none-match'];
  if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === asset.etag)) return reply.status(304).send();
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!asset.zipped || !takesGzip) return reply.type(asset.type).send(asset.body);
  return reply.type(asset.type).header('content-encoding', 'gzip').send(asset.zipped);
}

/** Registers the asset under a path; `find` may make it at the first request. */
export function serveAsset(app: FastifyInstance, path: string, find: () => Asset | Promise<Asset>): void {
  app.get(path, async (request, reply) => sendAsset(await find(), request, reply));
}
