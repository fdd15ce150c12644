import { type Facts, isCharging, isOver } from './facts.ts';

type Data = Readonly<Record<string, unknown>>;

/** The page around the frame: its window's origin and the guid by which it knows us. Undefined until it introduced itself. */
let link: { readonly origin: string; readonly guid: string } | undefined;
const waiting: [message: string, data: Data][] = [];
let size = '';
/** The request for a code that the host page heard of last, while it stands. */
let asked = '';

const isFramed = (): boolean => window.parent !== window;

/**
 * Listens for the page around the frame. Only the parent window is heard, which the Content-Security-Policy's
 * `frame-ancestors` has let in, and what is told is told to the very origin that spoke first.
 */
export function listenToHost(onSubmit: () => void): void {
  if (!isFramed()) return;
  window.addEventListener('message', (event) => {
    if (event.source !== window.parent || (link && event.origin !== link.origin)) return;
    const { message, guid } = read(event.data);
    if (message === 'link' && typeof guid === 'string' && !link && event.origin !== 'null') {
      link = { origin: event.origin, guid };
      send('epframe.loaded', measure());
      for (const [name, data] of waiting.splice(0)) send(name, data);
      new ResizeObserver(tellSize).observe(document.body);
    }
    if (typeof message === 'string' && /(external_widget_form_submission|embedded_mode\.(try_)?submit)$/.test(message))
      onSubmit();
  });
  // Keys pressed within the frame never reach the host page.
  window.addEventListener('keydown', ({ key }) => key === 'Escape' && tell('close_request'));
  keepFocus();
}

/** Gives the focus back to what had it: under a question of the host's the frame is inert, and a browser forgets. */
function keepFocus(): void {
  let left: EventTarget | null = null;
  document.addEventListener('focusout', ({ target }) => (left = target));
  for (const name of ['focusin', 'click']) document.addEventListener(name, () => (left = null));
  window.addEventListener('focus', () => {
    if (document.activeElement !== document.body || !(left instanceof HTMLElement)) return;
    (left.isConnected ? left : document.getElementById(left.id))?.focus();
  });
}

/** Tells the host page; kept until it has introduced itself. */
export function tell(message: string, data: Data = {}): void {
  if (!isFramed()) return;
  if (link) send(`epframe.${message}`, data);
  else waiting.push([`epframe.${message}`, data]);
}

/** The way out: the host closes the frame. Before the end it hears that as well. */
export function exit(facts: Facts): void {
  if (!isOver(facts)) tell('destroy');
  tell('exit');
}

/** Shows the button that only a host page can make work. */
export function offerExit(facts: Facts): void {
  const button = facts.root.querySelector<HTMLElement>('[data-exit]');
  if (!button || !isFramed()) return;
  button.hidden = false;
  button.addEventListener('click', () => exit(facts));
}

/** What became of the payer's step, in the documented names and order. */
export function tellChange(before: Facts | undefined, now: Facts): void {
  const { question, stay, leave } = now.texts;
  tell('close_guard', { busy: isCharging(now), question, stay, leave });
  if (now.request !== undefined && now.request !== before?.request)
    tell('payment.submit_result', { request_id: now.request });
  // A resend under way is no news, unless the host has not heard of a code yet: the page was loaded anew meanwhile.
  const isNews = !now.isResending || before?.kind !== 'code';
  if (now.kind === 'code' && isNews && asks(now) !== asked) tellCode(before, now);
  if (isNews) asked = asks(now);
  if (before?.kind === now.kind) return;
  if (now.kind === 'success') tell('payment.success', asData(now.result));
  if (now.kind === 'decline' || (now.kind === 'expired' && now.result)) tell('payment.fail', asData(now.result));
  if (now.kind === 'expired') tell('expired');
}

/** Which request for a code a screen stands for; one that only looks different is no news to the host. */
const asks = ({ kind, key, notice, attempts }: Facts): string =>
  kind === 'code' ? `${key} ${notice} ${attempts}` : '';

function tellCode(before: Facts | undefined, now: Facts): void {
  if (now.notice === 'code_resent' && before?.kind === 'code') return tell('otp_resent');
  if (now.notice === 'code_wrong') tell('otp_invalid');
  tell('show_clarification_page');
  if (before?.kind !== 'code' && before?.waitsFor !== 'result') tell('otp_shown');
}

function tellSize(): void {
  const { width, height } = measure();
  if (size !== `${width} ${height}`) tell('resize', { width, height });
  size = `${width} ${height}`;
}

function measure(): { width: number; height: number } {
  const { width, height } =
    document.getElementById('page')?.getBoundingClientRect() ?? document.body.getBoundingClientRect();
  return { width: Math.ceil(width), height: Math.ceil(height) };
}

function send(message: string, data: Data): void {
  if (link) window.parent.postMessage(JSON.stringify({ message, data, guid: link.guid }), link.origin);
}

function read(text: unknown): { message?: unknown; guid?: unknown } {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    return value && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}

const asData = (value: unknown): Data => (value && typeof value === 'object' ? { ...value } : {});
