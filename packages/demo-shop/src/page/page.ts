import { buyForm, type BuyForm } from './buy-form.ts';
import { html, type Html } from './html.ts';
import { phonePanel, type PhoneView } from './phone-panel.ts';

export interface PageContext {
  readonly form: BuyForm;
  readonly phone: PhoneView;
  readonly entries: readonly Html[];
  readonly cards: readonly Html[];
  /** Where the widget comes from. */
  readonly platformUrl: string;
  readonly now: Date;
  /** The card of the order that this browser placed last. */
  readonly placed: string | undefined;
}

export function shopPage({ form, phone, entries, cards, platformUrl, now, placed }: PageContext): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Dala · demo shop</title>
        <link rel="icon" href="/assets/icon.svg" />
        <link
          rel="stylesheet"
          href="${platformUrl}/shared/merchant@1.0.4.css"
          integrity="sha384-g54jrPmZ0phAZcAJX1tUVki1y1G6wB9z5h05xpKbJm0UgpV0cSiMAN5A/6PymwgH"
          crossorigin="anonymous"
        />
        <link rel="stylesheet" href="/assets/shop.css" />
        <script
          src="${platformUrl}/shared/merchant@1.0.4.js"
          integrity="sha384-YdxyzCsO8L7HhAvWWXMOmANdNgIp/mr07FdV6y6dY5PA3rBH4nQNGBE6Wk4gvRhJ"
          crossorigin="anonymous"
          async
        ></script>
        <script src="/assets/shop.js" type="module"></script>
      </head>
      <body data-now="${now.toISOString()}" ${placed !== undefined && html` data-placed="${placed}"`}>
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
            <div id="shelf">
              <ol class="steps quiet">
                <li>Pick something and pay.</li>
                <li>Read the code on the phone here.</li>
                <li>Type it: paid. Nothing here is real money.</li>
              </ol>
              ${buyForm(form)}
            </div>
            <div id="paying" hidden>
              <button type="button" class="plain" id="leave">Back to the shop</button>
              <div id="checkout"></div>
            </div>
          </section>
          ${phonePanel(phone)}
          <section aria-labelledby="log-t" class="told">
            <h2 id="log-t">What the shop hears</h2>
            <p class="quiet legend">
              <span class="entry widget"><span class="side">widget</span></span> events in the browser: hints for the
              eye. <span class="entry server"><span class="side">callback</span></span> signed, to the server: what
              counts.
            </p>
            <div id="log" role="log" aria-live="off" aria-labelledby="log-t" tabindex="0">
              <p id="silence" class="silent" ${entries.length > 0 && html` hidden`}>Nothing yet. Buy something.</p>
              <ol>
                ${entries}
              </ol>
            </div>
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
            <a href="/orders">orders</a>, <a href="/callbacks">callbacks as received</a>. Elsewhere:
            <a href="${phone.simulatorUrl}/">numbers that misbehave on purpose</a>,
            <a href="${platformUrl}/docs/">how to build this</a>.
          </p>
        </footer>
        <div id="banner" role="status" popover="manual"></div>
      </body>
    </html>`;
  return page.source;
}
