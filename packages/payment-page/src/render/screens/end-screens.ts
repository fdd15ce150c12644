import type { DeclineScreen, PageModel, SuccessScreen, WaitingScreen } from '../../model.ts';
import { speechOf } from '../../words/words.ts';
import { formatAmount, formatDate } from '../amounts.ts';
import { milestones, timeLeft } from '../clock.ts';
import { consentText } from '../consent-text.ts';
import { actionForm } from '../form.ts';
import { type Html, html } from '../html.ts';
import { operatorNames } from '../operators.ts';
import { returnLink } from '../return-link.ts';

/** The last: after how many milliseconds the wait is called long; what is said before says how long it usually is. */
const waits = {
  code: ['waitCodeTitle', 'waitCodeText', 'waitCodeSlow', 15_000],
  result: ['waitResultTitle', 'waitResultText', 'waitResultSlow', 60_000],
  cancel: ['waitCancelTitle', 'waitCancelText', 'waitCancelSlow', 15_000],
} as const;

const mark = (kind: 'good' | 'bad' | 'wait'): Html => html`<span class="mark ${kind}" aria-hidden="true"></span>`;

export function waitingScreen(model: PageModel, screen: WaitingScreen): Html {
  const [title, text, slow, patienceMs] = waits[screen.for];
  const speech = speechOf(model.language);
  const longAt = screen.since + patienceMs;
  const isLong = longAt <= model.now;
  const texts = html`<span data-while${isLong && html` hidden`}>${speech.say(text)}</span
    ><span data-after${!isLong && html` hidden`}>${speech.say(slow)}</span>`;
  return outcome(model, 'wait', title, html`<span data-clock="${longAt}" data-name="wait">${texts}</span>`);
}

export function unavailableScreen(model: PageModel): Html {
  return outcome(model, 'wait', 'unavailableTitle', speechOf(model.language).say('unavailableText'));
}

export function expiredScreen(model: PageModel): Html {
  const text = speechOf(model.language).say('expiredText');
  return html`${outcome(model, 'bad', 'expiredTitle', text)}${returnLink(model, 'main')}`;
}

/** The receipt. */
export function successScreen(model: PageModel, screen: SuccessScreen): Html {
  const speech = speechOf(model.language);
  const { payment, project, language } = model;
  const amount = html`<b>${formatAmount(payment.amountMinor, payment.currency, language)}</b>`;
  const number = html`<b class="number">${screen.maskedNumber}</b>`;
  const text = screen.operator
    ? speech.say('successTextBy', { amount, number, operator: operatorNames[screen.operator] })
    : speech.say('successText', { amount, number });
  const row = (name: Html, value: string): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  const rows = html`${row(speech.say('receiptShop'), project.name)}${row(speech.say('receiptPayment'), payment.id)}${
    payment.description !== null && payment.description !== '' && row(speech.say('receiptFor'), payment.description)
  }${row(speech.say('receiptDate'), formatDate(screen.at, language))}`;
  return html`${outcome(model, 'good', 'successTitle', text)}
    <dl class="receipt">${rows}</dl>
    ${returnLink(model, 'main')}<button type="button" class="plain" data-print hidden>${speech.say('print')}</button>`;
}

export function declineScreen(model: PageModel, screen: DeclineScreen): Html {
  const speech = speechOf(model.language);
  const again = screen.tryAgain;
  // Who is offered another try at once is not sent away until later.
  const later = screen.reason === 'operator_down' && !again && html` ${speech.say('tryLater')}`;
  const text = html`${speech.say(`reason_${screen.reason}`)}${later}</p><p>${speech.say('notCharged')}`;
  const link = returnLink(model, again ? 'plain' : 'main');
  if (again && !again.ready) {
    const soon = speech.say('tryAgainSoon');
    const waiting = html`${text}</p><p data-clock="${again.until}" data-name="again">${soon}`;
    return html`${outcome(model, 'bad', 'declineTitle', waiting)}${link}`;
  }
  if (!again) return html`${outcome(model, 'bad', 'declineTitle', text)}${link}`;
  return html`${outcome(model, 'bad', 'declineTitle', text)}${retry(model, again)}
    <div class="actions">${actionForm(model, 'change-number', speech.say('changeNumber'), 'plain')}${link}</div>`;
}

/** Another try with the same number, to which the payer agrees anew. */
function retry(model: PageModel, { left, until }: NonNullable<DeclineScreen['tryAgain']>): Html {
  const speech = speechOf(model.language);
  const label = speech.say('tryAgain');
  const attempts = speech.count('tryAgainLeft', left, { left: timeLeft(model, until) });
  return html`${consentText(model, label)}
    <div data-clock="${until}" data-name="again" data-say="${milestones(model, until)}">
      ${actionForm(model, 'try-again', label, 'main')}
      <p class="hint centre" data-while>${attempts}</p>
    </div>`;
}

type Title =
  | (typeof waits)[keyof typeof waits][0]
  | 'unavailableTitle'
  | 'expiredTitle'
  | 'successTitle'
  | 'declineTitle';

function outcome(model: PageModel, kind: 'good' | 'bad' | 'wait', title: Title, text: Html): Html {
  return html`<div class="outcome">
    ${mark(kind)}
    <h1 tabindex="-1">${speechOf(model.language).say(title)}</h1>
    <p>${text}</p>
  </div>`;
}
