import { groupDigits, isUsualMobile, nationalDigits } from '../../phone-number.ts';

/** Whether the payer took an operator by hand: then no guess changes it. */
let isChosen = false;

/** Makes the number's field format what is typed or pasted, and lets its prefix suggest the operator. */
export function enhanceNumber(root: HTMLElement): void {
  const field = root.querySelector<HTMLInputElement>('#number');
  if (!field) return;
  const radios = [...root.querySelectorAll<HTMLInputElement>('input[name=operator][type=radio]')];
  isChosen = radios.some((radio) => radio.checked);
  for (const radio of radios)
    radio.addEventListener('change', () => {
      isChosen = true;
      guess(root, field, radios);
    });
  field.addEventListener('input', () => {
    format(field);
    guess(root, field, radios);
  });
  if (field.value !== '') guess(root, field, radios);
}

/** Keeps the caret behind the digit it stood behind. */
function format(field: HTMLInputElement): void {
  const caret = field.selectionStart ?? field.value.length;
  const typed = field.value;
  const all = nationalDigits(typed);
  const dropped = typed.replaceAll(/\D/g, '').length - all.length;
  const before = Math.max(0, typed.slice(0, caret).replaceAll(/\D/g, '').length - Math.max(0, dropped));
  const isAtEnd = caret === typed.length;
  field.value = groupDigits(all);
  const place = isAtEnd ? field.value.length : groupDigits(all.slice(0, before)).length;
  field.setSelectionRange(place, place);
}

function guess(root: HTMLElement, field: HTMLInputElement, radios: readonly HTMLInputElement[]): void {
  const national = nationalDigits(field.value);
  const candidates = operatorsOf(national, field);
  const offered = radios.filter((radio) => candidates.includes(radio.value));
  const open = offered.filter((radio) => !radio.disabled);
  const isAway = offered.length > 0 && offered.every((radio) => radio.dataset['none'] !== undefined);
  for (const radio of radios) {
    radio.parentElement?.classList.toggle('likely', open.includes(radio) && !isChosen);
    // Two brands of one owner share their prefixes: then the platform finds out, unless the payer says.
    if (!isChosen) radio.checked = open.length === 1 && open[0] === radio;
  }
  toggle(root, '[data-guessed]', open.length > 0 && !isChosen);
  toggle(root, '[data-away]', isAway && !isChosen);
  toggle(root, '[data-unusual]', national.length === 10 && !isUsualMobile(national));
}

/** The longest prefix wins. */
function operatorsOf(national: string, field: HTMLInputElement): readonly string[] {
  const prefixes: Record<string, readonly string[]> = JSON.parse(field.dataset['prefixes'] ?? '{}');
  for (let length = 6; length > 0; length--) {
    const found = national.length >= length && prefixes[national.slice(0, length)];
    if (found) return found;
  }
  return [];
}

function toggle(root: HTMLElement, selector: string, isShown: boolean): void {
  const part = root.querySelector<HTMLElement>(selector);
  if (part) part.hidden = !isShown;
}
