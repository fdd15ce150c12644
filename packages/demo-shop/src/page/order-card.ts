import type { Order, Refund } from '../orders.ts';
import { isOpenRefund, isPaid, nextRefundId, openWay, phoneOf, refundableMinor } from '../orders.ts';
import { formatAmount, plainAmount } from '../money.ts';
import { maskPhone } from '../phone.ts';
import type { StoredCallback } from '../store.ts';
import { callbackWords } from './callback-words.ts';
import { html, type Html } from './html.ts';
import { moment } from './moment.ts';
import { clarificationText, refundState, statusTone, statusWord } from './words.ts';

export interface CardContext {
  readonly simulatorUrl: string;
  readonly callbacks: readonly StoredCallback[];
}

/** The id of a card in the page; a payment id may hold anything, an element id should not. */
export const cardId = (paymentId: string): string => `o-${Buffer.from(paymentId, 'utf8').toString('base64url')}`;

export function orderCard(order: Order, context: CardContext): Html {
  const id = cardId(order.paymentId);
  return html`<article
    class="order"
    id="${id}"
    aria-labelledby="${id}-t"
    data-status="${statusWord(order)}"
    data-phone="${phoneOf(order)}"
    data-name="${order.goods || order.paymentId}"
  >
    <header>
      <div>
        <h3 id="${id}-t">${order.goods || 'Order'}</h3>
        <p class="quiet">
          <code>${order.paymentId}</code
          >${order.startedHere ? '' : html` · <span class="elsewhere">started elsewhere</span>`}
        </p>
      </div>
      <p class="money"><b>${formatAmount(order.amountMinor, order.currency)}</b>${remains(order)}</p>
    </header>
    <p class="line"><span class="badge ${statusTone(order)}">${statusWord(order)}</span>${verdict(order)}</p>
    ${phoneLine(order, context)}${order.problem !== undefined && html`<p class="problem">${order.problem}</p>`}
    ${onPage(order)}${order.status === 'awaiting clarification' && openWay(order) === undefined && codeForms(order, id)}${refundForm(order, id)}${refundList(order)}${timeline(id, context.callbacks)}
  </article>`;
}

function remains(order: Order): Html | false {
  if (!isPaid(order) || order.leftMinor === order.amountMinor) return false;
  return html`<br /><span class="quiet">${formatAmount(order.leftMinor, order.currency)} left</span>`;
}

function verdict(order: Order): Html | false {
  const tells = order.code !== '' && order.code !== '0' && order.code !== '9999';
  return tells && html` <span>${order.message} <code>${order.code}</code></span>`;
}

function phoneLine(order: Order, { simulatorUrl }: CardContext): Html | false {
  const phone = phoneOf(order);
  if (phone === '') return false;
  return html`<p class="quiet">
    ${maskPhone(phone)}${order.operator !== '' && html` · ${order.operator}`} ·
    <a href="${simulatorUrl}/phones/${phone}" target="_blank" rel="noopener"
      >open the phone<span class="unseen"> ending in ${phone.slice(-2)}, in a new tab</span></a
    >
  </p>`;
}

function onPage(order: Order): Html | false {
  if (openWay(order) === undefined) return false;
  return html`<p class="quiet">
    On the Payment Page:
    <a href="/orders/${encodeURIComponent(order.paymentId)}/page" target="_blank" rel="noopener"
      >open it again<span class="unseen">, in a new tab</span></a
    >
  </p>`;
}

function codeForms(order: Order, id: string): Html {
  const { expiresAt, resendAllowedAt, resendsLeft } = order.clarification ?? {};
  const path = `/orders/${encodeURIComponent(order.paymentId)}`;
  const expiry =
    expiresAt &&
    html`<span data-until="${expiresAt.toISOString()}"
      ><span>The code is good until</span> ${moment(expiresAt)}<span></span>.</span
    > `;
  const left = resendsLeft !== undefined && `New codes left: ${resendsLeft}.`;
  // With a script the button itself counts down.
  const next =
    resendAllowedAt && resendsLeft !== 0 && html`<noscript> Next one from ${moment(resendAllowedAt)}.</noscript>`;
  const note = html`<p class="quiet" id="${id}-r">${expiry}${left}${next}</p>`;
  return html`<div class="asking">
    <p><strong>${clarificationText(order)}</strong></p>
    <div class="row">
      <form method="post" action="${path}/code" class="row">
        <label for="${id}-c">Code</label>
        <input
          id="${id}-c"
          name="code"
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength="255"
          size="8"
          required
        /><button>Send code</button>
      </form>
      <form method="post" action="${path}/resend">
        <button
          class="plain"
          aria-describedby="${id}-r"
          ${resendsLeft === 0 && html` disabled`}${resendAllowedAt && html` data-from="${resendAllowedAt.toISOString()}"`}
        >
          Send a new code<span data-count></span>
        </button>
      </form>
    </div>
    ${note}
  </div>`;
}

function refundForm(order: Order, id: string): Html | false {
  const most = refundableMinor(order);
  if (most === 0) return false;
  return html`<form method="post" action="/orders/${encodeURIComponent(order.paymentId)}/refund" class="row refund">
    <label for="${id}-a">Refund, ₸</label
    ><input
      id="${id}-a"
      name="amount"
      inputmode="decimal"
      value="${plainAmount(most)}"
      size="9"
      autocomplete="off"
      required
    />
    <input type="hidden" name="refund_id" value="${nextRefundId(order)}" /><button class="plain">Refund</button>
  </form>`;
}

function refundList(order: Order): Html | false {
  if (order.refunds.length === 0) return false;
  const line = (refund: Refund): Html => {
    const amount =
      refund.amountMinor === undefined ? 'All that is left' : formatAmount(refund.amountMinor, order.currency);
    const why =
      refund.state === 'declined'
        ? `: ${refund.message} (${refund.code})`
        : refund.state === 'not_taken'
          ? `: ${refund.message}`
          : '';
    return html`<li class="${isOpenRefund(refund) ? 'wait' : refund.state}">
      ${amount} ${refundState(refund)}${why}
    </li>`;
  };
  return html`<ul class="refunds" aria-label="Refunds">
    ${order.refunds.map(line)}
  </ul>`;
}

function timeline(id: string, callbacks: readonly StoredCallback[]): Html | false {
  if (callbacks.length === 0) return false;
  return html`<details id="${id}-h">
    <summary>Callbacks received <span class="count">${callbacks.length}</span></summary>
    <ol class="timeline">
      ${callbacks.map(callbackLine)}
    </ol>
  </details>`;
}

function callbackLine(callback: StoredCallback): Html {
  const { status, what } = callbackWords(callback);
  const times = callback.times > 1 && html` <span class="quiet">came ${callback.times} times</span>`;
  return html`<li>${moment(new Date(callback.receivedAt))} <b>${status}</b> <span>${what}</span>${times}</li>`;
}
