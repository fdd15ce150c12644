import { fieldOf, report } from './fault.ts';
import type { Fault } from './fault.ts';
import { NumberText } from './json.ts';
import type { JsonValue } from './json.ts';
import type { Node } from './node.ts';

/** The members that the root of a Gate body may have. */
export const rootMembers = [
  'general',
  'customer',
  'account',
  'payment',
  'return_url',
  'callback',
  'interface_type',
  'receipt_data',
  'additional_data',
  'service_provider',
  'destination',
] as const;

/** Members and items in one body. Sorting the lines to sign is the dearest step that a stranger can ask for. */
export const maxMembers = 2000;

/**
 * The signature covers lines joined by `;`, and `;` in a value is not escaped. A value that itself contains the start of
 * a Gate line could move members of one signed body into another, so that a signed Payment Page link would pass for a
 * refund. Free text with other semicolons is harmless.
 */
const lineStart = new RegExp(`;(?:${rootMembers.join('|')}):`);

type Walk = { readonly faults: Fault[]; members: number };

/** Reports every string, documented or not, that may not be stored or could change what the signature says. */
export function checkText(body: JsonValue, node: Node, faults: Fault[]): void {
  walk(body, '', node, { faults, members: 0 });
}

function walk(value: JsonValue, field: string, node: Node | undefined, state: Walk): void {
  if (typeof value === 'string') return checkString(value, field, node, state.faults);
  if (typeof value !== 'object' || value === null || value instanceof NumberText) return;
  const isArray = Array.isArray(value);
  for (const [key, member] of Object.entries(value) as [string, JsonValue][]) {
    state.members++;
    if (state.members === maxMembers + 1)
      report(state.faults, '702', '', 'maxProperties', `may have at most ${maxMembers} members in all`);
    if (state.members > maxMembers) return;
    if (!isArray) checkKey(key, field, state.faults);
    const child = isArray
      ? node?.items
      : node?.properties && Object.hasOwn(node.properties, key)
        ? node.properties[key]
        : undefined;
    if (typeof member === 'string') {
      if (!isFine(member)) checkString(member, fieldOf(field, shown(key)), child, state.faults);
    } else if (typeof member === 'object') walk(member, fieldOf(field, shown(key)), child, state);
  }
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
const isFine = (text: string): boolean => isStorable(text) && !(text.includes(';') && lineStart.test(text));

function checkString(text: string, field: string, node: Node | undefined, faults: Fault[]): void {
  const code = node?.['x-code'] ?? '502';
  if (!isStorable(text)) report(faults, code, field, 'forbiddenCharacter', noForbidden);
  if (text.includes(';') && lineStart.test(text))
    report(
      faults,
      '702',
      field,
      'signatureAmbiguity',
      'may not contain ";" followed by the name of a root member and ":"',
    );
}

function checkKey(key: string, parent: string, faults: Fault[]): void {
  if (!isStorable(key))
    report(faults, '502', fieldOf(parent, shown(key)), 'forbiddenCharacter', `is a name that ${noForbidden}`);
  if (key.includes(';'))
    report(faults, '702', fieldOf(parent, shown(key)), 'signatureAmbiguity', 'is a name that may not contain ";"');
}

const noForbidden = 'may not contain U+0000 or half of a surrogate pair';
const maxShownKey = 64;

/** A key of the sender's, fit for an answer of ours. */
export const shown = (key: string): string =>
  key.length <= maxShownKey && isStorable(key)
    ? key
    : key.slice(0, maxShownKey).toWellFormed().replaceAll('\0', '\uFFFD');
