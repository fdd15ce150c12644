#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { systemClock } from './clock.ts';
import { readConfig, type Config } from './config.ts';
import { startPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { createPool } from './db/pool.ts';
import { deriveKey, loadMasterKey } from './master-key.ts';
import {
  checkMasterKey,
  createProjects,
  createProjectStore,
  createSecretBox,
  type ProjectAdmin,
} from './projects/projects.ts';

const usage = `rocketpay: what the company that runs the platform does from the command line

  rocketpay project create --name NAME [--id N] [--callback-url URL] [--currencies KZT,USD]
      Makes a project and shows its secret, once.
  rocketpay project list
      All projects, without secrets.

The settings are the platform's own (MODE, DATA_DIR, DATABASE_URL, MASTER_KEY, …).
`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string): number {
  const number = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 4_294_967_295)
    throw new UsageError(`--${name} is "${text}"; expected a number from 1 to 4294967295`);
  return number;
}

function webAddress(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const sendable = url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
  if (!sendable) throw new UsageError(`--${name} is not an http or https URL without credentials`);
  return text;
}

async function createProject(projects: ProjectAdmin, args: readonly string[]): Promise<string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      name: { type: 'string' },
      id: { type: 'string' },
      'callback-url': { type: 'string' },
      currencies: { type: 'string', default: 'KZT' },
    },
  });
  if (!values.name) throw new UsageError('--name is missing');
  const currencies = values.currencies.split(',');
  const wrong = currencies.find((currency) => !/^[A-Z]{3}$/.test(currency));
  if (wrong !== undefined) throw new UsageError(`--currencies has "${wrong}"; expected codes such as KZT`);
  const projectId = values.id === undefined ? await projects.freeId() : wholeNumber('id', values.id);
  const callbackUrl = values['callback-url'] === undefined ? null : webAddress('callback-url', values['callback-url']);
  const made = await projects.create({ projectId, name: values.name, callbackUrl, currencies, by: 'command line' });
  if (!made) throw new UsageError(`project ${projectId} exists already`);
  return `project_id: ${projectId}\nsecret:     ${made.secret}\n\nThe secret is stored encrypted and is not shown again.\n`;
}

async function listProjects(projects: ProjectAdmin): Promise<string> {
  const rows = await projects.list();
  return rows
    .map(
      (row) => `${row.projectId}\t${row.name}\t${row.currencies.join(',')}\t${row.callbackUrl ?? 'no callback URL'}\n`,
    )
    .join('');
}

async function withProjects(config: Config, use: (projects: ProjectAdmin) => Promise<string>): Promise<string> {
  const database = config.databaseUrl === null ? await startPostgres({ dataDir: config.dataDir }) : null;
  const databaseUrl = database?.url ?? config.databaseUrl ?? '';
  const pool = createPool({ databaseUrl, maxConnections: 2, onError: () => undefined });
  try {
    await migrate(databaseUrl);
    const box = createSecretBox(deriveKey(await loadMasterKey(config.masterKey, config.dataDir), 'secrets'));
    await checkMasterKey(pool, box);
    process.stderr.write(
      `${config.mode}, ${config.databaseUrl === null ? `data in ${config.dataDir}` : 'database of DATABASE_URL'}\n`,
    );
    const production = config.mode === 'production';
    return await use(createProjects({ store: createProjectStore(pool), box, clock: systemClock, production }));
  } finally {
    await pool.end();
    if (database && !database.adopted) await database.stop();
  }
}

async function run(args: readonly string[]): Promise<string> {
  const [noun, verb, ...rest] = args;
  const command = `${noun ?? ''} ${verb ?? ''}`.trim();
  if (['', 'help', '--help', '-h'].includes(command)) return usage;
  const result = readConfig();
  if (!result.ok) throw new UsageError(result.faults.join('\n'));
  switch (command) {
    case 'project create':
      return withProjects(result.config, (projects) => createProject(projects, rest));
    case 'project list':
      return withProjects(result.config, listProjects);
    default:
      throw new UsageError(`there is no command "${command}"\n\n${usage}`);
  }
}

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  const expected =
    error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = expected ? 2 : 1;
}
