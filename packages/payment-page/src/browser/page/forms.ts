import { readNumber } from '../../phone-number.ts';
import { tell } from './host.ts';
import { post } from './network.ts';
import { screenNow } from './screen.ts';

/** The form on its way; once another screen has taken its place, nobody waits for its answer. */
let sent: HTMLFormElement | undefined;

/** Sends the page's forms without leaving it; a second press while one is on its way does nothing. */
export function interceptForms(): void {
  document.addEventListener('submit', (event) => {
    const { target, submitter } = event;
    if (!(target instanceof HTMLFormElement)) return;
    event.preventDefault();
    if (!sent?.isConnected) void send(target, submitter);
  });
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const button = submitter instanceof HTMLButtonElement ? submitter : undefined;
  const url = button?.hasAttribute('formaction') ? button.formAction : form.action;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  if (button && button.name !== '') body.append(button.name, button.value);
  tellStep(url, body);
  sent = form;
  form.classList.add('busy');
  form.setAttribute('aria-busy', 'true');
  await post(url, body, () => form.isConnected);
  if (sent === form) sent = undefined;
  form.classList.remove('busy');
  form.removeAttribute('aria-busy');
}

/** The host page hears of a step when the payer takes it, not when it is answered. */
function tellStep(url: string, body: URLSearchParams): void {
  const action = url.slice(url.lastIndexOf('/') + 1);
  if (action === 'number' && readNumber(body.get('number') ?? '') !== null) tell('payment.sent');
  if (action === 'code' && body.get('code')?.trim() !== '') tell('submit_clarification_form');
  if (action === 'try-again' || (action === 'change-number' && screenNow().kind === 'decline'))
    tell('payment.try_again');
  if (action === 'try-again') tell('payment.sent');
  const code = body.get('method');
  if (action === 'method' && code !== null) {
    tell('payment_method.select', { name: code, payment_method_type: 1, payment_method_code: code });
  }
}
