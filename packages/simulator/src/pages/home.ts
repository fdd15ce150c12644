import type { FastifyInstance } from 'fastify';
import { CATALOGUE } from '../sentinels/catalogue.ts';
import type { End, Group, Sentinel } from '../sentinels/sentinel.ts';
import { escaped, prose, sendPage } from './html.ts';

function end({ status, code }: End): string {
  return code === undefined ? status : `${status} ${code}`;
}

/** The end a merchant sees, in one line; the generated page says the same. */
export function endText({ purchase, refund, note }: Sentinel): string {
  const parts = [end(purchase)];
  if (refund !== undefined) parts.push(`refund: ${end(refund)}`);
  if (note !== undefined) parts.push(note);
  return parts.join('; ');
}

function row(sentinel: Sentinel): string {
  const { number, name, happens } = sentinel;
  return (
    `<tr><th scope="row"><a href="/phones/${number}">${number}</a></th><td>${name}</td>` +
    `<td>${prose(happens)}</td><td>${prose(endText(sentinel))}</td></tr>`
  );
}

function table({ title, sentinels }: Group): string {
  const head = ['Number', 'Name', 'What happens', 'End at the merchant']
    .map((name) => `<th scope="col">${name}</th>`)
    .join('');
  return (
    `<div class="wide"><table><caption>${escaped(title)}</caption><thead><tr>${head}</tr></thead>` +
    `<tbody>${sentinels.map(row).join('')}</tbody></table></div>`
  );
}

export function homeRoute(app: FastifyInstance): void {
  app.get('/', (_request, reply) => {
    sendPage(reply, {
      title: 'Operator simulator',
      body:
        '<form class="fields" action="/phones"><label>Phone number ' +
        '<input name="number" inputmode="numeric" autocomplete="off" required ' +
        'pattern="[+]?[0-9]{4,15}" placeholder="71234567890"></label> <button>Show its screen</button></form>' +
        '<p><a href="/switches">Switches and profiles</a>: outages and limits, by hand · ' +
        '<a href="/ledger">Ledger</a> (JSON lines)</p>' +
        '<h2>Sentinel numbers</h2><p>Every other number is an ordinary subscriber.</p>' +
        CATALOGUE.map(table).join(''),
    });
  });
}
