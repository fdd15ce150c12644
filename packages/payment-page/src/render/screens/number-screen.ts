import { guessOperators } from '@rocketpay/core/operators/guess.ts';
import type { OperatorId } from '@rocketpay/core/operators/operator.ts';
import type { NumberFault, NumberScreen, PageModel, UnavailableReason } from '../../model.ts';
import { groupDigits, nationalDigits, readNumber } from '../../phone-number.ts';
import { speechOf } from '../../words/words.ts';
import { formatAmount } from '../amounts.ts';
import { consentText } from '../consent-text.ts';
import { fieldFault, form } from '../form.ts';
import { type Html, html, json } from '../html.ts';
import { operatorNames } from '../operators.ts';
import { returnLink } from '../return-link.ts';
import { unavailableText } from './unavailable-text.ts';

const ofNumber: readonly NumberFault[] = ['number_missing', 'number_malformed'];
const ofOperator: readonly NumberFault[] = ['operator_missing', 'operator_unavailable'];

/** The number, its operator, the consent and Pay. */
export function numberScreen(model: PageModel, screen: NumberScreen): Html {
  const speech = speechOf(model.language);
  const { amountMinor, currency } = model.payment;
  const pay = speech.say('pay', { amount: formatAmount(amountMinor, currency, model.language) });
  const general = screen.faults.filter((fault) => !ofNumber.includes(fault) && !ofOperator.includes(fault));
  const alert = general.map((fault) => html`<p class="notice bad">${speech.say(`fault_${fault}`)}</p>`);
  const agreement = html`<input type="hidden" name="consent" value="${screen.consent.version}" />
    ${consentText(model, pay)}<button id="go" class="main">${pay}</button>`;
  const action = isLockedAway(screen) ? askAgain(model) : agreement;
  const fields = html`${numberField(model, screen)}${operatorField(model, screen)}${action}`;
  return html`<h1 tabindex="-1">${speech.say('numberTitle')}</h1>
    ${alert}${form(model, 'number', fields, 'pay')}${returnLink(model)}`;
}

function numberField(model: PageModel, screen: NumberScreen): Html {
  const speech = speechOf(model.language);
  // Where the operator is not enforced, another number is what helps against one that is away.
  const fault = screen.faults.find(
    (one) => ofNumber.includes(one) || (one === 'operator_unavailable' && !screen.locked),
  );
  const whole = readNumber(screen.number);
  const value = whole === null ? screen.number : groupDigits(nationalDigits(whole));
  const wantsFocus = model.opened === 'tab' && (value === '' || fault !== undefined);
  return html`<div class="field${fault && ' bad'}">
    <label for="number">${speech.say('numberLabel')}</label>
    <div class="box">
      <span aria-hidden="true">+7</span
      ><input
        id="number"
        name="number"
        type="tel"
        inputmode="tel"
        autocomplete="tel"
        maxlength="40"
        value="${value}"
        aria-describedby="number-fault number-hint${screen.locked && html` operator-lock operator-fault`}"
        ${fault && html` aria-invalid="true"`}${wantsFocus && html` autofocus`}
        data-prefixes="${json(screen.prefixes)}"
      />
    </div>
    ${fieldFault('number-fault', fault ? speech.say(`fault_${fault}`) : null)}
    <p class="hint" id="number-hint">${speech.say('numberHint')}</p>
    ${!screen.locked && !fault && html`<p class="hint warn" data-away${!isAway(screen) && html` hidden`}>${speech.say('fault_operator_unavailable')}</p>`}
    <p class="hint warn" data-unusual hidden>${speech.say('numberUnusual')}</p>
  </div>`;
}

function operatorField(model: PageModel, screen: NumberScreen): Html {
  const speech = speechOf(model.language);
  if (screen.locked && screen.chosen) {
    const operator = html`<b>${operatorNames[screen.chosen]}</b>`;
    const why = whyLocked(model, screen, screen.chosen);
    return html`<div class="field${why && ' bad'}">
      <input type="hidden" name="operator" value="${screen.chosen}" />
      <p class="locked" id="operator-lock">
        ${badge(screen.chosen)}<span>${speech.say('operatorLocked', { operator })}</span>
      </p>
      ${fieldFault('operator-fault', why)}
    </div>`;
  }
  const fault = screen.faults.find((one) => one === 'operator_missing');
  const tiles = screen.operators.map(({ id, unavailable }) => {
    const name = operatorNames[id];
    return html`<label class="operator"
      ><input
        type="radio"
        name="operator"
        value="${id}"
        ${screen.chosen === id && !unavailable && html` checked`}${unavailable && html` disabled`}${takesNone(unavailable) && html` data-none`}
      />
      <span class="tile"
        >${badge(id)}<span class="name">${name}</span
        >${unavailable && html`<small>${unavailableText(model, unavailable)}</small>`}</span
      ></label
    >`;
  });
  return html`<fieldset class="field${fault && ' bad'}" aria-describedby="operator-fault operator-hint">
    <legend>${speech.say('operator')}</legend>
    <div class="operators">${tiles}</div>
    ${fieldFault('operator-fault', fault ? speech.say(`fault_${fault}`) : null)}
    <p class="hint" id="operator-hint" data-guessed hidden>${speech.say('operatorGuessed')}</p>
  </fieldset>`;
}

/** No payment at all, whatever its amount. */
const takesNone = (unavailable: UnavailableReason | null): boolean =>
  unavailable?.kind === 'outage' || unavailable?.kind === 'off';

/** Every operator that the number may belong to is away. */
function isAway({ number, prefixes, operators, chosen }: NumberScreen): boolean {
  const digits = readNumber(number);
  if (digits === null) return false;
  const candidates = guessOperators({ digits, prefixes, ...(chosen && { chosen }) });
  const isGone = (id: OperatorId): boolean =>
    takesNone(operators.find((operator) => operator.id === id)?.unavailable ?? null);
  return candidates.length > 0 && candidates.every(isGone);
}

/** The enforced operator takes no payment now: to press Pay would only tell the reason again. */
const isLockedAway = ({ locked, chosen, operators }: NumberScreen): boolean =>
  locked && operators.some(({ id, unavailable }) => id === chosen && unavailable !== null);

/**
 * Loads the screen anew and keeps the number: the form's way to be drawn again is the language it is in already. It has
 * Pay's id: once the operator is back, the focus is on Pay.
 */
function askAgain({ basePath, language }: PageModel): Html {
  return html`<button id="go" class="main" name="language" value="${language}" formaction="${basePath}/language">
    ${speechOf(language).say('tryAgain')}
  </button>`;
}

/** Why the enforced operator takes no payment now, before and after Pay; there is no other one to choose. */
function whyLocked(model: PageModel, { operators, faults }: NumberScreen, chosen: OperatorId): Html | null {
  const unavailable = operators.find(({ id }) => id === chosen)?.unavailable ?? null;
  const operator = operatorNames[chosen];
  if (unavailable && !takesNone(unavailable)) return html`${operator}: ${unavailableText(model, unavailable)}`;
  const isDown = unavailable !== null || faults.some((fault) => ofOperator.includes(fault));
  return isDown ? speechOf(model.language).say('operatorLockedDown', { operator }) : null;
}

function badge(id: keyof typeof operatorNames): Html {
  return html`<span class="badge ${id}" aria-hidden="true">${operatorNames[id].slice(0, 1)}</span>`;
}
