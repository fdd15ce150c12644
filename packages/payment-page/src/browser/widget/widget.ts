import { Callbacks, handlerName } from './callbacks.ts';
import { checkConfig, type Config, isOn, parametersOf, raise } from './config.ts';
import { Modal, type Question } from './modal.ts';
import { getBaseUrl, guid, isMobile, wordsFor } from './surroundings.ts';

/** No word from the page this long after its frame has loaded: it will not come. */
const WATCHDOG_MS = 5000;

interface Message {
  readonly message: string;
  readonly guid: string;
  readonly data: Record<string, unknown>;
}

/** After a decline the payer is at it again, here or in another tab. */
const UNDER_WAY = /^(payment\.(try_again|sent|submit_result)|show_clarification_page)$/;

/** Takes away the modal that is shown. */
let giveWay: (() => void) | undefined;

/** One payment's frame on the merchant's page, in a modal or in an element. */
export class Widget {
  readonly config: Config;
  guid = guid();
  iframe: HTMLIFrameElement | undefined;
  frameMode = '';
  widgetLoaded = false;
  readonly #isPost: boolean;
  readonly #base: string;
  readonly #callbacks: Callbacks;
  #path: string | undefined;
  #modal: Modal | undefined;
  #guard: Question | undefined;
  #isFinished = false;
  #watchdog = 0;
  #stop = new AbortController();
  readonly #giveWay = (): void => this.#leave();

  constructor(config: Config, method = 'GET') {
    checkConfig(config);
    this.config = config;
    this.#isPost = method.toUpperCase() === 'POST';
    this.#base = new URL(String(config['baseUrl'] ?? config['baseurl'] ?? getBaseUrl()), location.href).origin;
    this.#callbacks = new Callbacks(config);
  }

  /** Opens the page by its encrypted link, `/{project_id}/{token}`; by GET only. */
  setEncryptedURL(path: string): this {
    this.#path = path;
    return this;
  }

  run(): void {
    const { config } = this;
    this.#callbacks.call('onRun');
    if (isOn(config['redirect']) || (isOn(config['redirect_on_mobile']) && isMobile())) {
      this.#setMode('tab');
      this.#send('_self');
      return;
    }
    this.#leave();
    const target = config['target_element'];
    this.#setMode(config['frame_mode'] === 'embedded' ? 'embedded' : target ? 'iframe' : 'popup');
    const frame = this.#makeFrame();
    if (this.frameMode === 'popup') this.#openModal(frame);
    else elementOf(target).replaceChildren(frame);
    this.#send(frame.name);
  }

  /** Closes the modal at once, as its cross does when nothing is under way. */
  closePopup(): void {
    if (!this.iframe) return;
    this.sendPostMessage({ message: 'close' });
    this.#leave();
    if (!this.#isFinished) this.#callbacks.call('onDestroy');
    this.#callbacks.call('onExit');
  }

  sendPostMessage(message: object): void {
    this.iframe?.contentWindow?.postMessage(JSON.stringify({ ...message, guid: this.guid }), this.#base);
  }

  /** Presses Pay within the frame, for a button of the merchant's own. */
  externalSubmit(): void {
    this.sendPostMessage({ message: 'epframe.external_widget_form_submission' });
  }

  trySubmit(): void {
    this.sendPostMessage({ message: 'epframe.embedded_mode.try_submit' });
  }

  #setMode(mode: 'tab' | 'iframe' | 'popup' | 'embedded'): void {
    this.frameMode = mode;
    // A shop may have frozen its configuration, as state libraries do.
    Reflect.set(this.config, 'frame_mode', mode);
  }

  #makeFrame(): HTMLIFrameElement {
    const frame = document.createElement('iframe');
    this.guid = guid();
    frame.className = 'ep-iframe';
    frame.id = `iframe-${this.guid}`;
    frame.name = frame.id;
    frame.title = wordsFor(this.config['language_code'])[0];
    frame.setAttribute('scrolling', 'no');
    frame.allow = isOn(this.config['apple_allow_payment']) ? 'payment; otp-credentials' : 'otp-credentials';
    this.iframe = frame;
    this.widgetLoaded = false;
    this.#isFinished = false;
    const { signal } = (this.#stop = new AbortController());
    window.addEventListener('message', (event) => this.#hear(event), { signal });
    frame.addEventListener('load', () => this.#greet(), { signal });
    for (const button of document.querySelectorAll('[data-epwidget="ep-run-transaction"]')) {
      button.addEventListener('click', () => this.externalSubmit(), { signal });
    }
    return frame;
  }

  #openModal(frame: HTMLIFrameElement): void {
    const { config } = this;
    // A second press of the shop's button, or another order: never two dialogs, one hidden by the other.
    giveWay?.();
    giveWay = this.#giveWay;
    this.#modal = new Modal({
      cssClass: config['css_modal_wrap'],
      language: config['language_code'],
      closesOnBackdrop: isOn(config['close_on_missclick']),
      onClose: () => this.#wantOut(),
    });
    this.#modal.body.append(frame);
    this.#modal.show();
  }

