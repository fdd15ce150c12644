import { openApiDocument } from '@rocketpay/contract/openapi/document.ts';
import type { FastifyInstance } from 'fastify';
import { createAsset, serveAsset } from './asset.ts';

/** `GET /openapi.json`: made once, when the platform starts. */
export function openApiRoute(app: FastifyInstance): void {
  const document = createAsset('application/json; charset=utf-8', JSON.stringify(openApiDocument()));
  serveAsset(app, '/openapi.json', () => document);
}
