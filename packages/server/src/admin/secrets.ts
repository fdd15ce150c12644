import type { Command, Noun, Option } from './command.ts';
import { done } from './refusals.ts';
import { moment } from './show.ts';
import { optional, projectOf, projectOption, wholeNumber } from './values.ts';

/** Within it a merchant who still uses the secret has most likely sent something. */
const RECENT_MS = 86_400_000;

const numberOption = (says: string): Option => ({ type: 'string', value: 'N', says });

const rotateOf = (kind: 'request' | 'callback', says: string, then: string): Command => ({
  says,
  options: { project: projectOption },
  async run({ edits, by }, given) {
    const projectId = projectOf(given);
    const { secretNo, secret } = done(projectId, await edits.rotate(projectId, kind, by));
    const text = `secret ${secretNo}: ${secret}\n\nIt is stored encrypted and is not shown again. ${then}\n`;
    return { text, json: { projectId, secretNo, secret } };
  },
});

const retireOf = (kind: 'request' | 'callback', says: string): Command => ({
  says,
  options: { project: projectOption, number: numberOption('which of the two; the older unless given') },
  async run({ edits, by, clock, progress }, given) {
    const projectId = projectOf(given);
    const named = optional(given, 'number', wholeNumber) ?? null;
    const { secretNo, lastUsedAt } = done(projectId, await edits.retire(projectId, kind, named, by));
    if (lastUsedAt !== null && clock.now() - lastUsedAt < RECENT_MS)
      progress(
        `warning: secret ${secretNo} opened a request at ${moment(lastUsedAt)}: whoever still signs with it is refused ` +
          'from now on and needs the other one; it cannot be brought back',
      );
    return { text: `secret ${secretNo} of project ${projectId} is gone\n`, json: { projectId, secretNo } };
  },
});

const promote: Command = {
  says: 'signs what the platform sends with the new secret',
  options: { project: projectOption, number: numberOption('which of the two; the newest unless given') },
  async run({ edits, by }, given) {
    const projectId = projectOf(given);
    const named = optional(given, 'number', wholeNumber) ?? null;
    const { secretNo } = done(projectId, await edits.promote(projectId, named, by));
    return { text: `secret ${secretNo} signs what project ${projectId} is sent\n`, json: { projectId, secretNo } };
  },
};

export const secret: Noun = {
  name: 'secret',
  says: 'what opens a project’s requests and signs what it is sent; two are valid while it changes over',
  verbs: {
    rotate: rotateOf(
      'request',
      'makes a second secret and shows it, once',
      'Both open requests now; secret promote signs with it, secret retire ends the old one.',
    ),
    promote,
    retire: retireOf('request', 'ends one of two secrets: nothing is opened by it any more'),
  },
};

export const callbackSecret: Noun = {
  name: 'callback-secret',
  says: 'what signs a project’s callbacks beside the signature in their body (Standard Webhooks)',
  verbs: {
    rotate: rotateOf(
      'callback',
      'makes a second secret and shows it, once; callbacks carry a signature of each',
      'Callbacks are signed with both now; callback-secret retire ends the old one.',
    ),
    retire: retireOf('callback', 'ends one of two secrets: nothing is signed with it any more'),
  },
};
