import { TRUSTED_TYPES_POLICY } from '../../trusted-types.ts';
import { startClocks } from './clocks.ts';
import { enhanceCode } from './code-field.ts';
import { type Facts, readFacts } from './facts.ts';
import { offerExit, tell, tellChange } from './host.ts';
import { enhanceNumber } from './number-field.ts';
import { hush, say } from './say.ts';

interface Policy {
  createHTML(html: string): string;
}
declare global {
  interface Window {
    readonly trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  }
}

const asIs: Policy = { createHTML: (html) => html };
const policy = window.trustedTypes?.createPolicy(TRUSTED_TYPES_POLICY, asIs) ?? asIs;

type Listener = (facts: Facts) => void;
let current: Facts;
let onShown: Listener;
let onClock: () => void;

export const screenNow = (): Facts => current;

/** Takes over the screen the server wrote into the page. */
export function adoptScreen(root: HTMLElement, shown: Listener, clockOver: () => void): void {
  [onShown, onClock] = [shown, clockOver];
  bringToLife(readFacts(root), undefined);
}

/**
 * Puts a fragment in the place of the screen, unless it is older than that or the same.
 *
 * @returns whether this was a fragment at all
 */
export function show(fragment: string): boolean {
  const holder = document.createElement('template');
  holder.innerHTML = policy.createHTML(fragment);
  const root = holder.content.querySelector<HTMLElement>('#page');
  if (!root) return false;
  const next = readFacts(root);
  if (next.now < current.now) return true;
  if (next.version === current.version) {
    startClocks(current.root, next.now, onClock);
    return true;
  }
  const before = current;
  const isSameStep = next.key === before.key;
  if (isSameStep) keepTyped(before.root, root);
  const focused = isSameStep && before.root.contains(document.activeElement) ? document.activeElement : null;
  if (root.lang !== before.root.lang) hush();
  before.root.replaceWith(root);
  bringToLife(next, before);
  moveFocus(root, focused, isSameStep);
  speak(root, isSameStep);
  return true;
}

function bringToLife(facts: Facts, before: Facts | undefined): void {
  current = facts;
  const { root } = facts;
  document.documentElement.lang = root.lang;
  document.title = facts.texts.title;
  enhanceNumber(root);
  enhanceCode(root);
  offerExit(facts);
  const print = root.querySelector<HTMLElement>('[data-print]');
  if (print) print.hidden = false;
  print?.addEventListener('click', () => window.print());
  startClocks(root, facts.now, onClock);
  tellChange(before, facts);
  onShown(facts);
  if (facts.redirect) follow(facts.redirect);
}

/** To the address the merchant signed, in the way he wished. */
function follow({ url, open }: { readonly url: string; readonly open: string }): void {
  if (open === 'blank') window.open(url, '_blank', 'noopener');
  else if (open === 'parent' && window.parent !== window) tell('redirect', { url });
  else location.replace(url);
}

/** What the payer had typed, chosen and opened. */
function keepTyped(from: HTMLElement, to: HTMLElement): void {
  const question = to.querySelector('details');
  if (question) question.open = from.querySelector('details')?.open ?? false;
  for (const field of to.querySelectorAll<HTMLInputElement>('#number, #code')) {
    field.value = from.querySelector<HTMLInputElement>(`#${field.id}`)?.value ?? field.value;
  }
  const chosen = from.querySelector<HTMLInputElement>('[name=operator]:checked')?.value;
  for (const radio of to.querySelectorAll<HTMLInputElement>('[type=radio]')) {
    if (chosen !== undefined && !radio.disabled) radio.checked = radio.value === chosen;
  }
}

/** A selector by which the same thing is found on the next screen. */
function pathOf(element: Element | null): string {
  if (!element) return '';
  if (element.id) return `#${element.id}`;
  const name = element.getAttribute('name');
  const value = element.getAttribute('value');
  return name === null ? '' : `[name="${name}"]${value === null ? '' : `[value="${value}"]`}`;
}

/** @param kept what had the focus on the screen before; where the same step has it no more, its field does */
function moveFocus(root: HTMLElement, kept: Element | null, isSameStep: boolean): void {
  const invalid = root.querySelector<HTMLElement>('[aria-invalid]');
  const path = pathOf(kept);
  const again = path === '' ? null : root.querySelector<HTMLElement>(path);
  const first = root.querySelector<HTMLElement>('#code, #number') ?? root.querySelector<HTMLElement>('h1');
  const target = isSameStep ? (invalid ?? again ?? (kept && first)) : first;
  target?.focus({ preventScroll: isSameStep });
  if (target === invalid && target instanceof HTMLInputElement) target.select();
  if (!isSameStep) window.scrollTo(0, 0);
}

/** For a press that changed nothing: what stands against it is said once more, and seen to come anew. */
export function sayAgain(): void {
  speak(current.root, true);
  for (const fault of current.root.querySelectorAll('.fault')) fault.animate([{ opacity: 0 }, { opacity: 1 }], 400);
}

/** Faults, notices and news are said; a new step without any says its text, after what has the focus. */
function speak(root: HTMLElement, isSameStep: boolean): void {
  const faults = root.querySelectorAll<HTMLElement>('.fault, .notice, [data-news]');
  const said = isSameStep || faults.length > 0 ? faults : root.querySelectorAll<HTMLElement>('.lead, .outcome p');
  say(
    [...said]
      .map((part) => part.innerText)
      .join(' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
}
