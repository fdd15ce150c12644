import type { FastifyInstance, FastifyReply } from 'fastify';
import { stamp } from '../clock.ts';
import type { MessageRow } from '../rows.ts';
import type { Store } from '../store.ts';
import { escaped, sendPage } from './html.ts';

const NUMBER = /^\d{4,15}$/;

/** Draws the list anew only when it has changed, so that a screen reader hears news only. */
const SCRIPT = `
const list = document.getElementById('messages');
let shown = list.dataset.newest;
async function refresh() {
  try {
    const answer = await fetch(location.pathname.replace(/\\/$/, '') + '/messages');
    const messages = await answer.json();
    const newest = messages.length + ' ' + (messages[0]?.sent_at ?? '');
    if (newest === shown) return;
    shown = newest;
    document.getElementById('none').hidden = messages.length > 0;
    list.replaceChildren(...messages.map((message) => {
      const item = document.createElement('li');
      const from = document.createElement('p');
      from.className = 'from';
      const time = document.createElement('time');
      time.dateTime = time.textContent = message.sent_at;
      from.append(message.operator + ' · ', time);
      const text = document.createElement('p');
      text.textContent = message.text;
      item.append(from, text);
      return item;
    }));
  } catch {}
}
setInterval(refresh, 1000);
`;

function item({ operator, text, sent_at }: MessageRow): string {
  const at = stamp(sent_at);
  const from = `${operator} · <time datetime="${at}">${at}</time>`;
  return `<li><p class="from">${from}</p><p>${escaped(text)}</p></li>`;
}

function notANumber(reply: FastifyReply): void {
  reply.code(404).send({ error: 'a phone number is 4 to 15 digits' });
}

export function phoneRoutes(app: FastifyInstance, store: Store): void {
  app.get<{ Params: { digits: string } }>('/phones/:digits/messages', (request, reply) => {
    const { digits } = request.params;
    if (!NUMBER.test(digits)) return notANumber(reply);
    reply.header('cache-control', 'no-store').send(
      store.messages(digits).map(({ text, code, operator, sent_at }) => ({
        text,
        code,
        operator,
        sent_at: stamp(sent_at),
      })),
    );
  });

  app.get<{ Params: { digits: string } }>('/phones/:digits', (request, reply) => {
    const { digits } = request.params;
    if (!NUMBER.test(digits)) return notANumber(reply);
    const messages = store.messages(digits);
    const first = messages[0];
    const newest = `${messages.length} ${first === undefined ? '' : stamp(first.sent_at)}`;
    sendPage(reply, {
      title: `Phone +${digits}`,
      script: SCRIPT,
      body:
        `<p><a href="/phones/${digits}">Refresh</a> · <a href="/">All phones</a></p>` +
        '<section class="phone" aria-label="Messages" aria-live="polite">' +
        `<p id="none"${first === undefined ? '' : ' hidden'}>No messages yet.</p>` +
        `<ol id="messages" data-newest="${newest}">${messages.map(item).join('')}</ol></section>`,
    });
  });

  app.get<{ Querystring: { number?: string } }>('/phones', (request, reply) => {
    const digits = String(request.query.number ?? '').replaceAll(/\D/g, '');
    if (!NUMBER.test(digits)) return notANumber(reply);
    reply.redirect(`/phones/${digits}`, 303);
  });
}
