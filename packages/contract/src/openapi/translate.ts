import { formats } from '../formats.ts';
import type { Node } from '../node.ts';

/** A JSON Schema of 2020-12, as OpenAPI 3.1 takes it. */
export type Schema = { readonly [word: string]: unknown };
/** What a member means, by its path with dots; items of a list have no number. */
export type Texts = Readonly<Record<string, string>>;

/** What stands for our formats in a document that any tool may read; the rest is said in words. */
const standIns: Readonly<Record<string, Schema>> = {
  'http-url': { format: 'uri' },
  email: { format: 'email' },
  signature: { pattern: '^[A-Za-z0-9+/]{86}==$' },
  day: { pattern: '^[0-9]{2}-[0-9]{2}-[0-9]{4}$' },
};
const sentMoment: Schema = { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\+0000$' };

/** Whose words they are: a request is judged by them, an answer keeps to them. */
export type Direction = 'request' | 'answer';

/**
 * The schema in standard words. Ours, which begin with `x-`, become sentences of the description. `named` may put a
 * reference in the place of a schema.
 */
export function translate(
  node: Node,
  texts: Texts,
  direction: Direction,
  named: (schema: Schema) => Schema = (schema) => schema,
  path = '',
): Schema {
  const child = (member: Node, key: string): Schema =>
    named(translate(member, texts, direction, named, path === '' ? key : `${path}.${key}`));
  /** An item, or a branch, stands at the place of its parent, which has told already what is there. */
  const part = (inner: Node): Schema => named(translate(inner, { ...texts, [path]: '' }, direction, named, path));
  const description = [texts[path], ...rulesOf(node, direction)].filter(Boolean).join(' ');
  return {
    ...(node.type && { type: node.type }),
    ...(node.enum && { type: 'string', enum: node.enum }),
    ...(description !== '' && { description }),
    ...(node.anyOf && { anyOf: node.anyOf.map(part) }),
    ...(node.required && node.required.length > 0 && { required: node.required }),
    ...(node.properties && {
      properties: Object.fromEntries(Object.entries(node.properties).map(([key, member]) => [key, child(member, key)])),
    }),
    ...(node.additionalProperties !== undefined && { additionalProperties: node.additionalProperties }),
    ...(node.items && { items: part(node.items) }),
    ...pick(node, ['minItems', 'maxItems', 'minLength', 'maxLength', 'minimum', 'maximum']),
    // Larger ones are refused whatever the member: no reader of JSON agrees with another on them.
    ...(direction === 'request' &&
      node.type === 'integer' &&
      node.maximum === undefined && { maximum: Number.MAX_SAFE_INTEGER }),
    ...(node.pattern !== undefined && { pattern: ecmaPattern(node.pattern) }),
    ...standInFor(node, direction),
  };
}

const standInFor = ({ format }: Node, direction: Direction): Schema =>
  format === undefined ? {} : format === 'date-time' && direction === 'answer' ? sentMoment : (standIns[format] ?? {});

function rulesOf(node: Node, direction: Direction): string[] {
  if (direction === 'answer') return [];
  const expected = node['x-expected'] ?? (node.format && formats[node.format].expected);
  const code = node['x-code'];
  return [
    ...(expected === undefined ? [] : [`Must be ${expected}.`]),
    ...(code === undefined ? [] : [`Refused with ${code}.`]),
  ];
}

/** Some readers know no `\0` and no `\v` in a pattern. */
const ecmaPattern = (pattern: string): string => pattern.replaceAll('\\0', '\\x00').replaceAll('\\v', '\\x0b');

const pick = (node: Node, words: readonly (keyof Node)[]): Schema =>
  Object.fromEntries(words.filter((word) => node[word] !== undefined).map((word) => [word, node[word]]));
