import { readNumber } from '../../phone-number.ts';
import { tell } from './host.ts';
import { post } from './network.ts';
import { say } from './say.ts';
import { sayAgain, screenNow } from './screen.ts';

/** The form on its way; once another screen has taken its place, nobody waits for its answer. */
let sent: HTMLFormElement | undefined;

/**
 * Sends the page's forms without leaving it; a second press while one is on its way does nothing. Only the way out
 * overtakes: a code may wait long for its text message, and who cancels meanwhile does not pay.
 */
export function interceptForms(): void {
  document.addEventListener('submit', (event) => {
    const { target, submitter } = event;
    if (!(target instanceof HTMLFormElement)) return;
    event.preventDefault();
    if (!sent?.isConnected || (sent !== target && actionOf(target.action) === 'leave')) void send(target, submitter);
  });
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const button = submitter instanceof HTMLButtonElement ? submitter : undefined;
  const url = button?.hasAttribute('formaction') ? button.formAction : form.action;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  if (button && button.name !== '') body.append(button.name, button.value);
  tellStep(url, body);
  if (sent) rest(sent);
  sent = form;
  form.classList.add('busy');
  form.setAttribute('aria-busy', 'true');
  const held = heldText(form);
  if (held) {
    held.hidden = false;
    say(held.innerText);
  }
  await post(url, body, () => sent === form && form.isConnected);
  if (sent !== form) return;
  sent = undefined;
  rest(form);
  if (form.isConnected) sayAgain();
}

function rest(form: HTMLFormElement): void {
  form.classList.remove('busy');
  form.removeAttribute('aria-busy');
  const held = heldText(form);
  if (held) held.hidden = true;
}

/** What a form says of itself while its answer is known to take long. */
const heldText = (form: HTMLFormElement): HTMLElement | null => form.querySelector('[data-held]');

const actionOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** The host page hears of a step when the payer takes it, not when it is answered. */
function tellStep(url: string, body: URLSearchParams): void {
  const action = actionOf(url);
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
