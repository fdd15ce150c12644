/**
 * A number kept as the digits that were sent, because a JavaScript number could not give them back: a fraction, an
 * exponent, `-0`, or an integer beyond 2^53. The signature covers the digits, not the value.
 */
export class NumberText {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }

  /** Written as the digits that were sent; a runtime that cannot write those writes the nearest number. */
  toJSON(): unknown {
    return rawJson === undefined ? Number(this.source) : rawJson(this.source);
  }
}

/** Not in Node 20, where the SDK runs as well. */
const rawJson = (JSON as typeof JSON & { readonly rawJSON?: (text: string) => unknown }).rawJSON;

export type JsonObject = { readonly [key: string]: JsonValue };
export type JsonValue = string | number | boolean | null | NumberText | readonly JsonValue[] | JsonObject;

export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: 'not-utf8' | 'not-json' | 'too-deep' };

/** Containers inside one another; the deepest documented body has five. */
export const maxDepth = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;
const parseRevived = JSON.parse as (text: string, reviver: Reviver) => unknown;

const keepDigits: Reviver = (_key, value, context) => {
  if (typeof value !== 'number') return value;
  const source = context?.source ?? String(value);
  return Number.isSafeInteger(value) && String(value) === source ? value : new NumberText(source);
};

/**
 * Parses a body, keeping the source of every number that a JavaScript number would change. Never throws. The depth is
 * counted over the bytes first, so that nothing recursive ever sees a hostile body.
 */
export function parseJson(bytes: Uint8Array): ParsedJson {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { ok: false, reason: 'not-utf8' };
  }
  const scanned = scan(bytes);
  if (scanned.depth > maxDepth) return { ok: false, reason: 'too-deep' };
  try {
    // The reviver costs several times the parse itself, and ordinary bodies need none.
    const value = scanned.plainNumbers ? JSON.parse(text) : parseRevived(text, keepDigits);
    return { ok: true, value: value as JsonValue };
  } catch {
    return { ok: false, reason: 'not-json' };
  }
}

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
/** `[` and `{`, and `]` and `}`, differ in this bit alone. */
const curly = 0x20;
const maxPlainDigits = 15;

/** Looks only at what stands outside strings; stops at the first level too many. */
function scan(bytes: Uint8Array): { depth: number; plainNumbers: boolean } {
  let open = 0;
  let depth = 0;
  let plainNumbers = true;
  let digits = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= zero && byte <= nine) {
      digits++;
      if (digits > maxPlainDigits) plainNumbers = false;
      continue;
    }
    // `1.5`, `1e5` and `-0` are the ways in which a short number's text says more than its value.
    if (digits > 0 && (byte === 0x2e || byte === 0x65 || byte === 0x45)) plainNumbers = false;
    digits = 0;
    if (byte === quote) {
      at++;
      while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
    } else if (byte === minus && bytes[at + 1] === zero) plainNumbers = false;
    else if ((byte | curly) === 0x7b) {
      open++;
      if (open > depth) depth = open;
      if (depth > maxDepth) break;
    } else if ((byte | curly) === 0x7d) open--;
  }
  return { depth, plainNumbers };
}
