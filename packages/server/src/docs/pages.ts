import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createAsset, sendAsset, serveAsset } from './asset.ts';
import type { Page, Picture } from './guides.ts';
import { html, Html } from './html.ts';
import { layout, pageHeaders } from './layout.ts';

const htmlType = 'text/html; charset=utf-8';

const asset = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'assets', name));

function startPage(pages: readonly Page[]): Html {
  const groups = [...new Set(pages.map(({ group }) => group))];
  return html`<h1>Rocketpay for integrators</h1>
    <p>
      Purchases from a mobile balance, and refunds: what a merchant’s developer needs to know, and what this platform’s
      own operators do.
    </p>
    <ul class="cards">
      <li><a href="/docs/api/">API reference: every request, answer and callback</a></li>
      <li><a href="/docs/signature">Signature debugger: why is my signature wrong?</a></li>
      <li><a href="/docs/reference/simulator">Test numbers: phones that pay, refuse, or lose the answer</a></li>
      <li><a href="/openapi.json">openapi.json, for generators and importers</a></li>
    </ul>
    ${groups.map(
      (group) =>
        html`<h2>${group}</h2>
          <ul class="cards">
            ${pages.filter((page) => page.group === group).map(({ address, title }) => html`<li><a href="${address}">${title}</a></li>`)}
          </ul>`,
    )}`;
}

function lostPage(): Html {
  return html`<h1>No such page</h1>
    <p>
      Nothing of the documentation is at this address. What there is stands under Contents and on
      <a href="/docs/">the start page</a>.
    </p>`;
}

/** One finished page under an address, with the strict policy. */
function servePage(app: FastifyInstance, address: string, text: string): void {
  const page = createAsset(htmlType, text);
  app.get(address, async (request, reply) => sendAsset(page, request, reply.headers(pageHeaders)));
}

/** The guides and the reference of the docs folder, each on a page of its own, and the start page. */
export function pageRoutes(app: FastifyInstance, pages: readonly Page[], pictures: readonly Picture[]): void {
  const css = createAsset('text/css; charset=utf-8', asset('docs.css'));
  const icon = createAsset('image/svg+xml', asset('icon.svg'));
  serveAsset(app, '/docs/assets/docs.css', () => css);
  serveAsset(app, '/docs/assets/icon.svg', () => icon);
  for (const { address, file } of pictures) {
    const picture = createAsset('image/png', readFileSync(file));
    serveAsset(app, address, () => picture);
  }

  app.get('/docs', async (_request, reply) => reply.redirect('/docs/', 308));
  servePage(app, '/docs/', layout(pages, { title: 'Documentation', address: '/docs/', body: startPage(pages) }));
  for (const page of pages) {
    servePage(app, page.address, layout(pages, { ...page, body: new Html(page.html) }));
    for (const other of [`${page.address}.md`, `${page.address}/`])
      app.get(other, async (_request, reply) => reply.redirect(page.address, 308));
  }
  const lost = layout(pages, { title: 'No such page', address: '', body: lostPage() });
  app.get('/docs/*', async (_request, reply) => reply.status(404).headers(pageHeaders).type(htmlType).send(lost));
}