  /** By a form where POST was asked, else by an address. */
  #send(target: string): void {
    const parameters = parametersOf({ ...this.config, frame_mode: this.frameMode });
    if (this.#isPost && this.#path === undefined) {
      post(`${this.#base}/payment`, parameters, target);
      return;
    }
    // The encrypted part is signed and whole; only what was never signed travels beside it.
    const own = parameters.filter(([name]) => this.#path === undefined || /^(_|frame_mode$)/.test(name));
    const url = `${this.#base}${this.#path ?? '/payment'}?${new URLSearchParams(own).toString().replaceAll('+', '%20')}`;
    if (target === '_self') location.assign(url);
    else if (this.iframe) this.iframe.src = url;
  }

  #greet(): void {
    const source = this.iframe?.contentWindow;
    if (!source || isElsewhere(source, this.#base)) return;
    this.sendPostMessage({ message: 'link' });
    clearTimeout(this.#watchdog);
    if (this.widgetLoaded) return;
    const data = { message: 'Network problem' };
    this.#watchdog = window.setTimeout(() => this.#take('epframe.fail_loading', data), WATCHDOG_MS);
  }

  /** Only the page's own origin, from the frame itself, with the guid it was given, is believed. */
  #hear({ source, origin, data }: MessageEvent<unknown>): void {
    if (source !== this.iframe?.contentWindow || origin !== this.#base) return;
    const heard = readMessage(data);
    if (heard && heard.guid === this.guid) this.#take(heard.message, heard.data);
  }

  #take(message: string, data: Record<string, unknown>): void {
    const kind = message.replace(/^epframe\./, '');
    if (kind === 'loaded' || kind === 'fail_loading') {
      clearTimeout(this.#watchdog);
      this.widgetLoaded = true;
      this.#modal?.markLoaded(kind === 'loaded');
    }
    if (kind === 'fail_loading') data['config'] = this.config;
    if (kind === 'loaded' || kind === 'resize') this.#resize(Number(data['height']));
    if (kind === 'close_guard') this.#guard = data['busy'] === true ? asQuestion(data) : undefined;
    if (kind === 'close_guard' && !this.#guard) this.#modal?.takeBackQuestion();
    if (/^(payment\.(success|fail)|expired)$/.test(kind)) this.#isFinished = true;
    if (UNDER_WAY.test(kind)) this.#isFinished = false;
    if (kind.startsWith('redirect_iframe')) this.#modal?.toggle('with-asc', kind === 'redirect_iframe');
    if (kind === 'redirect') go(String(data['url']));
    if (kind === 'close_request') this.#wantOut();
    else if (kind !== 'close_guard') this.#callbacks.call(handlerName(message), data);
    if (this.#modal && (kind === 'exit' || kind === 'redirect')) this.#leave();
  }

  #resize(height: number): void {
    if (!this.iframe || !(height > 0)) return;
    this.iframe.style.height = `${height}px`;
    this.#modal?.resize(height);
  }

  #wantOut(): void {
    if (this.#guard && this.#modal) this.#modal.ask(this.#guard, () => this.closePopup());
    else if (this.#modal) this.closePopup();
  }

  /** Takes the frame away and listens no more. */
  #leave(): void {
    clearTimeout(this.#watchdog);
    this.#stop.abort();
    this.iframe?.remove();
    this.iframe = undefined;
    this.#guard = undefined;
    this.#modal?.remove();
    this.#modal = undefined;
    if (giveWay === this.#giveWay) giveWay = undefined;
  }
}

function elementOf(target: unknown): Element {
  const found = target instanceof Element ? target : document.getElementById(String(target));
  return found ?? raise('Invalid target_element');
}

function post(url: string, parameters: readonly (readonly [string, string])[], target: string): void {
  const form = document.createElement('form');
  Object.assign(form, { method: 'POST', action: url, target, hidden: true });
  for (const [name, value] of parameters) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
  form.remove();
}

/** Only to a real address; a script in one would run on the merchant's page. */
function go(url: string): void {
  if (/^(https?:)?\/\//i.test(url)) location.assign(url);
}

/** Still empty, as a POST frame is at first, or at a page of the shop's own, to which a result has led. */
function isElsewhere(source: Window, base: string): boolean {
  try {
    return source.location.origin !== base;
  } catch {
    return false;
  }
}

function readMessage(text: unknown): Message | undefined {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    if (!value || typeof value !== 'object' || !('message' in value) || !('guid' in value)) return undefined;
    const data = 'data' in value && value.data && typeof value.data === 'object' ? { ...value.data } : {};
    return { message: String(value.message), guid: String(value.guid), data };
  } catch {
    return undefined;
  }
}

function asQuestion({ question, stay, leave }: Record<string, unknown>): Question {
  return { question: String(question), stay: String(stay), leave: String(leave) };
}
