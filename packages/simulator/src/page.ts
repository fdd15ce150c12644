import { endText } from './pages/home.ts';
import { SETTINGS } from './config.ts';
import { KNOBS } from './knobs.ts';
import { OPERATORS } from './operators.ts';
import { ordinaryProfile } from './profiles.ts';
import { CATALOGUE } from './sentinels/catalogue.ts';
import { ANSWERS, CALLS, OUTAGE } from './switches.ts';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** docs/reference/simulator.md: the settings and the sentinel numbers. */
export function simulatorPage(): string {
  const settings = SETTINGS.map(({ name, default: value, meaning }) => [`\`${name}\``, `\`${value}\``, meaning]);
  const groups = CATALOGUE.map(({ title, sentinels }) => {
    const rows = sentinels.map((sentinel) => [
      sentinel.number,
      `\`${sentinel.name}\``,
      sentinel.happens,
      endText(sentinel),
    ]);
    const head = ['number', 'name', 'what happens', 'end at the merchant'];
    return `### ${title}\n\n${table(head, rows)}\n`;
  });
  const ordinary = ordinaryProfile('TELE2', { otpTtlSeconds: 80, reservationTtlSeconds: 600 });
  const knobs = Object.entries(KNOBS).map(([name, { meaning, must }]) => {
    const value = ordinary[name as keyof typeof ordinary];
    return [`\`${name}\``, `\`${String(value)}\``, `${meaning}; ${must}`];
  });
  const codes = (values: readonly unknown[]) => values.map((value) => `\`${String(value)}\``).join(', ');
  return `<!-- Generated: node_modules/.bin/node packages/simulator/src/print-page.ts > docs/reference/simulator.md -->

# The operator simulator

A mobile operator in a process of its own: \`node_modules/.bin/node packages/simulator/src/main.ts\`. It speaks the
[operator link](operator-link.md), sends real codes to an outbox, and keeps its own ledger.

| address | what |
| --- | --- |
| \`/\` | a form for a phone's screen, the sentinel numbers, the ledger |
| \`/phones/{digits}\` | the phone's screen |
| \`/phones/{digits}/messages\` | its texts, newest first: \`[{"text","code","operator","sent_at"}]\` |
| \`/ledger\`, \`/ledger?reference=…\` | charges and refunds in order, JSON lines (plain text for a browser): \`{"kind","reference","correlator","amount","currency","at"}\`, amounts in minor units |
| \`/switches\` | outages, faults and the operators' profiles, to be changed by hand |
| \`/control\` | the same for programs: see below |
| \`/health/ready\` | 200 once it serves |

After a restart it goes on with the charges, refunds and notices that it owed. A second program,
\`packages/simulator/src/saiga/main.ts\`, is the far side of the [adapter guide](../guides/adapter.md)'s example.

## Settings

${table(['name', 'default', 'meaning'], settings)}

## Ordinary numbers

Any number \`7\` and ten digits that is not listed below is an identified subscriber with ample
balance: ten wrong codes, three resends, no rule about earlier, open or repeated payments. Its
operator follows from digits 2 to 4: 700, 708 ALTEL; 701, 702 KCELL; 775, 778 ACTIV; 705, 706, 771,
776, 777 BEELINE; 707, 747 and all others TELE2. A code has 6 digits, BEELINE's has 5. A number of
another country is unknown.

## Switches

Something goes wrong for a while, for an operator's calls or for one number's. At \`/switches\`, or:

\`\`\`
curl -X POST http://127.0.0.1:8090/control/switches -H 'content-type: application/json' \\
  -d '{"operator":"BEELINE","answer":503,"seconds":120}'
curl -X POST http://127.0.0.1:8090/control/switches -H 'content-type: application/json' \\
  -d '{"number":"77071234567","call":"confirm","answer":504,"seconds":60}'
curl -X DELETE http://127.0.0.1:8090/control/switches
\`\`\`

| member | meaning |
| --- | --- |
| \`operator\` or \`number\` | whose calls: ${codes(OPERATORS)}, or 7 and ten digits |
| \`call\` | ${codes(CALLS)}; left out: every call, notices too |
| \`answer\` | ${codes(ANSWERS)}; left out: no answer at all |
| \`done\` | \`true\`: the work behind the call is done all the same |
| \`percent\` | of a hundred calls so many, by chance; left out: all |
| \`seconds\` | how long, at most a day |

The answer is 201 with the switch and its \`id\`, or 400 with \`faults\`. \`GET /control\` shows what is on,
\`DELETE /control/switches/{id}\` ends one, \`DELETE /control/switches\` all. Of several that fit, the newest counts. A
notice that is switched off is never sent. The calls of a sentinel number follow its own fault first.

${OUTAGE} More in
[When an operator is down](../guides/operate.md#when-an-operator-is-down).

## Profiles

How an operator treats ordinary numbers. \`PATCH /control/profiles/{operator}\` with some of these members sets them,
\`DELETE\` puts back what a start brings. Hours, days and months are Kazakhstan's.

${table(['knob', 'at the start', 'meaning'], knobs)}

BEELINE's codes have 5 digits. Lives follow the settings above. Switches, profiles and lock-outs are kept in memory: after
a restart every operator is healthy, so that no outage tried by hand stays behind unseen.

## Sentinel numbers

They lie in 77000000000 to 77000009999. The end at the merchant is that of a purchase whose right
code is typed in time, and of its refund where that is said.

${groups.join('\n')}`;
}
