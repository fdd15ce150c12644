/** Members of a JSON object as a provider sent it; nothing about them is believed before it is read. */
export type Members = Readonly<Record<string, unknown>>;

/** A JSON object's members; of anything else, none. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * A provider's identifier: printable ASCII, so that it can be stored, logged and sent in a header or a path; null otherwise.
 * `.` and `..` would climb about in a path.
 */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value) && !/^\.{1,2}$/.test(value) ? value : null;
}

/** A small count, as of attempts or resends; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 10_000 ? value : undefined;
}

/** The facts that are known, without the members that are not. */
export function knownOnly<Facts extends object>(facts: {
  readonly [Name in keyof Facts]: Facts[Name] | undefined;
}): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts;
}
