import type { PageAssets } from '../assets.ts';
import type { ErrorPageModel, PageModel } from '../model.ts';
import type { Language } from '../surroundings.ts';
import { speechOf } from '../words/words.ts';
import { accentColours } from './accent.ts';
import { secured } from './frame.ts';
import { Html, html } from './html.ts';
import { screenMarkup } from './screen.ts';

/** What a whole page needs beside its model. `nonce` is the one of the answer's Content-Security-Policy. */
export interface PageMeans {
  readonly nonce: string;
  readonly assets: PageAssets;
}

/** How often a page without the script asks again while it waits. */
const REFRESH_S = 2;
const asksAgain = ({ screen }: PageModel): boolean =>
  ['waiting', 'unavailable'].includes(screen.kind) || (screen.kind === 'decline' && screen.tryAgain?.ready === false);

/** The whole document, complete without its script. */
export function renderPage(model: PageModel, means: PageMeans): string {
  const { pageScript } = means.assets;
  const title = speechOf(model.language).say('title', { shop: model.project.name });
  const refresh = asksAgain(model)
    ? html`<noscript><meta http-equiv="refresh" content="${REFRESH_S};url=${model.basePath}" /></noscript>`
    : model.autoRedirect?.open === 'iframe' &&
      html`<noscript><meta http-equiv="refresh" content="0;url=${model.autoRedirect.url}" /></noscript>`;
  const head = html`${refresh}
    <script defer nonce="${means.nonce}" src="${pageScript.path}" integrity="${pageScript.integrity}"></script>`;
  return document(
    model.language,
    title,
    model.project.accent,
    means,
    head,
    html`${screenMarkup(model)}
      <p id="offline" role="alert" hidden></p>
      <p id="say" class="unseen" role="status"></p>`,
    model.opened,
  );
}

/** The page shown instead of one that cannot be opened. Its only script tells the shop around a frame that it failed. */
export function renderErrorPage(model: ErrorPageModel, means: PageMeans): string {
  const isOurs = model.status >= 500;
  const speech = speechOf(model.language);
  const title = speech.say(isOurs ? 'faultTitle' : 'errorTitle');
  const text = speech.say(isOurs ? 'faultText' : 'errorText');
  const request = speech.say('errorRequest', { id: model.requestId });
  const body = html`<div id="page">
    <main>
      <div class="outcome">
        <span class="mark bad" aria-hidden="true"></span>
        <h1>${title}</h1>
        <p>${text}</p>
      </div>
      ${model.audience === 'developer' && faultList(model)}
      <p class="hint centre">${request}</p>
    </main>
    <footer>${secured(model.language)}</footer>
  </div>`;
  const head = html`<script nonce="${means.nonce}">
    ${new Html(means.assets.failureScript)};
  </script>`;
  return document(model.language, title, null, means, head, body, 'tab');
}

function faultList({ status, faults }: ErrorPageModel): Html {
  const lines = faults.map(
    ({ field, message }) => html`<li>${field !== '' && html`<code>${field}</code>: `}${message}</li>`,
  );
  return html`<div class="faults" lang="en">
    <h2>For the developer: HTTP ${status}</h2>
    <ul>
      ${lines}
    </ul>
  </div>`;
}

function document(
  language: Language,
  title: Html,
  accent: string | null,
  { nonce, assets }: PageMeans,
  head: Html,
  body: Html,
  opened: string,
): string {
  const { fill, onFill, ink, darkInk } = accentColours(accent);
  const colours = `:root{--fill:${fill};--on-fill:${onFill};--ink:${ink};--dark-ink:${darkInk}}`;
  const style = new Html(`${colours}${assets.pageStyle}`);
  return html`<!doctype html>
    <html lang="${language}" data-opened="${opened}">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${style}
        </style>
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.source;
}
