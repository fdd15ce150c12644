import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError, type Command, type Given, type Noun, type OpenPlatform } from './command.ts';
import { helpOf, helpOfAll } from './help.ts';
import { nouns } from './nouns.ts';

export { UsageError, type OpenPlatform } from './command.ts';

/** The system user's name; an account without one is told by its number. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

function nounOf(name: string): Noun {
  const noun = nouns.find((other) => other.name === name);
  if (!noun) throw new UsageError(`there is no "${name}"\n\n${helpOfAll(nouns)}`);
  return noun;
}

function commandOf(noun: Noun, verb: string): Command {
  const command = Object.hasOwn(noun.verbs, verb) ? noun.verbs[verb] : undefined;
  if (!command) throw new UsageError(`there is no command "${noun.name} ${verb}"\n\n${helpOf(noun)}`);
  return command;
}

function readOptions(command: Command, args: readonly string[]): Given {
  const options = {
    ...command.options,
    by: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  return values as Given;
}

function nameOf(by: Given[string]): string {
  const name = typeof by === 'string' ? by.trim() : systemUser();
  if (name === '' || name.length > 200) throw new UsageError('--by is not a name of 1 to 200 characters');
  return name;
}

/**
 * Runs one command and returns what it prints. `open` gives it the platform's rooms, once the call is known to be well-formed.
 *
 * @throws UsageError for a wrong call, or what is not possible; a parser's error for unknown options.
 */
export async function runCommand(args: readonly string[], open: OpenPlatform): Promise<string> {
  const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';
  const [first, second, ...rest] = args;
  if (first === undefined || first === 'help' || isHelp(first)) return helpOfAll(nouns);
  const noun = nounOf(first);
  if (second === undefined || isHelp(second)) return helpOf(noun);
  const command = commandOf(noun, second);
  const given = readOptions(command, rest);
  if (given['help'] === true) return helpOf(noun, second);
  const call = { by: nameOf(given['by']), mayComeFirst: command.mayComeFirst === true };
  return open(call, async (context) => {
    const { text, json } = await command.run(context, given);
    return given['json'] === true ? `${JSON.stringify(json, undefined, 2)}\n` : text;
  });
}
