import { listChanges } from '../changes/changes.ts';
import type { Command, Noun } from './command.ts';
import { cells, moment, settingWord, valueText } from './show.ts';
import { optional, projectOption, wholeNumber } from './values.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;

const list: Command = {
  says: 'the newest changes first',
  options: {
    project: { ...projectOption, says: 'of this project alone' },
    limit: { type: 'string', value: 'N', says: `at most so many; ${DEFAULT_LIMIT} unless given` },
  },
  async run({ pool }, given) {
    const projectId = optional(given, 'project', wholeNumber) ?? null;
    const limit = optional(given, 'limit', (name, text) => wholeNumber(name, text, 1, MAX_LIMIT)) ?? DEFAULT_LIMIT;
    const changes = (await listChanges(pool, { projectId, limit })).map((change) => ({
      ...change,
      at: moment(change.at),
    }));
    const lines = changes.map((change) => {
      const subject = change.subject ?? '';
      const values = [change.old, change.new].map((value) => valueText(subject, value));
      const isTold = change.old === null && typeof change.new === 'object' && !Array.isArray(change.new);
      const moved = isTold ? valueText(subject, change.new ?? {}) : values.join(' → ');
      return cells(change.at, change.by, change.projectId ?? '', change.action, settingWord(subject), moved);
    });
    return { text: lines.map((line) => `${line}\n`).join(''), json: changes };
  },
};

export const changes: Noun = { name: 'changes', says: 'who changed what, and when', verbs: { list } };
