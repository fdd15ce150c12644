import { goods } from '../goods.ts';
import { formatAmount, plainAmount } from '../money.ts';
import { wayNames, type Way } from '../ways.ts';
import { html, type Html } from './html.ts';

export interface BuyForm {
  readonly paymentId: string;
  readonly phone: string;
  readonly amount: string;
  readonly goodsId: string;
  readonly way: Way;
  /** What is wrong with the field of that name. */
  readonly faults: Readonly<Record<string, string>>;
}

export function buyForm(form: BuyForm): Html {
  return html`<form method="post" action="/buy" id="buy">
    <input type="hidden" name="payment_id" value="${form.paymentId}" />
    <fieldset>
      <legend>Goods</legend>
      <div class="shelf">
        ${goods.map(
          (one) =>
            html`<label class="good"
              ><input
                type="radio"
                name="goods"
                value="${one.id}"
                data-price="${plainAmount(one.priceMinor)}"
                ${one.id === form.goodsId && html` checked`}
              /><span
                ><b>${one.name}</b><small>${one.note}</small><em>${formatAmount(one.priceMinor, 'KZT')}</em></span
              ></label
            >`,
        )}
      </div>
    </fieldset>
    <fieldset>
      <legend>Checkout</legend>
      <div class="ways">
        ${Object.entries(wayNames).map(
          ([way, { name, note }]) =>
            html`<label class="good"
              ><input type="radio" name="way" value="${way}" ${way === form.way && html` checked`} /><span
                ><b>${name}</b><small>${note}</small></span
              ></label
            >`,
        )}
      </div>
    </fieldset>
    <div class="fields">
      ${field('phone', 'Phone number', form, html`type="tel" inputmode="tel" autocomplete="tel" required`)}
      ${field('amount', 'Amount, ₸', form, html`inputmode="decimal" autocomplete="off" required`)}
    </div>
    <button class="pay">Pay from the balance</button>
  </form>`;
}

function field(name: 'phone' | 'amount', label: string, form: BuyForm, attributes: Html): Html {
  const fault = form.faults[name];
  const invalid = fault !== undefined && html` aria-invalid="true"`;
  return html`<p class="field">
    <label for="${name}">${label}</label
    ><input
      id="${name}"
      name="${name}"
      value="${form[name]}"
      maxlength="40"
      aria-describedby="${name}-f"
      ${attributes}${invalid}
    /><span class="fault" id="${name}-f">${fault}</span>
  </p>`;
}
