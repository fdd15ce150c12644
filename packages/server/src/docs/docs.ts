import type { FastifyInstance } from 'fastify';
import { openApiRoute } from './openapi-route.ts';

/** Everything for the people who build against the platform. */
export function docsRoutes(app: FastifyInstance): void {
  openApiRoute(app);
}
