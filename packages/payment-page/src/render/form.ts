import type { PageModel } from '../model.ts';
import { type Html, html } from './html.ts';

/** A form below the session's path. What it holds is posted with the version of the screen it stands on. */
export function form(model: PageModel, action: string, inside: Html, id?: string): Html {
  return html`<form
    method="post"
    action="${model.basePath}/${action}"
    novalidate${id !== undefined && html` id="${id}"`}
  >
    <input type="hidden" name="version" value="${model.version}" />${inside}
  </form>`;
}

/** A form that is one plain button, known by its action: the focus stays on it when the screen is drawn anew. */
export function actionForm(model: PageModel, action: string, label: Html, look: 'main' | 'plain'): Html {
  return form(model, action, html`<button id="to-${action}" class="${look}">${label}</button>`);
}

/** The fault of a field, by its id; the field names it in `aria-describedby`. */
export function fieldFault(id: string, text: Html | null): Html | null {
  return text && html`<p class="fault" id="${id}">${text}</p>`;
}
