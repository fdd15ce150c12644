import { goods } from '../goods.ts';
import { formatAmount, plainAmount } from '../money.ts';
import { html, type Html } from './html.ts';

export interface BuyForm {
  readonly paymentId: string;
  readonly phone: string;
  readonly amount: string;
  readonly goodsId: string;
  /** What is wrong with the field of that name. */
  readonly faults: Readonly<Record<string, string>>;
}

export interface PageContext {
  readonly form: BuyForm;
  readonly cards: readonly Html[];
  readonly simulatorUrl: string;
  readonly now: Date;
}

export function shopPage({ form, cards, simulatorUrl, now }: PageContext): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Dala · demo shop</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link rel="stylesheet" href="/assets/shop.css" />
        <script src="/assets/shop.js" defer></script>
      </head>
      <body data-now="${now.toISOString()}">
        <a class="skip" href="#orders">Skip to the orders</a>
        <header class="top">
          <div class="wide">
            <p class="brand"><span aria-hidden="true" class="mark"></span>Dala <span>demo shop</span></p>
            <p id="live" class="live" hidden>live</p>
          </div>
        </header>
        <main class="wide">
          <section aria-labelledby="buy-t" class="buy">
            <h1 id="buy-t">Pay from a phone’s balance</h1>
            <p class="quiet">
              Pick something and pay. The operator texts a code to the phone; give it here, and the money is charged.
              Nothing is real: the phones live in the
              <a href="${simulatorUrl}/" target="_blank" rel="noopener"
                >simulator<span class="unseen">, in a new tab</span></a
              >, where some numbers misbehave on purpose.
            </p>
            ${buyForm(form)}
          </section>
          <section aria-labelledby="orders-t" class="orders">
            <h2 id="orders-t">Orders</h2>
            <p id="news" role="status" aria-live="polite" class="unseen"></p>
            <p id="empty" class="empty" ${cards.length > 0 && html` hidden`}>
              No orders yet. Buy something, or send a sale to the platform yourself: it shows up here too.
            </p>
            <div id="orders" tabindex="-1">${cards}</div>
          </section>
        </main>
        <footer class="wide quiet">
          <p>
            This shop is an ordinary merchant on the Rocketpay SDK. What it knows, as JSON:
            <a href="/orders">orders</a>, <a href="/callbacks">callbacks as received</a>.
          </p>
        </footer>
      </body>
    </html>`;
  return page.source;
}

function buyForm(form: BuyForm): Html {
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
