import { createHmac, timingSafeEqual } from 'node:crypto';

/** Names and values as Saiga sends them: each a text, none twice. */
export type Fields = Readonly<Record<string, string>>;

/** Saiga's signature: HMAC-SHA-256 in hex over all other fields as `name=value`, sorted by name and joined by `&`. */
export function signOf(fields: Fields, secret: string): string {
  const text = Object.keys(fields)
    .filter((name) => name !== 'sign')
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  return createHmac('sha256', secret).update(text).digest('hex');
}

export function isSigned(fields: Fields, secret: string): boolean {
  const given = Buffer.from(fields['sign'] ?? '');
  const expected = Buffer.from(signOf(fields, secret));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Reads an answer, `result=0&pay_id=…`. @throws Error where it is none: then nothing is known */
export function readFields(text: string): Fields {
  const fields = Object.fromEntries(new URLSearchParams(text.trim()));
  if (!/^\d{1,3}$/.test(fields['result'] ?? '')) throw new Error('no result in the answer');
  return fields;
}

/** A query's members, where each is one text; null otherwise. */
export function fieldsOf(query: Readonly<Record<string, unknown>>): Fields | null {
  const entries = Object.entries(query);
  return entries.every(([, value]) => typeof value === 'string') ? (Object.fromEntries(entries) as Fields) : null;
}
