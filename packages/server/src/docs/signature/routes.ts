import { fileURLToPath } from 'node:url';
import { explain } from '@rocketpay/contract/debugging/report.ts';
import { build } from 'esbuild';
import type { FastifyInstance } from 'fastify';
import { createAsset, serveAsset, type Asset } from '../asset.ts';
import type { Page } from '../guides.ts';
import { layout, pageHeaders } from '../layout.ts';
import { filledBy, nothing, signaturePage, type Filled } from './page.ts';

const address = '/docs/signature';
const script = '/docs/assets/signature.js';

async function makeScript(): Promise<Asset> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('browser.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return createAsset('text/javascript; charset=utf-8', outputFiles[0]?.text ?? '');
}

/**
 * The signature debugger. What is pasted is neither kept nor logged, and the server never sees a secret: the field has
 * no name.
 */
export function signatureRoutes(app: FastifyInstance, pages: readonly Page[], sandbox: boolean): void {
  let made: Promise<Asset> | undefined;
  serveAsset(app, script, () => {
    made ??= makeScript().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  });

  async function render(filled: Filled): Promise<string> {
    const report = filled.body === '' ? undefined : await explain({ ...filled, secret: undefined });
    const body = signaturePage(filled, sandbox, report);
    return layout(pages, { title: 'Signature debugger', address, body, script });
  }

  app.get<{ Querystring: { example?: unknown } }>(address, async (request, reply) => {
    const filled = filledBy(String(request.query.example ?? ''), sandbox) ?? nothing;
    return reply
      .headers(pageHeaders)
      .type('text/html; charset=utf-8')
      .send(await render(filled));
  });

  app.post(address, async (request, reply) => {
    const sent = new URLSearchParams(request.body instanceof Uint8Array ? Buffer.from(request.body).toString() : '');
    const text = (name: string): string => sent.get(name) ?? '';
    const filled = { body: text('body'), signature: text('signature'), signed: text('signed'), secret: '' };
    return reply
      .headers(pageHeaders)
      .type('text/html; charset=utf-8')
      .send(await render(filled));
  });
}
