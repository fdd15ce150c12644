import type { JsonObject } from '../json.ts';
import { base64Of, bytesOfBase64, bytesOfHex, encodings, hmacOf } from './keyed.ts';
import type { Hash } from './keyed.ts';
import { mistakesOf } from './mistakes.ts';
import type { Mistake } from './mistakes.ts';
import type { TextToSign } from './texts.ts';

export type Verdict =
  /** The platform takes it; `at` is the text that it fits. */
  | { readonly kind: 'match'; readonly at: number }
  /** It does not; `causes` is what was found, and may be empty. */
  | { readonly kind: 'mismatch'; readonly causes: readonly string[] }
  /** There is no signature, or no secret to check it with. */
  | { readonly kind: 'unchecked'; readonly why: string };

/** Whether the signature is one that the platform takes, and if not, what went wrong. */
export async function judge(
  body: JsonObject,
  sent: string,
  given: string | undefined,
  secret: string | undefined,
  texts: readonly TextToSign[],
  signatures: readonly string[] | undefined,
): Promise<Verdict> {
  if (given === undefined) return { kind: 'unchecked', why: 'There is no signature to check.' };
  if (secret === undefined || signatures === undefined)
    return { kind: 'unchecked', why: 'Without the secret nobody can say whether it fits.' };
  const at = signatures.indexOf(given);
  if (at >= 0) return { kind: 'match', at };
  const [right = ''] = texts.map(({ text }) => text);
  const causes = [
    ...(await wrongKind(given, secret, right)),
    ...(await wrongSecret(given, secret, right)),
    ...(await wrongText(given, secret, mistakesOf(body, sent))),
  ];
  return { kind: 'mismatch', causes: [...new Set(causes)] };
}

const hashes: readonly Hash[] = ['SHA-512', 'SHA-256', 'SHA-384', 'SHA-1'];

/** The right text and secret, with another hash or written in another way. */
async function wrongKind(given: string, secret: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const hash of hashes) {
    const bytes = await hmacOf(hash, secret, text);
    // Spellings that come to the same text are told once, as the plainest of them.
    const seen = new Set<string>();
    for (const { write, words } of encodings) {
      const written = write(bytes);
      if (written !== given || seen.has(written)) continue;
      seen.add(written);
      const isHash = hash === 'SHA-512' ? undefined : `made with HMAC-${hash} instead of HMAC-SHA-512`;
      found.push(`The text is right; the signature is ${[isHash, words].filter(Boolean).join(', ')}.`);
    }
  }
  return found;
}

async function wrongSecret(given: string, secret: string, text: string): Promise<string[]> {
  const others: { secret: string | Uint8Array<ArrayBuffer>; says: string }[] = [
    { secret: `${secret}\n`, says: 'a line end was part of the secret' },
    { secret: secret.trim(), says: 'white space around the secret given here was not part of it' },
  ];
  if (/^(?:[0-9a-f]{2})+$/i.test(secret))
    others.push({ secret: bytesOfHex(secret), says: 'the secret was decoded from hex; it is used as text' });
  if (/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret))
    others.push({
      secret: bytesOfBase64(secret),
      says: 'the secret was decoded from base64; it is used as text',
    });
  const found: string[] = [];
  for (const other of others)
    if (
      other.secret.length > 0 &&
      other.secret !== secret &&
      base64Of(await hmacOf('SHA-512', other.secret, text)) === given
    )
      found.push(`The text is right; ${other.says}.`);
  return found;
}

async function wrongText(given: string, secret: string, mistakes: readonly Mistake[]): Promise<string[]> {
  const found: string[] = [];
  for (const { text, says } of mistakes) {
    const bytes = await hmacOf('SHA-512', secret, text);
    const encoding = encodings.find(({ write }) => write(bytes) === given);
    if (encoding)
      found.push(
        `${says.charAt(0).toUpperCase()}${says.slice(1)}${encoding.words === undefined ? '' : `, and the signature is ${encoding.words}`}.`,
      );
  }
  return found;
}
