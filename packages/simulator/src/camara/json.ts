import { invalidArgument } from './error.ts';

/** A JSON number as it stood in the text: binary floating point would already have rounded it. */
export class SourceNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? new SourceNumber(context?.source ?? String(value)) : value;
}

/** Parses JSON; every number in it is a {@link SourceNumber}. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    throw invalidArgument('The body is no JSON.');
  }
}

export type Members = Readonly<Record<string, unknown>>;

const TEXT_MOST = 2048;

export function membersOf(value: unknown, path: string): Members {
  if (value === undefined) throw invalidArgument(`Expected property is missing: ${path}.`);
  if (typeof value !== 'object' || value === null) throw invalidArgument(`${path} is no object.`);
  if (Array.isArray(value) || value instanceof SourceNumber) {
    throw invalidArgument(`${path} is no object.`);
  }
  return value as Members;
}

export function optionalText(members: Members, name: string): string | undefined {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value.length === 0 || value.length > TEXT_MOST) {
    throw invalidArgument(`${name} is no text of 1 to ${TEXT_MOST} characters.`);
  }
  return value;
}

export function requiredText(members: Members, name: string): string {
  const value = optionalText(members, name);
  if (value === undefined) throw invalidArgument(`Expected property is missing: ${name}.`);
  return value;
}
