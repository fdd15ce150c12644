import { localTimes, nowMs } from './clock.js';

const EVERY_MS = 1000;
const BANNER_MS = 20_000;

const messages = document.getElementById('messages');
const banner = document.getElementById('banner');
let digits = /\d+$/.exec(document.getElementById('phone-link').href)[0];
let shown = messages.innerHTML;
let newest = messages.querySelector('li')?.dataset.sent;
let hiding;
/** Only what was sent after this moment drops in: an older code is of no use. */
let expectedFromMs = 0;
/** What dropped in last of that. */
let dropped;

async function look() {
  const asked = digits;
  if (document.hidden) return;
  try {
    const response = await fetch(`/phones/${asked}/messages`, { headers: { accept: 'application/json' } });
    const answer = await response.json();
    if (response.ok && asked === digits) show(answer);
  } catch {
    // The next round looks again.
  }
}

/** Draws anew only what has changed, so that a screen reader hears news only. */
function show({ number, html, newest: message }) {
  document.getElementById('phone-number').textContent = number;
  if (html === shown) return;
  shown = html;
  messages.innerHTML = html;
  localTimes(messages);
  if (message && message.sent_at !== newest) {
    messages.querySelector('li').classList.add('fresh');
    if (Date.parse(message.sent_at) >= expectedFromMs) notify(message);
  }
  newest = message?.sent_at;
}

/** Where the phone is out of sight, a message drops in from above as it does on a real one: over a modal too. */
function notify(message) {
  dropped = message;
  const { top, bottom } = messages.getBoundingClientRect();
  const isCovered = matchMedia('(max-width: 63.99rem)').matches && document.querySelector('dialog[open]') !== null;
  if (!isCovered && bottom > 0 && top < innerHeight - 80) return;
  banner.innerHTML = message.html;
  hideBanner();
  banner.showPopover?.();
  hiding = setTimeout(hideBanner, BANNER_MS);
}

/** Its code is used, or of no use any more. */
export function hideBanner() {
  clearTimeout(hiding);
  if (banner.matches(':popover-open')) banner.hidePopover();
}

/** Its code was typed wrongly: it is to be read again. */
export function showBannerAgain() {
  if (dropped) notify(dropped);
}

/** A purchase begins: what lies on the phone belongs to another one. */
export function expectCode() {
  hideBanner();
  dropped = undefined;
  expectedFromMs = nowMs();
}

/** Takes another phone into the hand. */
export function holdPhone(typed) {
  const wanted = typed.replaceAll(/\D/g, '').replace(/^8(?=\d{10}$)/, '7');
  if (wanted.length < 4 || wanted.length > 24 || wanted === digits) return;
  hideBanner();
  dropped = undefined;
  digits = wanted;
  const link = document.getElementById('phone-link');
  link.href = `${messages.dataset.simulator}/phones/${digits}`;
  newest = undefined;
  look();
}

banner.addEventListener('click', hideBanner);
localTimes(messages);
setInterval(look, EVERY_MS);
