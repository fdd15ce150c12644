import type { PageModel } from '../model.ts';
import type { Language } from '../surroundings.ts';
import { speechOf } from '../words/words.ts';
import { formatTime } from './amounts.ts';
import { milestones, timeLeft } from './clock.ts';
import { Html, html } from './html.ts';

/** Each language in its own words; what is seen is the beginning of what is heard. */
const languageNames: Readonly<Record<Language, readonly [seen: string, heard: string]>> = {
  kk: ['Қаз', 'Қазақша'],
  ru: ['Рус', 'Русский'],
  en: ['Eng', 'English'],
};
const DEADLINE_BAR_MS = 300_000;

export function header(model: PageModel): Html {
  const { name, logo } = model.project;
  const brand = logo === null ? null : html`<img src="${logo}" alt="" height="32" />`;
  return html`<header>
    <p class="shop">${brand}<span>${name}</span></p>
    ${languageSwitch(model)}
  </header>`;
}

/** Its buttons also carry what the payer's form holds, so that without the script nothing typed is lost. */
function languageSwitch(model: PageModel): Html | null {
  if (model.languages.length < 2) return null;
  const own = model.screen.kind === 'number' ? null : 'language';
  const buttons = model.languages.map((language) => {
    const [seen, heard] = languageNames[language];
    const isCurrent = language === model.language;
    return html`<button
      lang="${language}"
      name="language"
      value="${language}"
      aria-label="${seen}, ${heard}"
      form="${own ?? 'pay'}"
      formaction="${model.basePath}/language"
      ${isCurrent && html` aria-current="true"`}
    >
      ${seen}
    </button>`;
  });
  // Enter in a field presses the first button of its form, wherever it stands: that must not be a language.
  const form = own
    ? html`<form id="language" method="post" action="${model.basePath}/language">
        <input type="hidden" name="version" value="${model.version}" />
      </form>`
    : html`<button class="unseen" form="pay" tabindex="-1" aria-hidden="true"></button>`;
  return html`<nav class="languages" aria-label="${speechOf(model.language).say('language')}">${form}${buttons}</nav>`;
}

/** The merchant's deadline, wherever the payer can still act: the payment ends at it even while a code is asked for. */
export function deadline(model: PageModel): Html | null {
  const end = model.bestBefore;
  if (!end || !['methods', 'number', 'code'].includes(model.screen.kind)) return null;
  const speech = speechOf(model.language);
  const left = timeLeft(model, end.at);
  const bar =
    end.at - model.now <= DEADLINE_BAR_MS &&
    html`<progress max="${DEADLINE_BAR_MS}" value="${Math.max(0, end.at - model.now)}" aria-hidden="true"></progress>`;
  return html`<div class="deadline" data-clock="${end.at}" data-name="deadline" data-say="${milestones(model, end.at)}">
    <p>
      <span>${speech.say('payBy', { time: formatTime(end.at, model.language) })}</span
      ><span>${speech.say('timeLeft', { left })}</span>
    </p>
    ${bar}
  </div>`;
}

export function footer(model: PageModel): Html {
  const speech = speechOf(model.language);
  const { support, termsUrl } = model.project;
  const outside = (url: string, text: string | Html): Html =>
    html`<a href="${url}" target="_blank" rel="noopener">${text}</a>`;
  const contacts = [
    support.phone !== null && html`<a href="tel:${support.phone.replaceAll(/[^+\d]/g, '')}">${support.phone}</a>`,
    support.email !== null && html`<a href="mailto:${support.email}">${support.email}</a>`,
    support.url !== null && outside(support.url, support.url.replace(/^https?:\/\//, '').replace(/\/$/, '')),
  ].filter((one) => one !== false);
  return html`<footer>
    ${contacts.length > 0 && html`<p><span>${speech.say('support')}:</span> ${contacts}</p>`}
    ${termsUrl !== null && html`<p>${outside(termsUrl, speech.say('terms'))}</p>`} ${secured(model.language)}
  </footer>`;
}

/** The last line of every page. */
export function secured(language: Language): Html {
  const lock = new Html(
    '<svg aria-hidden="true" width="11" height="13" viewBox="0 0 12 14"><path fill="currentColor" d="M6 0a4 4 0 0 0-4 4v2H1a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7a1 1 0 0 0-1-1h-1V4a4 4 0 0 0-4-4Zm0 2a2 2 0 0 1 2 2v2H4V4a2 2 0 0 1 2-2Z"/></svg>',
  );
  return html`<p class="secured">${lock}${speechOf(language).say('secured')}</p>`;
}
