import type { Fault } from './fault.ts';
import { report } from './fault.ts';
import type { JsonValue } from './json.ts';
import { shown } from './text.ts';

/** Parameters as they came: text, or objects of text where a name has brackets, as PHP writes them. */
export interface PageForm {
  readonly [name: string]: JsonValue;
}

const maxParameters = 300;
const maxDepth = 4;
/** Letters, digits and underscores: a name with `:` could stand for a member of a Gate body in the text to sign. */
const nameForm = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const bracketForm = /^([^[\]]*)((?:\[[^[\]]*\])+)$/;

type Members = { [name: string]: JsonValue };

/**
 * Reads a query, or a form's body, into parameters. A name given twice, a name that no link has, and half a bracket are
 * faults: which of two values the merchant signed nobody could tell.
 */
export function readPageForm(encoded: string): { readonly form: PageForm; readonly faults: readonly Fault[] } {
  const form: Members = {};
  const faults: Fault[] = [];
  let count = 0;
  for (const [name, value] of new URLSearchParams(encoded)) {
    count++;
    if (count > maxParameters) {
      report(faults, '702', '', 'maxProperties', `may have at most ${maxParameters} parameters`);
      break;
    }
    if (name === '' && value === '') continue;
    const path = pathOf(name);
    if (path === undefined) report(faults, '702', shown(name), 'name', 'is not a name that a parameter may have');
    else if (!put(form, path, value)) report(faults, '702', shown(name), 'unique', 'is given more than once');
  }
  return { form, faults };
}

function pathOf(name: string): readonly string[] | undefined {
  const bracketed = bracketForm.exec(name);
  const path = bracketed ? [bracketed[1] ?? '', ...(bracketed[2] ?? '').slice(1, -1).split('][')] : [name];
  const [root, ...inner] = path;
  if (root === undefined || !nameForm.test(root) || root === '__proto__' || path.length > maxDepth) return undefined;
  return inner.every((part) => /^[A-Za-z0-9_-]{1,64}$/.test(part) && part !== '__proto__') ? path : undefined;
}

function put(form: Members, path: readonly string[], value: string): boolean {
  const last = path.at(-1) ?? '';
  let members = form;
  for (const part of path.slice(0, -1)) {
    const inner = Object.hasOwn(members, part) ? members[part] : {};
    if (typeof inner !== 'object' || inner === null) return false;
    members[part] = inner;
    members = inner as Members;
  }
  if (Object.hasOwn(members, last)) return false;
  members[last] = value;
  return true;
}
