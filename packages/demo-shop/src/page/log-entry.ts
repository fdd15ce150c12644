import type { StoredCallback } from '../store.ts';
import { callbackWords } from './callback-words.ts';
import { html, type Html } from './html.ts';
import { moment } from './moment.ts';

/** The id of a callback's line in the page's log. */
export const logEntryId = (callback: StoredCallback): string => `cb-${callback.seq}`;

/** A callback as the log shows it; what the widget tells is added beside it by the page's script. */
export function logEntry(callback: StoredCallback): Html {
  const { status, what } = callbackWords(callback);
  const told = JSON.stringify(JSON.parse(callback.body), null, 2);
  return html`<li
    class="entry server"
    id="${logEntryId(callback)}"
    data-at="${callback.receivedAt}"
    data-order="${callback.paymentId}"
  >
    <details>
      <summary>
        ${moment(new Date(callback.receivedAt))} <span class="side">callback</span> <b>${status}</b>
        <span class="what">${what}</span>
      </summary>
      <pre>${told}</pre>
    </details>
  </li>`;
}
