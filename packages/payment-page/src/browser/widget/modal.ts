import { isMobile, wordsFor } from './surroundings.ts';

/** The texts of the question before a payment under way is closed; they come from the page, in its language. */
export interface Question {
  readonly question: string;
  readonly stay: string;
  readonly leave: string;
}

interface Wishes {
  readonly cssClass: unknown;
  readonly language: unknown;
  readonly closesOnBackdrop: boolean;
  /** The payer wants out: by the cross, the backdrop or Esc. */
  onClose(): void;
}

/**
 * The modal: a native dialog, so the browser keeps the focus inside, hides the page behind it from assistive technology and
 * hands Esc over. Its ids and classes are what merchants style.
 */
export class Modal {
  readonly body = make('div', 'ep-modal-body');
  readonly #box = make('dialog', 'ep-modal-container');
  readonly #wrap = make('div', 'ep-modal-wrap');
  readonly #close = make('button', 'ep-modal-close');
  readonly #opener = document.activeElement;
  readonly #overflow = document.documentElement.style.overflow;
  #asked: HTMLElement | undefined;

  constructor({ cssClass, language, closesOnBackdrop, onClose }: Wishes) {
    const [name, close] = wordsFor(language);
    this.#close.type = 'button';
    this.#close.ariaLabel = close;
    this.#close.addEventListener('click', onClose);
    this.#box.setAttribute('aria-label', name);
    this.#box.setAttribute('role', 'dialog');
    this.#box.setAttribute('aria-modal', 'true');
    this.#wrap.className = 'ep-modal-wrap';
    this.#wrap.append(this.body, this.#close);
    this.#box.append(this.#wrap);
    for (const one of String(cssClass ?? '').split(/\s+/)) if (one !== '') this.#box.classList.add(one);
    if (isMobile()) this.#box.classList.add('modal-mobile');
    this.#box.addEventListener('cancel', (event) => {
      event.preventDefault();
      onClose();
    });
    this.#box.addEventListener('mousedown', ({ target }) => {
      if (closesOnBackdrop && target === this.#box) onClose();
    });
  }

  show(): void {
    document.body.append(this.#box);
    // Browsers of before 2022 have no modal dialogs; there it lies over the page all the same.
    if (typeof this.#box.showModal === 'function') this.#box.showModal();
    else this.#box.setAttribute('open', '');
    this.#box.classList.add('shown');
    // Keys pressed in a frame without the page's script reach nobody, and Esc would close nothing.
    this.#close.focus();
    document.documentElement.style.overflow = 'hidden';
  }

  /** The frame shows what it has; only the page itself, which hands Esc on, is given the focus. */
  markLoaded(isPage: boolean): void {
    this.#wrap.classList.add('loaded');
    if (!isPage) this.#close.focus();
    else if (document.activeElement === this.#close) this.body.querySelector('iframe')?.focus();
  }

  toggle(cssClass: string, isThere: boolean): void {
    this.#wrap.classList.toggle(cssClass, isThere);
  }

  resize(height: number): void {
    this.body.style.height = `${height}px`;
  }

  /** Asks before a payment under way is closed; asking twice asks once. */
  ask({ question, stay, leave }: Question, onLeave: () => void): void {
    if (this.#asked) return;
    const box = make('div', 'ep-modal-confirm');
    const text = make('p', 'ep-modal-question');
    text.textContent = question;
    box.setAttribute('role', 'alertdialog');
    box.setAttribute('aria-labelledby', text.id);
    const [staying, leaving] = [make('button', 'ep-modal-stay'), make('button', 'ep-modal-leave')];
    [staying.textContent, leaving.textContent] = [stay, leave];
    staying.addEventListener('click', () => this.takeBackQuestion());
    leaving.addEventListener('click', onLeave);
    box.append(text, staying, leaving);
    this.#asked = box;
    this.body.inert = true;
    this.#wrap.append(box);
    staying.focus();
  }

  takeBackQuestion(): void {
    this.#asked?.remove();
    this.#asked = undefined;
    this.body.inert = false;
    this.body.querySelector('iframe')?.focus();
  }

  remove(): void {
    document.documentElement.style.overflow = this.#overflow;
    this.#box.close?.();
    this.#box.remove();
    if (this.#opener instanceof HTMLElement) this.#opener.focus();
  }
}

function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, id: string): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.id = id;
  return element;
}
