import { endText } from './pages/home.ts';
import { SETTINGS } from './config.ts';
import { CATALOGUE } from './sentinels/catalogue.ts';

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
  return `<!-- Generated: node packages/simulator/src/print-page.ts > docs/reference/simulator.md -->

# The operator simulator

A mobile operator in a process of its own: \`node packages/simulator/src/main.ts\`. It speaks the
[operator link](operator-link.md), sends real codes to an outbox, and keeps its own ledger.

| address | what |
| --- | --- |
| \`/\` | a form for a phone's screen, the sentinel numbers, the ledger |
| \`/phones/{digits}\` | the phone's screen |
| \`/phones/{digits}/messages\` | its texts, newest first: \`[{"text","code","operator","sent_at"}]\` |
| \`/ledger\`, \`/ledger?reference=…\` | charges and refunds in order, JSON lines: \`{"kind","reference","correlator","amount","currency","at"}\`, amounts in minor units |
| \`/health/ready\` | 200 once it serves |

After a restart it goes on with the charges, refunds and notices that it owed.

## Settings

${table(['name', 'default', 'meaning'], settings)}

## Ordinary numbers

Any number \`7\` and ten digits that is not listed below is an identified subscriber with ample
balance: ten wrong codes, three resends, no rule about earlier, open or repeated payments. Its
operator follows from digits 2 to 4: 700, 708 ALTEL; 701, 702 KCELL; 775, 778 ACTIV; 705, 706, 771,
776, 777 BEELINE; 707, 747 and all others TELE2. A code has 6 digits, BEELINE's has 5. A number of
another country is unknown.

## Sentinel numbers

They lie in 77000000000 to 77000009999. The end at the merchant is that of a purchase whose right
code is typed in time, and of its refund where that is said.

${groups.join('\n')}`;
}
