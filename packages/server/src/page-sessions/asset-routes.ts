import type { Asset } from '@rocketpay/payment-page/assets.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { codingFor, compressOnce } from './compression.ts';
import type { PageSettingsReader } from './settings.ts';

const YEAR = 'public, max-age=31536000, immutable';
/** The widget under its plain name: shops get a new release within minutes, and ask by the tag meanwhile. */
const MINUTES = 'public, max-age=300';

/** The page's script, the widget and its style: named by content or release kept for ever, else for minutes. */
export async function assetRoutes(app: FastifyInstance, assets: readonly Asset[]): Promise<void> {
  for (const asset of assets) {
    const small = await compressOnce(asset.body);
    const tag = `"${asset.integrity.slice(7, 31)}"`;
    app.get(asset.path, async (request, reply) => {
      const coding = codingFor(request.headers['accept-encoding']);
      reply.headers({
        'content-type': asset.contentType,
        'cache-control': asset.isImmutable ? YEAR : MINUTES,
        etag: tag,
        vary: 'accept-encoding',
        // Shops load them with `integrity`, which a browser checks only where it may read.
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      });
      if (request.headers['if-none-match'] === tag) return reply.status(304).send();
      if (coding) reply.header('content-encoding', coding);
      return reply.send(coding ? small[coding] : asset.body);
    });
  }
}

/** A project's logo, from our own origin: the page loads nothing from anybody else. */
export function logoRoute(
  app: FastifyInstance,
  exists: (projectId: number) => Promise<boolean>,
  settings: PageSettingsReader,
): void {
  app.get('/payment/logo/:project/:version', async (request: FastifyRequest, reply: FastifyReply) => {
    const { project, version } = request.params as { project: string; version: string };
    const projectId = /^[1-9]\d{0,9}$/.test(project) ? Number(project) : 0;
    const logo = (await exists(projectId)) ? (await settings(projectId)).logo : null;
    if (!logo || logo.version !== version) return reply.callNotFound();
    return reply
      .headers({
        'content-type': logo.type,
        'cache-control': YEAR,
        // An SVG that is opened by itself could run scripts on our origin.
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      })
      .send(logo.bytes);
  });
}
