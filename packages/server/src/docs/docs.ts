import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { readGuides } from './guides.ts';
import { openApiRoute } from './openapi-route.ts';
import { pageRoutes } from './pages.ts';
import { referenceRoutes } from './reference.ts';
import { signatureRoutes } from './signature/routes.ts';

/** The docs folder of this checkout. */
const docsFolder = fileURLToPath(new URL('../../../../docs/', import.meta.url));

/** Everything for the people who build against the platform: the document, the guides, and the reference. */
export function docsRoutes(app: FastifyInstance, { sandbox }: { readonly sandbox: boolean }): void {
  openApiRoute(app);
  const { pages, pictures } = readGuides(docsFolder);
  pageRoutes(app, pages, pictures);
  referenceRoutes(app);
  signatureRoutes(app, pages, sandbox);
}
