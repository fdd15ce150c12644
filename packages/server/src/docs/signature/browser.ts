import { explain } from '@rocketpay/contract/debugging/report.ts';
import { reportHtml } from './report-html.ts';

/** The page's script: computes in the browser what the server would not be told. */

const find = <Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind | undefined => {
  const element = document.getElementById(id);
  return element instanceof kind ? element : undefined;
};
const textIn = (id: string): string => find(id, HTMLTextAreaElement)?.value ?? find(id, HTMLInputElement)?.value ?? '';

const form = find('signature-form', HTMLFormElement);
const report = find('report', HTMLDivElement);
const stepper = find('step-through', HTMLButtonElement);
const secretField = find('secret-field', HTMLDivElement);
/** Browsers compute only on pages that came over https, or from this machine. */
const computes = globalThis.isSecureContext;

async function show(): Promise<void> {
  if (!report) return;
  const secret = computes ? textIn('secret') : '';
  const answer = await explain({ body: textIn('body'), signature: textIn('given'), signed: textIn('signed'), secret });
  report.innerHTML = reportHtml(answer).text;
  if (stepper) stepper.hidden = !answer.ok;
}

const steps = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>('details.step')];

/** Opens one step, closes the others, and brings it before the reader. */
function goTo(at: number): void {
  for (const [index, step] of steps().entries()) step.open = index === at;
  const step = steps()[at];
  step?.querySelector('summary')?.focus();
  step?.scrollIntoView({ block: 'nearest' });
}

function stepThrough(): void {
  for (const [at, step] of steps().entries()) {
    const buttons = document.createElement('div');
    buttons.className = 'buttons';
    for (const [words, to] of [
      ['Back', at - 1],
      ['Next step', at + 1],
    ] as const) {
      if (to < 0 || to >= steps().length) continue;
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = words;
      button.addEventListener('click', () => goTo(to));
      buttons.append(button);
    }
    step.querySelector('.buttons')?.remove();
    step.querySelector('.inside')?.append(buttons);
  }
  goTo(0);
}

if (secretField) secretField.hidden = !computes;
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void show().then(() => report?.focus());
});
stepper?.addEventListener('click', stepThrough);
if (textIn('body') !== '') void show();
