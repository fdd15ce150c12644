import { isIP } from 'node:net';
import { hasForeignPort } from '../callbacks/callbacks.ts';
import type { EditableSettings, ProjectRow } from '../projects/projects.ts';
import { UsageError, type AdminContext, type Command, type Noun, type Option, type Said } from './command.ts';
import { done } from './refusals.ts';
import { cells, moment, oneLine, settingWord, settingsOf, valueText } from './show.ts';
import {
  choice,
  currencies,
  networks,
  onOff,
  optional,
  projectOf,
  projectOption,
  wanted,
  webAddress,
  wholeNumber,
} from './values.ts';

const settingOptions = {
  'callback-url': { type: 'string', value: 'URL|none', says: 'where callbacks go unless a request says otherwise' },
  currencies: { type: 'string', value: 'KZT,USD', says: 'what its sales may be in' },
  'refund-window': {
    type: 'string',
    value: 'SECONDS',
    says: 'a second refund of an equal sum within it is refused (3285); 0: never',
  },
} as const satisfies Record<string, Option>;

const DAY_S = 86_400;
const windowMs = (name: string, text: string): number => wholeNumber(name, text, 0, DAY_S) * 1_000;

/** Tells at once what would else be seen at the first callback; a name is judged only when it is called. */
function warnOfAddress({ mayCallBack, progress }: AdminContext, callbackUrl: string | null | undefined): void {
  if (!callbackUrl) return;
  const url = new URL(callbackUrl);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = host === 'localhost' ? '127.0.0.1' : host;
  if (isIP(address) !== 0 && !mayCallBack(address))
    progress(`warning: no callback is sent to ${host} unless CALLBACK_ALLOWED_NETWORKS of the platform allows it`);
  if (hasForeignPort(url))
    progress(`warning: no callback is sent to port ${url.port}, which is of another service than the web`);
}

const create: Command = {
  says: 'makes a project and shows its two secrets, once',
  options: {
    name: { type: 'string', value: 'NAME', says: 'as a person calls it' },
    id: { type: 'string', value: 'N', says: 'the next free one unless given' },
    ...settingOptions,
  },
  mayComeFirst: true,
  async run(context, given) {
    const { projects, by } = context;
    const name = wanted(given, 'name');
    const id = optional(given, 'id', wholeNumber);
    const made = {
      name,
      callbackUrl: optional(given, 'callback-url', webAddress) ?? null,
      currencies: optional(given, 'currencies', currencies) ?? ['KZT'],
      refundRepeatWindowMs: optional(given, 'refund-window', windowMs) ?? null,
      by,
    };
    const projectId = id ?? (await projects.freeId());
    const secrets = await projects.create({ ...made, projectId });
    if (!secrets) throw new UsageError(`project ${projectId} exists already`);
    warnOfAddress(context, made.callbackUrl);
    const text = `project_id:      ${projectId}
secret:          ${secrets.secret}
callback secret: ${secrets.callbackSecret}

The secrets are stored encrypted and are not shown again.
`;
    return { text, json: { projectId, secret: secrets.secret, callbackSecret: secrets.callbackSecret } };
  },
};

const list: Command = {
  says: 'all projects, without secrets',
  options: {},
  async run({ projects }) {
    const rows = await projects.list();
    const lines = rows.map((row) =>
      cells(row.projectId, row.name, row.currencies.join(','), row.callbackUrl ?? 'no callback URL'),
    );
    return { text: lines.map((line) => `${line}\n`).join(''), json: rows.map(settingsOf) };
  },
};

function shown(row: ProjectRow): Said {
  const settings = settingsOf(row);
  const secrets = row.secrets.map(({ kind, secretNo, main, createdAt, lastUsedAt }) => ({
    kind,
    secretNo,
    signs: kind === 'callback' || main,
    createdAt: moment(createdAt),
    lastUsedAt: lastUsedAt === null ? null : moment(lastUsedAt),
  }));
  const lines = [
    ...Object.entries(settings).map(
      ([name, value]) => `${`${settingWord(name)}:`.padEnd(20)}${oneLine(valueText(name, value))}`,
    ),
    ...secrets.map((secret) => {
      const noun = secret.kind === 'request' ? 'secret' : 'callback-secret';
      const used = secret.kind === 'request' ? `, last used ${secret.lastUsedAt ?? 'never'}` : '';
      const signs = secret.signs ? ', signs' : '';
      return `${`${noun} ${secret.secretNo}:`.padEnd(20)}made ${secret.createdAt}${signs}${used}`;
    }),
  ];
  return { text: lines.map((line) => `${line}\n`).join(''), json: { ...settings, secrets } };
}

const show: Command = {
  says: 'one project’s settings, and its secrets’ numbers, ages and last use',
  options: { project: projectOption },
  async run({ projects }, given) {
    const projectId = projectOf(given);
    const row = (await projects.list()).find((other) => other.projectId === projectId);
    if (!row) throw new UsageError(`there is no project ${projectId}`);
    return shown(row);
  },
};

const set: Command = {
  says: 'changes settings of a project; running processes see it within a second',
  options: {
    project: projectOption,
    name: { type: 'string', value: 'NAME', says: 'as a person calls it' },
    ...settingOptions,
    'allow-list': {
      type: 'string',
      value: 'CIDR,…|none',
      says: 'where its requests may come from; none: from anywhere',
    },
    strict: { type: 'string', value: 'on|off', says: 'its requests need the strict signature' },
    'clarification-form': { type: 'string', value: 'list|schema', says: 'how awaited fields are listed' },
    refunds: { type: 'string', value: 'on|off', says: 'it may refund' },
  },
  async run(context, given) {
    const { edits, by } = context;
    const projectId = projectOf(given);
    const asked: { [Name in keyof EditableSettings]?: EditableSettings[Name] | undefined } = {
      name: optional(given, 'name', () => wanted(given, 'name')),
      callbackUrl: optional(given, 'callback-url', webAddress),
      currencies: optional(given, 'currencies', currencies),
      refundRepeatWindowMs: optional(given, 'refund-window', windowMs),
      allowedNetworks: optional(given, 'allow-list', networks),
      strict: optional(given, 'strict', onOff),
      clarificationForm: optional(given, 'clarification-form', choice('list', 'schema')),
      refundsEnabled: optional(given, 'refunds', onOff),
    };
    const settings = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    if (Object.keys(settings).length === 0) throw new UsageError('nothing to set: name a setting, see --help');
    const changes = done(projectId, await edits.set(projectId, settings, by));
    warnOfAddress(context, asked.callbackUrl);
    const lines = changes.map(
      (change) =>
        `${settingWord(change.setting)}: ${valueText(change.setting, change.old)} → ${valueText(change.setting, change.new)}\n`,
    );
    return { text: lines.join('') || 'nothing changed: it was so already\n', json: changes };
  },
};

export const project: Noun = {
  name: 'project',
  says: 'merchants’ accounts',
  verbs: { create, list, show, set },
};
