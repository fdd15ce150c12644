import type { PageModel } from '../model.ts';
import { speechOf } from '../words/words.ts';
import { formatAmount } from './amounts.ts';
import { type Html, html } from './html.ts';

/** What the payer agrees to by pressing the button that is called `button`. */
export function consentText(model: PageModel, button: Html): Html {
  const { say } = bound(model);
  const { amountMinor, currency } = model.payment;
  const amount = formatAmount(amountMinor, currency, model.language);
  const { termsUrl, name } = model.project;
  const terms = termsUrl === null ? null : html` ${say('consentTerms', { terms: termsLink(model, termsUrl) })}`;
  return html`<p class="consent">${say('consent', { button, amount, shop: name })}${terms}</p>`;
}

function termsLink(model: PageModel, url: string): Html {
  return html`<a href="${url}" target="_blank" rel="noopener">${bound(model).say('consentTermsLink')}</a>`;
}

const bound = (model: PageModel) => {
  const speech = speechOf(model.language);
  return { say: speech.say.bind(speech) };
};
