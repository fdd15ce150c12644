/** A decoded JSON object whose members have not been looked at yet. */
export type JsonObject = { readonly [key: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(from: JsonObject, key: string): JsonObject | undefined {
  const value = from[key];
  return isJsonObject(value) ? value : undefined;
}

export function objectsAt(from: JsonObject, key: string): JsonObject[] {
  const value = from[key];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A string, or a number as its digits: codes and ids come as either on the wire. */
export function textAt(from: JsonObject, key: string): string | undefined {
  const value = from[key];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

export function integerAt(from: JsonObject, key: string): number | undefined {
  const value = from[key];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

/** A truth, written `true` or, as the family also does, `1`. */
export function flagAt(from: JsonObject, key: string): boolean | undefined {
  const value = from[key];
  if (typeof value === 'boolean') return value;
  return value === 1 || value === '1' ? true : value === 0 || value === '0' ? false : undefined;
}

/** A moment, from `2024-12-07T19:08:45+0000` or RFC 3339. */
export function dateAt(from: JsonObject, key: string): Date | undefined {
  const value = from[key];
  if (typeof value !== 'string') return undefined;
  const date = new Date(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The object without its undefined members, so that "not given" never becomes `null` on the wire. */
export function given<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}
