import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { readGuides } from './guides.ts';
import type { SandboxPlaces } from './places.ts';
import { openApiRoute } from './openapi-route.ts';
import { pageRoutes } from './pages.ts';
import { referenceRoutes } from './reference.ts';
import { signatureRoutes } from './signature/routes.ts';

/** The docs folder of this checkout. */
const docsFolder = fileURLToPath(new URL('../../../../docs/', import.meta.url));

interface DocsOptions {
  readonly sandbox: boolean;
  /** Where the sandbox that the guides speak of stands, if not at its usual addresses. */
  readonly places?: SandboxPlaces;
}

/** Everything for the people who build against the platform: the document, the guides, and the reference. */
export function docsRoutes(app: FastifyInstance, { sandbox, places = {} }: DocsOptions): void {
  openApiRoute(app);
  // Who opens the sandbox's bare address is looking for a way in.
  if (sandbox) app.get('/', async (_request, reply) => reply.redirect('/docs/'));
  const { pages, pictures } = readGuides(docsFolder, places);
  pageRoutes(app, pages, pictures);
  referenceRoutes(app);
  signatureRoutes(app, pages, sandbox);
}
