import { openApiDocument } from '@rocketpay/contract/openapi/document.ts';
import type { FastifyInstance } from 'fastify';
import { createZippedAsset, serveAsset, type Asset } from './asset.ts';

/** `GET /openapi.json`: made once, for the first who asks. */
export function openApiRoute(app: FastifyInstance): void {
  let document: Promise<Asset> | undefined;
  serveAsset(app, '/openapi.json', () => {
    document ??= createZippedAsset('application/json; charset=utf-8', JSON.stringify(openApiDocument()));
    return document;
  });
}
