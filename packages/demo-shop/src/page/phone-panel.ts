import { formatPhone } from '../phone.ts';
import type { PhoneMessage } from '../phone-messages.ts';
import { html, type Html } from './html.ts';
import { moment } from './moment.ts';

export interface PhoneView {
  readonly digits: string;
  /** Undefined when the simulator does not answer. */
  readonly messages: readonly PhoneMessage[] | undefined;
  readonly simulatorUrl: string;
}

export function phonePanel({ digits, messages, simulatorUrl }: PhoneView): Html {
  return html`<section aria-labelledby="phone-t" class="phone">
    <h2 id="phone-t" class="unseen">The simulated phone</h2>
    <div class="handset">
      <p class="bar"><span>The payer’s phone</span><span class="camera" aria-hidden="true"></span></p>
      <p class="number" id="phone-number">${formatPhone(digits)}</p>
      <div id="messages" aria-live="polite" data-simulator="${simulatorUrl}">${messageList(messages)}</div>
      <p class="quiet foot">
        <a id="phone-link" href="${simulatorUrl}/phones/${digits}" target="_blank" rel="noopener"
          >This phone in the simulator<span class="unseen">, in a new tab</span></a
        >
      </p>
    </div>
  </section>`;
}

/** The newest first, as phones show them. */
export function messageList(messages: readonly PhoneMessage[] | undefined): Html {
  if (messages === undefined) return html`<p class="silent">The simulator does not answer.</p>`;
  if (messages.length === 0) return html`<p class="silent">No messages yet. The code will appear here.</p>`;
  return html`<ol>
    ${messages.map(messageItem)}
  </ol>`;
}

function messageItem(message: PhoneMessage): Html {
  return html`<li data-sent="${message.sentAt.toISOString()}">
    <p class="from"><b>${message.operator}</b> ${moment(message.sentAt)}</p>
    <p>${messageText(message)}</p>
  </li>`;
}

/** With the code marked, so that it is found at a glance. */
export function messageText({ text, code }: PhoneMessage): Html {
  const at = code === undefined ? -1 : text.indexOf(code);
  if (code === undefined || at < 0) return html`${text}`;
  return html`${text.slice(0, at)}<mark>${code}</mark>${text.slice(at + code.length)}`;
}
