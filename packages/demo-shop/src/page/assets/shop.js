import { openCheckout, openWindow } from './checkout.js';
import { localTimes, nowMs, setServerTime } from './clock.js';
import { addCallback } from './log.js';
import { expectCode, hideBanner, holdPhone } from './phone.js';

const list = document.getElementById('orders');
const live = document.getElementById('live');
const news = document.getElementById('news');
const known = new Map();
const ENDS = ['success', 'decline', 'error', 'not accepted'];
/** The card of the order that this browser placed last, and the number it was seen with. */
let placed = document.body.dataset.placed;
let placedPhone = placed && document.getElementById(placed)?.dataset.phone;
/** The same card when the shop's own form placed it, until it asks for its code or ends. */
let awaited;

/** Replaces a card and keeps what the person is doing in it: typed text, focus, an open timeline. */
function showCard({ id, html }) {
  if (known.get(id) === html) return;
  known.set(id, html);
  const template = document.createElement('template');
  template.innerHTML = html;
  const card = template.content.firstElementChild;
  const old = document.getElementById(id);
  if (old) {
    carryOver(old, card);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
    old.replaceWith(card);
    if (focused) document.getElementById(focused)?.focus();
    if (hasMoved(old, card)) announce(card);
  } else {
    list.prepend(card);
    announce(card);
  }
  document.getElementById('empty').hidden = true;
  localise(card);
  followPhone(card);
  if (card.id === placed && old?.dataset.status === 'awaiting clarification' && hasMoved(old, card)) hideBanner();
  awaitCode(card);
}

const hasMoved = (old, card) => old.dataset.status !== card.dataset.status;

/** The payer may change the number on the Payment Page; the code is then on another phone. */
function followPhone(card) {
  if (card.id !== placed || card.dataset.phone === placedPhone) return;
  placedPhone = card.dataset.phone;
  holdPhone(placedPhone);
}

function carryOver(old, card) {
  for (const input of old.querySelectorAll('input:not([type=hidden])')) {
    const next = input.id && card.querySelector(`#${CSS.escape(input.id)}`);
    const isSent = input.form?.dataset.sent !== undefined;
    if (next && !isSent && input.value !== input.defaultValue) next.value = input.value;
  }
  const timeline = card.querySelector('details');
  if (timeline) timeline.open = old.querySelector('details')?.open ?? true;
}

function announce(card) {
  card.classList.add('fresh');
  news.textContent = `${card.dataset.name}: ${card.dataset.status}`;
}

function localise(root) {
  localTimes(root);
  tick();
}

function tick() {
  for (const button of list.querySelectorAll('button[data-from]')) {
    const seconds = Math.ceil((Date.parse(button.dataset.from) - nowMs()) / 1000);
    button.disabled = seconds > 0;
    button.querySelector('[data-count]').textContent = seconds > 0 ? ` in ${seconds} s` : '';
  }
  for (const span of list.querySelectorAll('[data-until]')) {
    const seconds = Math.ceil((Date.parse(span.dataset.until) - nowMs()) / 1000);
    span.firstElementChild.textContent = seconds > 0 ? 'The code is good until' : 'The code ran out at';
    span.lastElementChild.textContent = seconds > 0 ? `, ${seconds} s more` : '';
  }
}

function showAll(snapshot) {
  setServerTime(snapshot.now);
  for (const card of snapshot.cards.toReversed()) showCard(card);
  for (const entry of snapshot.entries) addCallback(entry);
}

let polling;
let isLive = false;
async function poll() {
  try {
    const response = await fetch('/cards', { headers: { accept: 'application/json' } });
    if (response.ok) showAll(await response.json());
  } catch {
    // The next round tries again.
  }
}

function setLive(now) {
  isLive = now;
  live.hidden = false;
  live.textContent = isLive ? 'live' : 'reconnecting';
  live.classList.toggle('slow', !isLive);
  clearInterval(polling);
  if (!isLive) polling = setInterval(poll, 3000);
}

function listen() {
  const events = new EventSource('/events');
  events.addEventListener('open', () => setLive(true));
  events.addEventListener('all', (event) => showAll(JSON.parse(event.data)));
  events.addEventListener('card', (event) => showCard(JSON.parse(event.data)));
  events.addEventListener('entry', (event) => addCallback(JSON.parse(event.data)));
  events.addEventListener('error', () => {
    setLive(false);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

/** Sends a form in place; when that cannot work, the browser sends it as if there were no script. */
async function send(form) {
  if (form.id === 'buy') expectCode();
  else if (form.elements.code) hideBanner();
  const page = form.id === 'buy' ? openWindow(form.elements.way.value) : undefined;
  const buttons = [...form.querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  // News may redraw the card before the answer is here; a sum that stayed would be returned again by the next click.
  form.dataset.sent = '';
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(new FormData(form)),
    });
    const answer = await response.json();
    for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
    for (const fault of form.querySelectorAll('.fault')) fault.textContent = '';
    showFaults(form, answer.faults ?? {});
    if (answer.card) {
      if (form.id !== 'buy') form.reset();
      // The stream tells every change in order; an answer that comes after it would show what was.
      if (!isLive) showCard(answer.card);
    }
    if (form.id === 'buy' && answer.card) {
      placed = answer.card.id;
      placedPhone = undefined;
      const card = document.getElementById(placed);
      if (card) followPhone(card);
    }
    if (answer.checkout) openCheckout(answer.checkout, page);
    else page?.close();
    if (form.id === 'buy' && answer.card && !answer.checkout) awaited = answer.card.id;
    const waiting = awaited && document.getElementById(awaited);
    if (waiting) awaitCode(waiting);
    if (answer.next_payment_id) form.elements.payment_id.value = answer.next_payment_id;
  } catch {
    page?.close();
    news.textContent = 'The shop does not answer. Please try again.';
  }
  delete form.dataset.sent;
  for (const button of buttons) button.disabled = false;
  tick();
}

/** The card of the order just placed comes into view with its end, or with its code field ready to be typed in. */
function awaitCode(card) {
  const field = card.querySelector('[autocomplete=one-time-code]');
  if (card.id !== awaited || !(field || ENDS.includes(card.dataset.status))) return;
  awaited = undefined;
  card.scrollIntoView({ block: 'center' });
  if (document.activeElement?.matches('body, .pay')) field?.focus({ preventScroll: true });
}

function showFaults(form, faults) {
  for (const [name, text] of Object.entries(faults)) {
    const input = form.elements[name];
    const fault = document.getElementById(`${name}-f`);
    if (fault) fault.textContent = text;
    if (input instanceof HTMLInputElement) {
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    }
    news.textContent = text;
  }
}

document.addEventListener('submit', (event) => {
  event.preventDefault();
  send(event.target);
});
document.addEventListener('change', (event) => {
  const price = event.target.dataset?.price;
  if (price) document.getElementById('amount').value = price;
  if (event.target.id === 'phone') {
    expectCode();
    holdPhone(event.target.value);
  }
});

for (const card of list.children) if (!known.has(card.id)) known.set(card.id, undefined);
setServerTime(document.body.dataset.now);
localise(list);
const newest = list.querySelector('details');
if (newest) newest.open = true;
setInterval(tick, 1000);
listen();
