import type { CodeNotice, CodeScreen, PageModel } from '../../model.ts';
import { speechOf } from '../../words/words.ts';
import { formatAmount } from '../amounts.ts';
import { milestones, timeLeft } from '../clock.ts';
import { consentText } from '../consent-text.ts';
import { actionForm, fieldFault, form } from '../form.ts';
import { type Html, html } from '../html.ts';
import { operatorNames } from '../operators.ts';

const ofField: readonly CodeNotice[] = ['code_wrong', 'code_expired', 'code_malformed', 'enter_again'];

/** The code, how long it lives, and what else the payer may do. */
export function codeScreen(model: PageModel, screen: CodeScreen): Html {
  const speech = speechOf(model.language);
  const number = html`<b class="number">${screen.maskedNumber}</b>`;
  const sent = screen.operator
    ? speech.say('codeSentBy', { number, operator: operatorNames[screen.operator] })
    : speech.say('codeSent', { number });
  const notice = screen.notice && !ofField.includes(screen.notice) ? screen.notice : null;
  const tone = notice === 'code_resent' ? 'good' : 'bad';
  return html`<h1 tabindex="-1">${speech.say('codeTitle')}</h1>
    <p class="lead">${sent}</p>
    ${notice && html`<p class="notice ${tone}">${speech.say(`notice_${notice}`)}</p>`}
    ${codeForm(model, screen)}${resend(model, screen)}
    <div class="actions below">
      ${screen.mayChangeNumber && actionForm(model, 'change-number', speech.say('changeNumber'), 'plain')}
      ${leave(model)}
    </div>`;
}

/** There is no way back from it, so a slip of the finger only opens the question; without the script as well. */
function leave(model: PageModel): Html {
  const speech = speechOf(model.language);
  return html`<details class="leave">
    <summary id="cancel" class="button plain">${speech.say('cancel')}</summary>
    <p>${speech.say('cancelQuestion')}</p>
    ${actionForm(model, 'leave', speech.say('cancelSurely'), 'plain')}
  </details>`;
}

function codeForm(model: PageModel, screen: CodeScreen): Html {
  const speech = speechOf(model.language);
  const { amountMinor, currency } = model.payment;
  const pay = speech.say('pay', { amount: formatAmount(amountMinor, currency, model.language) });
  const isOver = screen.codeExpiresAt <= model.now;
  const fault = screen.notice && ofField.includes(screen.notice) ? screen.notice : null;
  const attempts = speech.count('attemptsLeft', screen.attemptsLeft);
  const text = fault && html`${speech.say(`notice_${fault}`)} ${fault === 'code_wrong' && attempts}`;
  const fields = html`<div class="field${fault && ' bad'}">
      <label for="code">${speech.say('codeLabel')}</label>
      <div class="box code">
        <input
          id="code"
          name="code"
          type="text"
          inputmode="numeric"
          pattern="[0-9 ]*"
          autocomplete="one-time-code"
          maxlength="300"
          aria-describedby="code-fault code-life"
          ${fault && html` aria-invalid="true"`}${model.opened === 'tab' && html` autofocus`}
        />
      </div>
      ${fieldFault('code-fault', text)}
      <p
        class="hint"
        id="code-life"
        data-clock="${screen.codeExpiresAt}"
        data-name="code"
        data-say="${milestones(model, screen.codeExpiresAt)}"
      >
        <span data-while${isOver && html` hidden`}
          >${speech.say('codeValid', { left: timeLeft(model, screen.codeExpiresAt) })}</span
        >
        ${fault !== 'code_expired' && html`<span data-after${!isOver && html` hidden`}>${speech.say('codeOver')}</span>`}
      </p>
    </div>
    <input type="hidden" name="consent" value="${screen.consent.version}" />${consentText(model, pay)}
    <button id="go" class="main">${pay}</button>
    ${screen.resending && html`<p class="hint warn centre" data-held hidden>${speech.say('codeHeld')}</p>`}`;
  return form(model, 'code', fields, 'pay');
}

function resend(model: PageModel, screen: CodeScreen): Html | null {
  const speech = speechOf(model.language);
  if (screen.resending) {
    // Without the script nothing moves the screen by itself: to load it anew would take what is being typed.
    const ask = html`<noscript><a href="${model.basePath}">${speech.say('resendingAsk')}</a></noscript>`;
    return html`<p class="resend hint" data-news>${speech.say('resending')} ${ask}</p>`;
  }
  if (screen.resendsLeft === 0) return html`<p class="resend hint">${speech.say('resendsNone')}</p>`;
  // No new code is promised for a time when the payment is over.
  if (screen.resendAllowedAt > screen.deadlineAt) return null;
  const isAllowed = screen.resendAllowedAt <= model.now;
  const left = timeLeft(model, screen.resendAllowedAt);
  return html`<div class="resend" data-clock="${screen.resendAllowedAt}" data-name="resend">
    <p class="hint" data-while${isAllowed && html` hidden`}>${speech.say('resendIn', { left })}</p>
    <div data-after>
      ${actionForm(model, 'resend', speech.say('resend'), 'plain')}
      <p class="hint">${speech.count('resendsLeft', screen.resendsLeft)}</p>
    </div>
  </div>`;
}
