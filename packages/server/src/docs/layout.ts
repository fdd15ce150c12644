import type { Page } from './guides.ts';
import { html, type Html } from './html.ts';

/** Nothing but our own files: no inline script, no inline style, nobody's frame. */
const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export const pageHeaders = { 'content-security-policy': strictPolicy, 'referrer-policy': 'no-referrer' };

/** Pages that are not files of the docs folder. */
const tools = [
  { address: '/docs/api/', title: 'API reference' },
  { address: '/docs/signature', title: 'Signature debugger' },
  { address: '/openapi.json', title: 'openapi.json' },
];

interface Shown {
  readonly title: string;
  readonly address: string;
  readonly body: Html;
  readonly headings?: Page['headings'];
  readonly script?: string;
}

const link = (address: string, title: string, current: string): Html =>
  address === current
    ? html`<a href="${address}" aria-current="page">${title}</a>`
    : html`<a href="${address}">${title}</a>`;

function navigation(pages: readonly Page[], { address: current, headings = [] }: Shown): Html {
  const within =
    headings.length > 1 &&
    html`<ul>
      ${headings.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li>`)}
    </ul>`;
  const groups = [...new Set(pages.map(({ group }) => group))];
  const lists = groups.map(
    (group) =>
      html`<h2>${group}</h2>
        <ul>
          ${pages
            .filter((page) => page.group === group)
            .map(
              ({ address, title }) => html`<li>${link(address, title, current)}${address === current && within}</li>`,
            )}
        </ul>`,
  );
  return html`<ul>
      <li>${link('/docs/', 'Start', current)}</li>
      ${tools.map(({ address, title }) => html`<li>${link(address, title, current)}</li>`)}
    </ul>
    ${lists}`;
}

/** A whole page. The navigation folds by itself, without a script, where the window is narrow. */
export function layout(pages: readonly Page[], shown: Shown): string {
  const menu = navigation(pages, shown);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${shown.title} · Rocketpay</title>
        <link rel="stylesheet" href="/docs/assets/docs.css" />
        <link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml" />
        ${shown.script !== undefined && html`<script src="${shown.script}" type="module"></script>`}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the text</a>
        <header><a href="/docs/">Rocketpay</a> <span>for integrators</span></header>
        <details class="menu">
          <summary>Contents</summary>
          <nav aria-label="Contents, folded">${menu}</nav>
        </details>
        <div class="columns">
          <nav class="side" aria-label="Contents">${menu}</nav>
          <main id="content" tabindex="-1">${shown.body}</main>
        </div>
      </body>
    </html> `;
  return page.text;
}
