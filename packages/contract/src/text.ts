import { fieldOf, report } from './fault.ts';
import type { Fault } from './fault.ts';
import { NumberText } from './json.ts';
import type { JsonValue } from './json.ts';
import { isLonger } from './length.ts';
import type { Node } from './node.ts';
import { isSignable } from './signature.ts';

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
/** Code points of one name, and UTF-16 units of all the names that lead to a member, with a separator after each. */
export const maxName = 255;
export const maxPath = 640;

/**
 * The signature covers lines joined by `;`, and `;` in a value is not escaped. A value that itself contains the start of
 * a Gate line could move members of one signed body into another, so that a signed Payment Page link would pass for a
 * refund. Free text with other semicolons is harmless.
 */
const lineStart = new RegExp(`;(?:${rootMembers.join('|')}):`);

type Walk = { readonly faults: Fault[]; members: number };

/**
 * Reports every string, documented or not, that may not be stored or could change what the signature says, and a body
 * whose signature would be too much work. Takes time in proportion to the body.
 */
export function checkText(body: JsonValue, node: Node, faults: Fault[]): void {
  walk(body, '', 0, node, { faults, members: 0 });
  if (faults.length === 0 && typeof body === 'object' && body !== null && !isSignable(body))
    report(faults, '702', '', 'maxSigned', 'repeats long names too often: its text to sign is too long');
}

function walk(value: JsonValue, field: string, above: number, node: Node | undefined, state: Walk): void {
  if (typeof value === 'string') return checkString(value, field, node, state.faults);
  if (typeof value !== 'object' || value === null || value instanceof NumberText) return;
  const isArray = Array.isArray(value);
  for (const [key, member] of Object.entries(value) as [string, JsonValue][]) {
    state.members++;
    if (state.members === maxMembers + 1)
      report(state.faults, '702', '', 'maxProperties', `may have at most ${maxMembers} members in all`);
    if (state.members > maxMembers) return;
    const path = above + key.length + 1;
    if (!isArray && !checkKey(key, field, path, state.faults)) continue;
    const child = isArray
      ? node?.items
      : node?.properties && Object.hasOwn(node.properties, key)
        ? node.properties[key]
        : undefined;
    if (typeof member === 'string') {
      if (!isFine(member)) checkString(member, fieldOf(field, shown(key)), child, state.faults);
    } else if (member instanceof NumberText) {
      if (!isStorableNumber(member.source)) checkNumber(fieldOf(field, shown(key)), child, state.faults);
    } else if (typeof member === 'object') walk(member, fieldOf(field, shown(key)), path, child, state);
  }
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
/** What a database keeps as it is: an exponent of four digits would overflow it. */
const numberForm = /^[^e]{1,255}(?:e[+-]?0*\d{1,3})?$/i;
const isStorableNumber = (source: string): boolean => source.length <= maxNumber && numberForm.test(source);
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

function checkNumber(field: string, node: Node | undefined, faults: Fault[]): void {
  report(faults, node?.['x-code'] ?? '502', field, 'maxDigits', 'is a number too long or too large to be kept');
}

/** Whether the member is worth a further look: not below a name or path that is too long. */
function checkKey(key: string, parent: string, path: number, faults: Fault[]): boolean {
  const fail = (code: '502' | '702', constraint: string, says: string): void =>
    report(faults, code, fieldOf(parent, shown(key)), constraint, says);
  const isTooLong = isLonger(key, maxName);
  if (isTooLong) fail('702', 'maxLength', `is a name that may have at most ${maxName} characters`);
  else if (path > maxPath)
    fail('702', 'maxPath', `is nested under names that have more than ${maxPath} characters in all`);
  if (!isStorable(key)) fail('502', 'forbiddenCharacter', `is a name that ${noForbidden}`);
  if (key.includes(';')) fail('702', 'signatureAmbiguity', 'is a name that may not contain ";"');
  return !isTooLong && path <= maxPath;
}

const noForbidden = 'may not contain U+0000 or half of a surrogate pair';
const maxShownKey = 64;
const maxNumber = 255;

/** A key of the sender's, fit for an answer of ours. */
export const shown = (key: string): string =>
  key.length <= maxShownKey && isStorable(key)
    ? key
    : key.slice(0, maxShownKey).toWellFormed().replaceAll('\0', '\uFFFD');
