import type { GateCode } from '@rocketpay/core/errors.ts';
import type { Static, TSchema } from 'typebox';
import { fieldOf, report } from './fault.ts';
import type { Fault, Parsed } from './fault.ts';
import { formats } from './formats.ts';
import type { Format } from './formats.ts';
import { NumberText } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { isLonger } from './length.ts';
import type { Node } from './node.ts';
import { checkText, shown } from './text.ts';

type Check = (value: JsonValue, parent: string, key: string, faults: Fault[]) => void;

/**
 * Makes the reader of one kind of body, once. It reports every fault, in the schema's order, then what `more` finds, then
 * what is wrong with the text of any string or name. It is written here, and not left to the schema library, because
 * the codes, the order, and lengths counted in code points are part of what merchants see.
 */
export function compileBody<Schema extends TSchema>(
  schema: Schema,
  more?: (body: JsonValue, faults: Fault[]) => void,
): (body: JsonValue) => Parsed<Static<Schema>> {
  const node = schema as unknown as Node;
  const check = compile(node);
  return (body) => {
    const faults: Fault[] = [];
    check(body, '', '', faults);
    more?.(body, faults);
    checkText(body, node, faults);
    return faults.length === 0 ? { ok: true, value: body as Static<Schema> } : { ok: false, faults };
  };
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);

function compile(node: Node): Check {
  if (node.anyOf) return compileUnion(node, node.anyOf);
  if (node.enum) return compileEnum(node, node.enum);
  if (node.type === 'object') return compileObject(node);
  if (node.type === 'array') return compileArray(node);
  if (node.type === 'string') return compileString(node);
  if (node.type === 'boolean') return compileBoolean(node);
  return compileNumber(node);
}

const codeOf = (node: Node): GateCode => node['x-code'] ?? '502';
const mustBe = (node: Node): string => `must be ${expected(node)}`;

function compileObject(node: Node): Check {
  const members = Object.entries(node.properties ?? {}).map(([key, member]) => ({
    key,
    check: compile(member),
    isRequired: node.required?.includes(key) ?? false,
    missingCode: member['x-missing-code'] ?? '2004',
    missing: `is required, and must be ${expected(member)}`,
  }));
  const isClosed = node.additionalProperties === false;
  const known = new Set(members.map((member) => member.key));
  return (value, parent, key, faults) => {
    const field = fieldOf(parent, key);
    if (!isObject(value)) return report(faults, field === '' ? '702' : codeOf(node), field, 'type', mustBe(node));
    for (const member of members) {
      const given = value[member.key];
      if (given !== undefined) member.check(given, field, member.key, faults);
      else if (member.isRequired)
        report(faults, member.missingCode, fieldOf(field, member.key), 'required', member.missing);
    }
    if (!isClosed) return;
    for (const name of Object.keys(value))
      if (!known.has(name))
        report(faults, '702', fieldOf(field, shown(name)), 'unknown', 'is not a member that a request may have');
  };
}

function compileArray(node: Node): Check {
  const check = compile(node.items ?? { type: 'object' });
  const { minItems = 0, maxItems = Infinity } = node;
  return (value, parent, key, faults) => {
    const field = fieldOf(parent, key);
    if (!Array.isArray(value)) return report(faults, codeOf(node), field, 'type', mustBe(node));
    if (value.length < minItems) report(faults, codeOf(node), field, 'minItems', mustBe(node));
    if (value.length > maxItems) return report(faults, codeOf(node), field, 'maxItems', mustBe(node));
    value.forEach((item: JsonValue, index) => check(item, field, String(index), faults));
  };
}

function compileString(node: Node): Check {
  const { minLength = 0, maxLength = Infinity } = node;
  const pattern = node.pattern === undefined ? undefined : new RegExp(node.pattern, 'u');
  const format: Format | undefined = node.format && formats[node.format];
  return (value, parent, key, faults) => {
    const fail = (constraint: string, code = codeOf(node)): void =>
      report(faults, code, fieldOf(parent, key), constraint, mustBe(node));
    if (typeof value !== 'string') return fail('type');
    if (value.length < minLength) return fail('minLength', node['x-empty-code']);
    if (isLonger(value, maxLength)) return fail('maxLength');
    if (pattern && !pattern.test(value)) return fail('pattern');
    if (format && !format.test(value)) fail(format.constraint ?? 'format');
  };
}

function compileNumber(node: Node): Check {
  const { minimum = -Infinity, maximum = Infinity } = node;
  return (value, parent, key, faults) => {
    const fail = (constraint: string): void =>
      report(faults, codeOf(node), fieldOf(parent, key), constraint, mustBe(node));
    const isText = value instanceof NumberText;
    if (!isText && typeof value !== 'number') return fail('type');
    if (isText && node.type === 'integer' && !/^-?[1-9]\d*$/.test(value.source)) return fail('integer');
    const amount = isText ? Number(value.source) : value;
    if (amount < minimum) fail('minimum');
    else if (amount > maximum || (isText && node.type === 'integer')) fail('maximum');
  };
}

function compileBoolean(node: Node): Check {
  return (value, parent, key, faults) => {
    if (typeof value !== 'boolean') report(faults, codeOf(node), fieldOf(parent, key), 'type', mustBe(node));
  };
}

function compileEnum(node: Node, words: readonly string[]): Check {
  return (value, parent, key, faults) => {
    if (typeof value !== 'string') report(faults, codeOf(node), fieldOf(parent, key), 'type', mustBe(node));
    else if (!words.includes(value)) report(faults, codeOf(node), fieldOf(parent, key), 'enum', mustBe(node));
  };
}

function compileUnion(node: Node, branches: readonly Node[]): Check {
  const checks = branches.map(compile);
  return (value, parent, key, faults) => {
    const fits = checks.some((check) => {
      const found: Fault[] = [];
      check(value, parent, key, found);
      return found.length === 0;
    });
    if (!fits) report(faults, codeOf(node), fieldOf(parent, key), 'type', mustBe(node));
  };
}

function expected(node: Node): string {
  if (node['x-expected']) return node['x-expected'];
  if (node.anyOf) return node.anyOf.map(expected).join(', or ');
  if (node.enum) return `one of ${node.enum.join(', ')}`;
  if (node.format) return formats[node.format].expected;
  if (node.type === 'object') return 'an object';
  if (node.type === 'array') return `a list${between(node.minItems, node.maxItems, 'items')}`;
  if (node.type === 'boolean') return 'true or false';
  if (node.type !== 'string')
    return `${node.type === 'integer' ? 'an integer' : 'a number'}${between(node.minimum, node.maximum)}`;
  if (node.pattern !== undefined) return `a string matching ${node.pattern}`;
  return `a string${between(node.minLength, node.maxLength, 'characters')}`;
}

function between(least: number | undefined, most: number | undefined, unit = ''): string {
  const [of, tail] = unit === '' ? ['', ''] : [' of', ` ${unit}`];
  if (least !== undefined && most !== undefined)
    return unit === '' ? ` from ${least} to ${most}` : `${of} ${least} to ${most}${tail}`;
  if (most !== undefined) return `${of} at most ${most}${tail}`;
  return least === undefined ? '' : `${of} at least ${least}${tail}`;
}
