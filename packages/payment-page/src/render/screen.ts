import type { PageModel } from '../model.ts';
import { speechOf } from '../words/words.ts';
import { formatAmount } from './amounts.ts';
import { deadline, footer, header } from './frame.ts';
import { type Html, html, json } from './html.ts';
import { codeScreen } from './screens/code-screen.ts';
import {
  declineScreen,
  expiredScreen,
  successScreen,
  unavailableScreen,
  waitingScreen,
} from './screens/end-screens.ts';
import { methodsScreen } from './screens/methods-screen.ts';
import { numberScreen } from './screens/number-screen.ts';

/** The fragment that the page's script puts in place of the one before; it holds everything that may differ. */
export function renderScreen(model: PageModel): string {
  return screenMarkup(model).source;
}

/** The same as markup, for the page around it. */
export function screenMarkup(model: PageModel): Html {
  const { screen, payment, language } = model;
  const speech = speechOf(language);
  const amount = formatAmount(payment.amountMinor, payment.currency, language);
  return html`<div id="page" lang="${language}" data-kind="${screen.kind}" ${facts(model)}>
    ${header(model)}
    <section class="sum" aria-label="${speech.say('toPay')}">
      <p class="amount">${amount}</p>
      <p class="for">${payment.description ?? ''}<span>${speech.say('payment', { id: payment.id })}</span></p>
      ${model.project.sandbox && html`<p class="sandbox">${speech.say('sandbox')}</p>`}
    </section>
    <main>${deadline(model)}${body(model)}</main>
    ${footer(model)}
  </div>`;
}

/** What the script needs to know of a screen. */
function facts(model: PageModel): Html {
  const speech = speechOf(model.language);
  const { screen } = model;
  const texts = {
    title: speech.say('title', { shop: model.project.name }),
    offline: speech.say('offline'),
    question: speech.say('guardQuestion'),
    stay: speech.say('guardStay'),
    leave: speech.say('guardLeave'),
  };
  const spoken = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, unescape(text)]));
  return html`data-version="${model.version}" data-now="${model.now}" data-base="${model.basePath}"
  data-opened="${model.opened}"
  data-key="${keyOf(model)}"${screen.kind === 'code' && html` data-attempts="${screen.attemptsLeft}"`}${screen.kind === 'code' && screen.notice && html` data-notice="${screen.notice}"`}${screen.kind === 'code' && screen.resending && html` data-resending`}${
    screen.kind === 'waiting' && html` data-for="${screen.for}"`
  }${model.requestId !== null && html` data-request="${model.requestId}"`}${model.result && html` data-result="${json(model.result)}"`}${
    model.autoRedirect && html` data-redirect="${json(model.autoRedirect)}"`
  }
  data-texts="${json(spoken)}"`;
}

/** Two screens with one key are one step of the payer's, and what he typed stays. */
function keyOf({ screen }: PageModel): string {
  if (screen.kind === 'code') return `code ${screen.request}`;
  return screen.kind === 'decline' && screen.tryAgain?.ready === false ? 'decline soon' : screen.kind;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescape = (text: Html): string =>
  text.source.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name] ?? '');

function body(model: PageModel): Html {
  const { screen } = model;
  switch (screen.kind) {
    case 'methods':
      return methodsScreen(model, screen);
    case 'number':
      return numberScreen(model, screen);
    case 'waiting':
      return waitingScreen(model, screen);
    case 'code':
      return codeScreen(model, screen);
    case 'success':
      return successScreen(model, screen);
    case 'decline':
      return declineScreen(model, screen);
    case 'expired':
      return expiredScreen(model);
    case 'unavailable':
      return unavailableScreen(model);
  }
}
