import { localTimes, nowMs } from './clock.js';

const box = document.getElementById('log');
const list = box.querySelector('ol');

/** Puts a line where its time says, and keeps the newest in sight unless the reader scrolled away from it. */
function add(entry) {
  const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  const later = [...list.children].find((other) => Number(other.dataset.at) > Number(entry.dataset.at));
  list.insertBefore(entry, later ?? null);
  document.getElementById('silence').hidden = true;
  localTimes(entry);
  if (isAtEnd) box.scrollTop = box.scrollHeight;
}

/** A callback, drawn by the server. */
export function addCallback({ id, html }) {
  if (document.getElementById(id)) return;
  const template = document.createElement('template');
  template.innerHTML = html;
  add(template.content.firstElementChild);
}

/** What a handler of the widget was told. Sizes that follow each other share a line. */
export function addWidgetEvent(name, told, paymentId) {
  const data = told && Object.keys(told).length > 0 ? told : undefined;
  const last = list.lastElementChild;
  if (name === 'onResize' && last?.dataset.name === name) last.remove();
  const entry = document.createElement('li');
  entry.className = 'entry widget';
  Object.assign(entry.dataset, { at: String(nowMs()), name, order: paymentId });
  const line = document.createElement(data === undefined ? 'p' : 'summary');
  const time = document.createElement('time');
  time.dateTime = new Date(nowMs()).toISOString();
  line.append(
    time,
    ' ',
    part('span', 'side', 'widget'),
    ' ',
    part('b', '', name),
    ' ',
    part('span', 'what', short(data)),
  );
  if (data === undefined) entry.append(line);
  else {
    const details = document.createElement('details');
    details.append(line, part('pre', '', JSON.stringify(data, null, 2)));
    entry.append(details);
  }
  add(entry);
}

function part(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** The members that say most. */
function short(data) {
  if (data === undefined) return '';
  if (data.width !== undefined) return `${data.width} × ${data.height}`;
  const { payment, request_id: requestId, message, name } = data;
  if (payment) return [payment.status, payment.result_code, payment.result_message].join(' ');
  return String(message ?? name ?? (requestId && `request ${requestId.slice(0, 8)}…`) ?? '');
}

localTimes(list);
box.scrollTop = box.scrollHeight;
