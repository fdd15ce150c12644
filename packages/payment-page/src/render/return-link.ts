import type { PageModel } from '../model.ts';
import { speechOf } from '../words/words.ts';
import { type Html, html } from './html.ts';

const targets = { iframe: null, parent: '_top', blank: '_blank' } as const;

/** The way back to the shop, where there is one now. */
export function returnLink(model: PageModel, look: 'main' | 'plain' = 'plain'): Html | null {
  const link = model.returnLink;
  if (!link) return null;
  const label = speechOf(model.language).say('back');
  // The host page acts on these two, so they are of use only where the script can tell it.
  if (link.url === null) return html`<button type="button" class="${look}" data-exit hidden>${label}</button>`;
  const target = targets[link.open];
  return html`<a class="button ${look}" href="${link.url}" rel="noopener" ${target && html` target="${target}"`}
    >${label}</a
  >`;
}
