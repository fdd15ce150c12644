import type { Command, Noun } from './command.ts';

const program = 'rocketpay';

const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
};

function optionRows(command: Command): [string, string][] {
  return Object.entries(command.options).map(([name, option]) => [
    `--${name}${option.value === undefined ? '' : ` ${option.value}`}`,
    option.says,
  ]);
}

const always: [string, string][] = [
  ['--by NAME', 'who does it, for the record; the system user’s name unless given'],
  ['--json', 'answers as JSON'],
  ['--help', 'says this'],
];

/** All nouns and their verbs. */
export function helpOfAll(nouns: readonly Noun[]): string {
  const rows = nouns.map(({ name, verbs, says }): [string, string] => [
    `${program} ${name} ${Object.keys(verbs).join('|')}`,
    says,
  ]);
  return `${program}: what the company that runs the platform does from the command line

${columns(rows)}
${program} <noun> --help says what a noun can do. The settings are the platform's own (MODE, DATA_DIR, DATABASE_URL,
MASTER_KEY, …); it works beside a running platform, and without one.
`;
}

/** One noun with all options of its verbs, or of one of them. */
export function helpOf(noun: Noun, verb?: string): string {
  const parts = Object.entries(noun.verbs)
    .filter(([name]) => verb === undefined || name === verb)
    .map(([name, command]) => {
      const rows = optionRows(command);
      return `${program} ${noun.name} ${name}: ${command.says}\n${rows.length > 0 ? columns(rows) : ''}`;
    });
  return `${noun.name}: ${noun.says}\n\n${parts.join('\n')}\nWith every command:\n${columns(always)}`;
}
