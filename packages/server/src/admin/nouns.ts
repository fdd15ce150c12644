import { callback } from './callbacks.ts';
import { changes } from './changes.ts';
import type { Noun } from './command.ts';
import { operator } from './operators.ts';
import { page } from './page.ts';
import { incident } from './incidents.ts';
import { project } from './projects.ts';
import { callbackSecret, secret } from './secrets.ts';

/** Everything the command can do. A new noun is a file of its own and a line here. */
export const nouns: readonly Noun[] = [project, secret, callbackSecret, callback, operator, incident, page, changes];
