import type { FastifyInstance } from 'fastify';
import { stamp } from '../clock.ts';
import { KNOBS, type KnobName } from '../knobs.ts';
import { OPERATORS } from '../operators.ts';
import { ANSWERS, CALLS, OUTAGE, type Switch } from '../switches.ts';
import type { World } from '../world.ts';
import { escaped, prose, sendPage } from './html.ts';

const SCRIPT = `
const told = document.getElementById('told');
async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (answer.ok) { location.reload(); return; }
  told.textContent = (await answer.json()).faults.join('; ');
}
function valueOf(text) {
  if (text === '' || text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\\d+$/.test(text) ? Number(text) : text;
}
document.getElementById('switch').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const whose = String(form.get('whose')).toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  const isNumber = /^\\d+$/.test(whose);
  ask('POST', '/control/switches', {
    operator: isNumber ? null : whose,
    number: isNumber ? whose : null,
    call: form.get('call') || null,
    answer: valueOf(form.get('answer')),
    done: form.get('done') === 'on',
    percent: Number(form.get('percent')),
    seconds: Number(form.get('seconds')),
  });
});
document.getElementById('knob').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  ask('PATCH', '/control/profiles/' + form.get('operator'), { [form.get('knob')]: valueOf(String(form.get('value')).trim()) });
});
document.addEventListener('click', (event) => {
  const path = event.target.dataset?.remove;
  if (path) ask('DELETE', path);
});
for (const each of document.querySelectorAll('[data-until]')) {
  const until = Date.parse(each.dataset.until);
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left < 0) location.reload();
    else each.textContent = left + ' s';
  };
  show();
  setInterval(show, 1000);
}
`;

const options = (values: readonly unknown[], names: Readonly<Record<string, string>> = {}): string =>
  values
    .map((value) => {
      const text = String(value);
      return `<option value="${escaped(text)}">${escaped(names[text] ?? text)}</option>`;
    })
    .join('');

const field = (label: string, control: string): string => `<label><span>${label}</span>${control}</label>`;

const answerNames = {
  none: 'no answer at all',
  reset: 'connection broken',
  garbage: 'a page that is no JSON',
};

function switchRow(one: Switch): string {
  const whose = one.number ?? one.operator ?? '';
  const share = one.percent === 100 ? '' : `, ${one.percent} % of them`;
  const answer = answerNames[one.answer as keyof typeof answerNames] ?? one.answer;
  const done = one.done ? ', and does the work all the same' : '';
  return (
    `<tr><th scope="row">${escaped(whose)}</th><td>${one.call ?? 'every call'}${share}</td><td>${answer}${done}</td>` +
    `<td data-until="${stamp(one.until)}"></td>` +
    `<td><button type="button" data-remove="/control/switches/${one.id}">Switch off</button></td></tr>`
  );
}

function switchesTable(on: readonly Switch[]): string {
  if (on.length === 0) return '<p>Nothing is switched: every operator works as its profile says.</p>';
  const head = ['Whose', 'Call', 'What happens', 'Still on for', '']
    .map((name) => `<th scope="col">${name}</th>`)
    .join('');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${on.map(switchRow).join('')}</tbody></table></div>`;
}

const shown = (value: unknown): string => (value === null ? '–' : escaped(String(value)));

function profilesTable({ profiles }: World): string {
  const all = profiles.all();
  const head = OPERATORS.map((operator) => `<th scope="col">${operator}</th>`).join('');
  const rows = Object.entries(KNOBS).map(([name, { meaning }]) => {
    const cells = OPERATORS.map((operator) => `<td>${shown(all[operator][name as KnobName])}</td>`).join('');
    return `<tr><th scope="row">${name}<br><small>${prose(meaning)}</small></th>${cells}</tr>`;
  });
  const resets = OPERATORS.map(
    (operator) => `<td><button type="button" data-remove="/control/profiles/${operator}">Reset</button></td>`,
  ).join('');
  return (
    `<div class="wide"><table><thead><tr><th scope="col">Knob</th>${head}</tr></thead>` +
    `<tbody>${rows.join('')}<tr><th scope="row">As at the start</th>${resets}</tr></tbody></table></div>`
  );
}

/** Trying an outage by hand: what is switched, a form to switch more, and the profiles' knobs. */
export function switchesRoute(app: FastifyInstance, world: World): void {
  app.get('/switches', (_request, reply) => {
    const whose = `<input name="whose" required list="operators" autocomplete="off" placeholder="BEELINE or 77071234567">
      <datalist id="operators">${options(OPERATORS)}</datalist>`;
    sendPage(reply, {
      title: 'Switches and profiles',
      script: SCRIPT,
      body:
        '<p><a href="/">All phones</a></p><p>Nothing here survives a restart of the simulator.</p>' +
        '<p id="told" role="alert"></p><h2>Switched now</h2>' +
        switchesTable(world.switches.list()) +
        `<h2>Switch something</h2><p>${prose(OUTAGE)}</p>` +
        '<form id="switch" class="fields">' +
        field('Operator or number', whose) +
        field('Call', `<select name="call"><option value="">every call</option>${options(CALLS)}</select>`) +
        field('Answer', `<select name="answer">${options(ANSWERS, answerNames)}</select>`) +
        field('Percent of calls', '<input name="percent" type="number" min="1" max="100" value="100">') +
        field('Seconds', '<input name="seconds" type="number" min="1" max="86400" value="120">') +
        field('Do the work all the same', '<input name="done" type="checkbox">') +
        '<button>Switch on</button></form>' +
        '<h2>Profiles</h2><form id="knob" class="fields">' +
        field('Operator', `<select name="operator">${options(OPERATORS)}</select>`) +
        field('Knob', `<select name="knob">${options(Object.keys(KNOBS))}</select>`) +
        field('Value, empty for none', '<input name="value" autocomplete="off">') +
        '<button>Set</button></form>' +
        profilesTable(world),
    });
  });
}
