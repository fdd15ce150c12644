import { NumberText, parseJson } from '@rocketpay/contract/json.ts';
import { signMessage, verifyMessage } from '@rocketpay/contract/signature.ts';
import { untrusted } from './errors.ts';
import { isJsonObject, objectAt, textAt, type JsonObject } from './reading.ts';

/** The request as it goes out, its signature inside `general`. */
export function signedBody(body: JsonObject & { readonly general: object }, secret: string): string {
  return JSON.stringify({ ...body, general: { ...body.general, signature: signMessage(body, secret) } });
}

/**
 * The object in a message of the platform, once its signature is proved under one of the project's secrets.
 *
 * @throws RocketpayError with `outcome: 'untrusted'`.
 */
export function readSigned(message: string | Uint8Array, secrets: readonly string[]): JsonObject {
  const parsed = parseJson(typeof message === 'string' ? Buffer.from(message, 'utf8') : message);
  if (!parsed.ok) throw untrusted('unreadable', `The message cannot be read: ${parsed.reason}`);
  const { value } = parsed;
  if (!isJsonObject(value)) throw untrusted('unreadable', 'The message is not a JSON object');
  const signature = textAt(value, 'signature') ?? textAt(objectAt(value, 'general') ?? {}, 'signature');
  if (signature === undefined || signature === '') throw untrusted('unsigned', 'The message has no signature');
  if (!secrets.some((secret) => verifyMessage(value, signature, secret)))
    throw untrusted('wrong_signature', 'The signature does not fit the message');
  return plain(value) as JsonObject;
}

/** Decoded JSON that nobody vouches for, or undefined when it is none. */
export function plainJson(text: string): unknown {
  const parsed = parseJson(Buffer.from(text, 'utf8'));
  return parsed.ok ? plain(parsed.value) : undefined;
}

/** Integers too large for a JavaScript number become their digits, so that no id is ever rounded. */
function plain(value: unknown): unknown {
  if (value instanceof NumberText) {
    const number = Number(value.source);
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? value.source : number;
  }
  if (Array.isArray(value)) return value.map(plain);
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]))
    : value;
}
