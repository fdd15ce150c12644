import { localTimes } from './clock.js';

const EVERY_MS = 1000;
const BANNER_MS = 20_000;

const messages = document.getElementById('messages');
const banner = document.getElementById('banner');
let digits = /\d+$/.exec(document.getElementById('phone-link').href)[0];
let shown = messages.innerHTML;
let newest = messages.querySelector('li')?.dataset.sent;
let hiding;

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
    notify(message);
  }
  newest = message?.sent_at;
}

/** Where the phone is out of sight, a message drops in from above as it does on a real one: over a modal too. */
function notify({ html }) {
  const { top, bottom } = messages.getBoundingClientRect();
  const isCovered = matchMedia('(max-width: 63.99rem)').matches && document.querySelector('dialog[open]') !== null;
  if (!isCovered && bottom > 0 && top < innerHeight - 80) return;
  banner.innerHTML = html;
  if (banner.matches(':popover-open')) banner.hidePopover();
  banner.showPopover?.();
  clearTimeout(hiding);
  hiding = setTimeout(() => banner.hidePopover(), BANNER_MS);
}

/** Takes another phone into the hand. */
export function holdPhone(typed) {
  const wanted = typed.replaceAll(/\D/g, '').replace(/^8(?=\d{10}$)/, '7');
  if (wanted.length < 4 || wanted.length > 24 || wanted === digits) return;
  digits = wanted;
  const link = document.getElementById('phone-link');
  link.href = `${messages.dataset.simulator}/phones/${digits}`;
  newest = undefined;
  look();
}

banner.addEventListener('click', () => banner.hidePopover());
localTimes(messages);
setInterval(look, EVERY_MS);
