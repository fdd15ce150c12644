import { createHash } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import { createAsset, createZippedAsset, sendAsset, type Asset } from './asset.ts';

interface Reference {
  readonly page: Asset;
  readonly policy: string;
  readonly script: Asset;
}

const place = '/docs/api';

/** Everything off that would talk to somebody else than this platform. */
const configuration = {
  url: '/openapi.json',
  pageTitle: 'API reference · Rocketpay',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  hideTestRequestButton: true,
  hideSearch: true,
  showDeveloperTools: 'never',
  favicon: '/docs/assets/icon.svg',
} as const;

/**
 * The renderer's page and script, taken from its plugin once somebody asks: four megabytes that most processes never
 * need.
 */
async function makeReference(): Promise<Reference> {
  const { default: plugin } = await import('@scalar/fastify-api-reference');
  const maker = fastify();
  await maker.register(plugin, { routePrefix: place, configuration });
  const page = await maker.inject(`${place}/`);
  const { rawPayload } = await maker.inject(`${place}/js/scalar.js`);
  await maker.close();
  return {
    page: createAsset('text/html; charset=utf-8', page.body),
    policy: policyFor(page.body),
    script: await createZippedAsset('text/javascript; charset=utf-8', rawPayload),
  };
}

/** The renderer's own inline scripts by their hashes. It writes styles into elements, which no hash can allow. */
function policyFor(page: string): string {
  const hashes = [...page.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** `/docs/api/`: the document as a page, drawn in the browser by a script of our own origin. */
export function referenceRoutes(app: FastifyInstance): void {
  let made: Promise<Reference> | undefined;
  const reference = (): Promise<Reference> => {
    made ??= makeReference().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };

  app.get(place, async (_request, reply) => reply.redirect(`${place}/`, 308));
  app.get(`${place}/`, async (request, reply) => {
    const { page, policy } = await reference();
    reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' });
    return sendAsset(page, request, reply);
  });
  app.get(`${place}/js/scalar.js`, async (request, reply) => {
    const { script } = await reference();
    return sendAsset(script, request, reply);
  });
}
